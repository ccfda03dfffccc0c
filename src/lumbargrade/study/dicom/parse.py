"""From the bytes of a DICOM file to its header: caps first, parsing second."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from pydicom.filereader import read_dataset
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)
from pydicom.valuerep import EXPLICIT_VR_LENGTH_32

from lumbargrade.errors import StudyError
from lumbargrade.files.inflate import DEFLATE, inflate
from lumbargrade.study.counted import counted
from lumbargrade.study.header import TAGS, Header
from lumbargrade.study.limits import Budget

_LONG_VR = {vr.encode() for vr in EXPLICIT_VR_LENGTH_32}
_MOST_META_ELEMENTS = 1000
"""Group 0002 has some twenty (PS3.10 7.1)."""


@dataclass(frozen=True)
class Parsed:
    """A header and how its file is encoded.

    ``truncated`` says that the last element claims more bytes than the file holds.
    """

    header: Header
    syntax: UID
    truncated: bool


def parse(data: bytes, budget: Budget) -> Parsed:
    """Split a DICOM file into elements; long values are views of ``data``.

    Raises StudyError if the file is not DICOM, damaged, deflated beyond the cap, or holds more
    elements than a header may; OverBudgetError if those of the study are used up. The message does
    not name the file.
    """
    syntax, place = _file_meta(data)
    if syntax == DeflatedExplicitVRLittleEndian:
        limit, syntax = budget.unpacked_bytes(len(data)), ExplicitVRLittleEndian
        data = inflate(data[place:], limit, DEFLATE, "deflated DICOM file", StudyError)
        budget.take_bytes("deflated DICOM files", len(data))
        place = 0
    implicit = syntax == ImplicitVRLittleEndian
    little = syntax != ExplicitVRBigEndian
    with counted(data, budget, place) as file:
        try:
            dataset = read_dataset(file, implicit, little)
            header = Header(dataset, little, budget)
            truncated = header.ends_at() > len(data)
        except RecursionError:
            raise StudyError(
                "damaged DICOM file: sequences nested too deep: export it again"
            ) from None
        except Exception as error:  # a hostile file raises anything, and is left out for it
            raise StudyError(
                f"damaged DICOM file ({type(error).__name__}): export it again"
            ) from None
    return Parsed(header, syntax, truncated)


def read_file_meta(data: bytes) -> tuple[str, int]:
    """Return the Transfer Syntax UID (empty if not said) and where the dataset begins.

    ``data`` begins as the file does, and may end within the file meta information.
    """
    start = 132 if data[128:132] == b"DICM" else 0
    place, syntax = start, ""
    for _ in range(_MOST_META_ELEMENTS):
        if data[place : place + 2] != b"\x02\x00" or place + 8 > len(data):
            break
        group, element, vr, length = struct.unpack_from("<HH2sH", data, place)
        place += 8
        if vr in _LONG_VR:
            if place + 4 > len(data):
                break
            (length,) = struct.unpack_from("<I", data, place)
            place += 4
        if group << 16 | element == TAGS["TransferSyntaxUID"]:
            syntax = data[place : place + length].decode("ascii", "replace").strip(" \x00")
        place += length
    return syntax, place


def looks_explicit(element: bytes) -> bool:
    """Return whether the first bytes of an element spell a VR after its tag."""
    return element[4:6].isalpha() and element[4:6].isupper()


def _file_meta(data: bytes) -> tuple[UID, int]:
    """Return the transfer syntax and where the dataset begins."""
    syntax, place = read_file_meta(data)
    if syntax:
        uid = UID(syntax)
        if not (uid.is_transfer_syntax and not uid.is_private):
            raise StudyError("unknown transfer syntax: export it as uncompressed DICOM")
        return uid, place
    if len(data) - place < 8:
        raise StudyError(
            "damaged DICOM file: it ends within its header (truncated): copy or export it again"
        )
    return (
        ExplicitVRLittleEndian
        if looks_explicit(data[place : place + 8])
        else ImplicitVRLittleEndian
    ), place
