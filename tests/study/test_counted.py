"""Headers with more elements than any scanner writes, in whatever way they are nested."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from pydicom.uid import DeflatedExplicitVRLittleEndian
from tests.study.conftest import axial_slice, fails, reasons

from lumbargrade.errors import OverBudgetError
from lumbargrade.study.counted import CountedBytes, TooManyElementsError
from lumbargrade.study.limits import Budget
from lumbargrade.study.read import ReadOptions, read_study

Folder = Callable[..., Path]

FEW = ReadOptions(max_elements=500)
WORDS = "the header holds more than 500 elements, which no scanner writes"
ITEM = struct.pack("<HHI", 0xFFFE, 0xE000, 0xFFFFFFFF)
ITEM_END, SEQUENCE_END = (struct.pack("<HHI", 0xFFFE, end, 0) for end in (0xE00D, 0xE0DD))
EMPTY_ITEM = struct.pack("<HHI", 0xFFFE, 0xE000, 0)


def sequence(vr: bytes, tag: tuple[int, int], inside: bytes, length: int = 0xFFFFFFFF) -> bytes:
    return struct.pack("<HH2sHI", *tag, vr, 0, length) + inside


HOSTILE = {
    "the same element": b"\xdf\x7f\x10\x00LO\x00\x00" * 600,
    "items": sequence(b"SQ", (0x0040, 0x0275), (ITEM + ITEM_END) * 300 + SEQUENCE_END),
    "private items": sequence(b"UN", (0x0041, 0x1010), (ITEM + ITEM_END) * 300 + SEQUENCE_END),
    "nested": sequence(b"SQ", (0x0040, 0x0275), ITEM) * 290,
    "frames": sequence(b"SQ", (0x5200, 0x9230), EMPTY_ITEM * 600, 600 * 8),
}


def with_elements(folder: Path, elements: bytes) -> Path:
    """Put elements before Pixel Data of the only file."""
    file = folder / "0000"
    data = file.read_bytes()
    place = data.index(b"\xe0\x7f\x10\x00O")
    file.write_bytes(data[:place] + elements + data[place:])
    return folder


@pytest.mark.parametrize("elements", HOSTILE.values(), ids=HOSTILE)
def test_too_many_elements_are_refused(study_folder: Folder, elements: bytes) -> None:
    folder = with_elements(study_folder(axial_slice()), elements)
    assert WORDS in fails(folder, FEW)


def test_a_deflated_file_is_inflated_no_further_than_is_believed(study_folder: Folder) -> None:
    dataset = axial_slice()
    dataset.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    folder = study_folder(dataset)
    data = (folder / "0000").read_bytes()
    place = data.index(zlib_start(data))
    body = zlib.decompressobj(-15).decompress(data[place:])
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(body + b"\xdf\x7f\x10\x00LO\x00\x00" * 200_000) + packer.flush()
    (folder / "0000").write_bytes(data[:place] + packed)
    options = ReadOptions(max_small_bytes=1024 * 1024)
    assert "the deflated DICOM file unpacks to more than 1 MB" in fails(folder, options)
    assert WORDS in fails(folder, FEW)


def zlib_start(data: bytes) -> bytes:
    """Return the first packed bytes: what follows the file meta information."""
    from lumbargrade.study.dicom.parse import read_file_meta

    return data[read_file_meta(data)[1] :][:64]


def test_the_elements_of_a_study_are_counted_together(study_folder: Folder) -> None:
    folder = study_folder(*(axial_slice(number) for number in range(1, 9)))
    assert len(read_study(folder).series[0].slices) == 8
    with pytest.raises(OverBudgetError, match=r"000\d: the headers of the study hold more than 3"):
        read_study(folder, ReadOptions(max_total_elements=300))


def test_long_headers_are_fewer_than_short_ones(study_folder: Folder) -> None:
    slices = [axial_slice(number) for number in range(1, 9)]
    long = study_folder(*slices)
    with_elements(long, b"\xdf\x7f\x10\x00LO\x00\x00" * 9000)
    assert len(read_study(long, ReadOptions(max_spare_elements=9000)).series[0].slices) == 8
    with pytest.raises(
        OverBudgetError, match=r"0000: the headers of the study hold more than 9000"
    ):
        read_study(long, ReadOptions(max_spare_elements=8000))


def test_an_item_counts_as_four_elements() -> None:
    file = CountedBytes(ITEM + ITEM_END + bytes.fromhex("fffee00000000000"), 100)
    counts = []
    for _ in range(3):
        file.read(8)
        counts.append(file.elements)
    assert counts == [4, 5, 9]


def test_one_header_too_many_is_left_out_alone(study_folder: Folder) -> None:
    long = axial_slice(2)
    for number in range(300):
        long.private_block(0x0041, "X", create=True).add_new(number % 200 + 1, "LO", "x")
    folder = study_folder(axial_slice(1), long)
    study = read_study(folder, ReadOptions(max_elements=200))
    assert [one.source_file for one in study.series[0].slices] == ["0000"]
    assert "the header holds more than 200 elements" in reasons(study)["0001"]


def test_reads_are_counted_and_long_values_are_views() -> None:
    data = bytes(range(256)) * 400
    file = CountedBytes(data, 2)
    assert file.read(8) == data[:8]
    view: object = file.read(70_000)
    assert isinstance(view, memoryview)
    assert view.tobytes() == data[8:70_008]
    assert file.tell() == 70_008
    assert bytes(file.read(100_000)) == data[70_008:]
    file.seek(0)
    file.read(4)
    with pytest.raises(TooManyElementsError):
        file.read(8)
    assert file.elements == 3
    assert Budget(ReadOptions()).elements == 0
