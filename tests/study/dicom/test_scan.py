"""The quick header scanner sees what pydicom sees, and survives what is not DICOM."""

from __future__ import annotations

import contextlib
import io
import os
import random
import struct
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pydicom
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.dataset import Dataset
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
)
from tests.study.conftest import axial_slice

from lumbargrade.study.dicom import scan as header_scan
from lumbargrade.study.dicom.scan import scan_header
from lumbargrade.study.dicom.scanned import ENCAPSULATED, Fault, ScanError, ScannedFile
from lumbargrade.study.header import Header

TEXT, PLACE, CHARSET = "SeriesDescription", "ImagePositionPatient", "SpecificCharacterSet"
WANTED = frozenset((CHARSET, "Modality", TEXT, PLACE, "PixelSpacing", "Rows", "ProtocolName"))
SYNTAXES = (
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    ExplicitVRBigEndian,
    DeflatedExplicitVRLittleEndian,
)


def encoded(dataset: Dataset, syntax: UID = ExplicitVRLittleEndian) -> bytes:
    dataset.file_meta.TransferSyntaxUID = syntax
    if syntax == ExplicitVRBigEndian:
        dataset["PixelData"].VR = "OW"
    buffer = io.BytesIO()
    dataset.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


def scan(data: bytes, folder: Path) -> ScannedFile:
    path = folder / "file"
    path.write_bytes(data)
    descriptor = os.open(path, os.O_RDONLY)
    try:
        return scan_header(descriptor, len(data), WANTED)
    finally:
        os.close(descriptor)


def fault_of(data: bytes, folder: Path) -> Fault:
    with pytest.raises(ScanError, match="export it again as DICOM") as caught:
        scan(data, folder)
    return caught.value.fault


def as_pydicom(data: bytes) -> Header:
    dataset = pydicom.dcmread(io.BytesIO(data))
    return Header(dataset, dataset.original_encoding[1] is True)


@st.composite
def sequences(draw: st.DrawFn, depth: int = 3) -> list[Dataset]:
    items = []
    for _ in range(draw(st.integers(0, 2))):
        item = Dataset()
        item.SeriesDescription = draw(st.sampled_from(["inner", "", "L4/5"]))
        if depth and draw(st.booleans()):
            item.ReferencedImageSequence = draw(sequences(depth - 1))
            item["ReferencedImageSequence"].is_undefined_length = draw(st.booleans())
        item.is_undefined_length_sequence_item = draw(st.booleans())
        items.append(item)
    return items


@st.composite
def datasets(draw: st.DrawFn) -> Dataset:
    dataset = axial_slice()
    dataset.SpecificCharacterSet = draw(st.sampled_from(["ISO_IR 100", "ISO_IR 192"]))
    dataset.SeriesDescription = draw(st.sampled_from(["t2", "", "t2 schr\xe4g", "a" * 63]))
    dataset.ReferencedImageSequence = draw(sequences())
    dataset["ReferencedImageSequence"].is_undefined_length = draw(st.booleans())
    dataset.add_new(0x00290010, "LO", "SOMEBODY")
    dataset.add_new(0x00291010, "OB", bytes(2 * draw(st.sampled_from([0, 5, 4000, 9000]))))
    dataset.add_new(0x00091002, "UN", b"x" * (2 * draw(st.integers(0, 4100))))
    if draw(st.booleans()):
        del dataset.PixelData
    return dataset


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("scan")


@given(datasets(), st.sampled_from(SYNTAXES))
def test_every_wanted_element_is_what_pydicom_reads(
    scratch: Path, dataset: Dataset, syntax: UID
) -> None:
    if syntax == ExplicitVRBigEndian and "PixelData" not in dataset:
        syntax = ExplicitVRLittleEndian
    data = encoded(dataset, syntax)
    found, expected = scan(data, scratch), as_pydicom(data)
    for keyword in WANTED:
        assert (keyword in found.header) == (keyword in expected), keyword
    for keyword in WANTED - {CHARSET}:  # pydicom decodes the character set on the way
        assert found.header.text(keyword) == expected.text(keyword)
    assert found.header.whole("Rows") == 96
    assert found.header.numbers(PLACE, 3) == expected.numbers(PLACE, 3)
    assert found.pixel_bytes == (len(dataset.PixelData) if "PixelData" in dataset else None)
    assert found.syntax == syntax
    assert not found.truncated


@pytest.mark.filterwarnings("ignore::UserWarning")  # pydicom's own
@given(st.integers(0, 2**32), st.sampled_from(SYNTAXES[:3]))
def test_damaged_bytes_are_a_fault_or_a_header(scratch: Path, seed: int, syntax: UID) -> None:
    dealer = random.Random(seed)
    data = bytearray(encoded(axial_slice(), syntax)[:2500])
    for _ in range(dealer.randint(1, 20)):
        data[dealer.randrange(128, len(data))] = dealer.choice((0, 255, dealer.randrange(256)))
    del data[dealer.randrange(200, len(data)) :]
    with contextlib.suppress(ScanError):  # nothing else is raised
        scan(bytes(data), scratch)


def test_a_file_that_is_cut_anywhere_is_never_whole(scratch: Path) -> None:
    data = encoded(axial_slice())
    for end in (*range(132, 900, 7), len(data) - 1):
        try:
            found = scan(data[:end], scratch)
        except ScanError:
            continue
        assert found.truncated or found.pixel_bytes is None


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian])
def test_pydicom_is_not_asked_for_ordinary_files(
    scratch: Path, syntax: UID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(header_scan, "header_by_pydicom")
    dataset = axial_slice(ReferencedImageSequence=[Dataset()])
    dataset["ReferencedImageSequence"].is_undefined_length = True
    assert scan(encoded(dataset, syntax), scratch).header.text(TEXT) == "t2_tse_tra"


def test_pixels_and_long_elements_are_not_read(
    scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = axial_slice()
    dataset.add_new(0x00290010, "LO", "SOMEBODY")
    dataset.add_new(0x00291010, "OB", bytes(4_000_000))
    data = encoded(dataset)
    asked: list[int] = []
    pread = os.pread

    def counted(descriptor: int, length: int, offset: int) -> bytes:
        asked.append(length)
        return pread(descriptor, length, offset)

    monkeypatch.setattr(os, "pread", counted)
    assert scan(data, scratch).pixel_bytes == len(dataset.PixelData)
    assert asked == [header_scan.CHUNK_BYTES] * 2


def test_a_compressed_file_has_pixels_of_unknown_length(scratch: Path) -> None:
    dataset = axial_slice(PixelData=pydicom.encaps.encapsulate([b"1234"]))
    dataset["PixelData"].VR = "OB"
    dataset["PixelData"].is_undefined_length = True
    found = scan(encoded(dataset, JPEG2000Lossless), scratch)
    assert found.pixel_bytes == ENCAPSULATED


def test_pixels_that_end_beyond_the_file_are_truncated(scratch: Path) -> None:
    for syntax in SYNTAXES[:3]:
        data = encoded(axial_slice(), syntax)
        assert not scan(data, scratch).truncated
        found = scan(data[:-1], scratch)
        assert found.truncated, syntax
        assert found.pixel_bytes


def test_a_file_without_preamble_and_meta_is_read(scratch: Path) -> None:
    data = encoded(axial_slice())
    begin = data.index(b"\x08\x00\x08\x00CS")
    assert scan(data[begin:], scratch).header.text("Modality") == "MR"


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", Fault.EMPTY),
        (b"PK\x03\x04" + bytes(100), Fault.ZIP),
        (b"Dear Dr Smith,\n", Fault.NOT_DICOM),
        (bytes(128), Fault.NOT_DICOM),
    ],
)
def test_what_is_no_dicom_is_told_apart(scratch: Path, data: bytes, fault: Fault) -> None:
    assert fault_of(data, scratch) is fault


def test_an_unknown_transfer_syntax_is_a_fault(scratch: Path) -> None:
    data = encoded(axial_slice()).replace(b"1.2.840.10008.1.2.1\x00", b"1.2.840.10008.9.9.9\x00")
    assert fault_of(data, scratch) is Fault.UNKNOWN_SYNTAX


def head(body: bytes, syntax: bytes = b"1.2.840.10008.1.2.1\x00") -> bytes:
    meta = struct.pack("<HH2sH", 2, 0x10, b"UI", len(syntax)) + syntax
    return bytes(128) + b"DICM" + meta + body


@pytest.mark.parametrize("length", [0xFFFFFFFE, 0x7FFFFFFF, 0xFFFFFFFF])
@pytest.mark.parametrize("vr", [b"OB", b"UN", b"SQ", b"UT"])
def test_a_gigantic_length_takes_no_memory(scratch: Path, vr: bytes, length: int) -> None:
    data = head(struct.pack("<HH2sHI", 8, 0x1030, vr, 0, length) + bytes(200))
    tracemalloc.start()
    with contextlib.suppress(ScanError):
        assert scan(data, scratch).pixel_bytes is None
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000


def test_deep_nesting_is_walked_without_recursion(scratch: Path) -> None:
    sequence = struct.pack("<HH2sHI", 8, 0x1140, b"SQ", 0, 0xFFFFFFFF)
    item = struct.pack("<HHI", 0xFFFE, 0xE000, 0xFFFFFFFF)
    ends = struct.pack("<HHIHHI", 0xFFFE, 0xE00D, 0, 0xFFFE, 0xE0DD, 0)
    text = struct.pack("<HH2sH", 0x18, 0x1030, b"LO", 4) + b"name"
    found = scan(head((sequence + item) * 3000 + ends * 3000 + text), scratch)
    assert found.header.text("ProtocolName") == "name"
    assert not found.truncated


def test_millions_of_elements_are_too_long(scratch: Path) -> None:
    element = struct.pack("<HH2sH", 8, 0x1030, b"LO", 0)
    data = head(element * (header_scan.MAX_ELEMENTS + 1))
    assert fault_of(data, scratch) is Fault.TOO_LONG


@pytest.mark.parametrize("make", [bytes, lambda n: b"\xfe\xff\x0d\xe0" * (n // 4)])
def test_nonsense_after_the_meta_is_no_crash(scratch: Path, make: Callable[[int], bytes]) -> None:
    with contextlib.suppress(ScanError):
        assert scan(head(make(64)), scratch).pixel_bytes is None
