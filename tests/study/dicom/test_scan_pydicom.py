"""Files out of the ordinary: enhanced, big endian and deflated ones, within caps."""

from __future__ import annotations

import struct
import tracemalloc
import zlib
from pathlib import Path

from pydicom.dataset import Dataset
from tests.study.conftest import axial_slice
from tests.study.dicom.test_scan import encoded, fault_of, head, scan

from lumbargrade.study.dicom.enhanced import is_enhanced
from lumbargrade.study.dicom.scan_pydicom import MAX_HEADER_BYTES
from lumbargrade.study.dicom.scanned import Fault


def test_functional_groups_are_kept(tmp_path: Path) -> None:
    dataset = axial_slice(SharedFunctionalGroupsSequence=[Dataset()])
    assert is_enhanced(scan(encoded(dataset), tmp_path).header)


def test_nesting_that_pydicom_must_read_is_damaged(tmp_path: Path) -> None:
    sequence = struct.pack(">HH2sHI", 0x5200, 0x9229, b"SQ", 0, 0xFFFFFFFF)
    item = struct.pack(">HHI", 0xFFFE, 0xE000, 0xFFFFFFFF)
    data = head((sequence + item) * 2000, b"1.2.840.10008.1.2.2\x00")
    assert fault_of(data, tmp_path) is Fault.DAMAGED


def deflated(body: bytes) -> bytes:
    engine = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    return head(engine.compress(body) + engine.flush(), b"1.2.840.10008.1.2.1.99")


def test_a_deflated_bomb_is_inflated_to_the_cap_only(tmp_path: Path) -> None:
    bomb = deflated(struct.pack("<HH2sHI", 8, 0x1030, b"UT", 0, 0xFFFFFF00) + bytes(200_000_000))
    tracemalloc.start()
    assert fault_of(bomb, tmp_path) is Fault.TOO_LONG
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 * MAX_HEADER_BYTES


def test_damaged_deflated_bytes_are_a_fault(tmp_path: Path) -> None:
    assert fault_of(head(b"\xff" * 50, b"1.2.840.10008.1.2.1.99"), tmp_path) is Fault.DAMAGED
