"""Header elements without trust: what is malformed is not there."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
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
        (b"0,5\\0,75", (0.5, 0.75)),
        (b"0.5 mm\\,75mm ", (0.5, 0.75)),
        (b"-5,e-1\\75", (-0.5, 75.0)),
        (b"0,5,0,5", None),
        (b"1.000,5\\1", None),
        (b"0.5 cm\\0.5 cm", None),
        (b"mm\\1", None),
        (b",\\1", None),
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


@given(st.lists(st.floats(-1e4, 1e4), min_size=2, max_size=2), st.sampled_from(["", "mm", " mm"]))
def test_a_comma_and_a_unit_change_no_number(values: list[float], unit: str) -> None:
    plain = "\\".join(f"{value:.5f}" for value in values)
    loose = "\\".join(f"{value:.5f}{unit}".replace(".", ",") for value in values)
    assert header(loose.encode()).numbers(NAME, 2) == header(plain.encode()).numbers(NAME, 2)
    assert header(loose.encode()).loosely_written(NAME)
    assert not header(plain.encode()).loosely_written(NAME)
    # Without a VR, text of the length of doubles is still text.
    assert header(loose.encode(), None).numbers(NAME, 2) == header(plain.encode()).numbers(NAME, 2)


def test_doubles_are_not_loosely_written() -> None:
    assert not header(struct.pack("<2d", 0.5, 97.25), "FD").loosely_written(NAME)


def test_unsigned_shorts() -> None:
    assert header(b"\xfe\xff", "SS").whole(NAME, signed=True) == -2
    assert header(b"\xff\xfe", "SS", little=False).whole(NAME, signed=True) == -2
    assert header(b"\xfe\xff", "US").whole(NAME) == 0xFFFE
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
