"""Header elements without trust: what is malformed is not there."""

from __future__ import annotations

import struct

import pytest
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.tag import Tag

from lumbargrade.study.header import Header

NAME = "PixelSpacing"


def header(value: bytes | None, vr: str | None = "DS", little: bool = True) -> Header:
    dataset = Dataset()
    length = len(value or b"")
    dataset[NAME] = RawDataElement(Tag(NAME), vr, length, value, 0, vr is None, little)
    return Header(dataset, little)


@pytest.mark.parametrize(
    ("value", "numbers"),
    [
        (b"0.5\\0.75", (0.5, 0.75)),
        (b" 1e-1 \\+2 ", (0.1, 2.0)),
        (b"0.5", None),
        (b"0.5\\", None),
        (b"0.5\\nan", None),
        (b"inf\\1", None),
        (b"1_0\\2", None),
        (b"0,5\\0,5", None),
        (b"\xff\xfe\\1", None),
        (b"", None),
        (None, None),
    ],
)
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_decimal_strings(value: bytes | None, numbers: tuple[float, ...] | None) -> None:
    assert header(value).numbers(NAME, 2) == numbers


@pytest.mark.parametrize(("vr", "little"), [("FD", True), (None, True), ("FD", False)])
def test_doubles_in_any_order(vr: str | None, little: bool) -> None:
    value = struct.pack("<2d" if little else ">2d", 0.5, 97.25)
    assert header(value, vr, little).numbers(NAME, 2) == (0.5, 97.25)


def test_unsigned_shorts() -> None:
    assert header(b"\x01\x02", "US").whole(NAME) == 0x0201
    assert header(b"\x01\x02", "US", little=False).whole(NAME) == 0x0102
    assert header(b"\x01", "US").whole(NAME) is None


def test_text_is_one_printable_line() -> None:
    assert header(b"t2\ntra \x00", "LO").text(NAME) == "t2?tra"
    assert header(b"A\\B ", "CS").texts(NAME) == ("A", "B")
    assert len(header(b"x" * 5000, "LO").text(NAME)) <= 1024


def test_absent_elements() -> None:
    empty = Header(Dataset(), True)
    assert empty.text(NAME) == ""
    assert empty.texts(NAME) == ()
    assert empty.number(NAME) is None
    assert empty.whole(NAME) is None
    assert empty.items(NAME) == []
    assert empty.item(NAME) is None
    assert NAME not in empty
