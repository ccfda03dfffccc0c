"""From the bytes of a DICOM file to its header: caps first, parsing second."""

from __future__ import annotations

import io
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
from lumbargrade.study.header import TAGS, Header
from lumbargrade.study.limits import ReadOptions

_LONG_VR = {vr.encode() for vr in EXPLICIT_VR_LENGTH_32}


@dataclass(frozen=True)
class Parsed:
    """A header and how its file is encoded.

    ``truncated`` says that the last element claims more bytes than the file holds.
    """

    header: Header
    syntax: UID
    truncated: bool


def parse(data: bytes, options: ReadOptions) -> Parsed:
    """Split a DICOM file into elements.

    Raises StudyError if the file is not DICOM, damaged, or deflated beyond the cap. The message
    does not name the file.
    """
    syntax, body = _file_meta(data)
    if syntax == DeflatedExplicitVRLittleEndian:
        limit, syntax = options.max_inflated_bytes, ExplicitVRLittleEndian
        body = inflate(body, limit, DEFLATE, "deflated DICOM file", StudyError)
    implicit = syntax == ImplicitVRLittleEndian
    little = syntax != ExplicitVRBigEndian
    try:
        dataset = read_dataset(io.BytesIO(body), implicit, little)
        header = Header(dataset, little)
        truncated = header.ends_at() > len(body)
    except RecursionError:
        raise StudyError("damaged DICOM file: sequences nested too deep: export it again") from None
    except Exception as error:  # a hostile file raises anything, and is left out for it
        raise StudyError(f"damaged DICOM file ({type(error).__name__}): export it again") from None
    return Parsed(header, syntax, truncated)


def read_file_meta(data: bytes) -> tuple[str, int]:
    """Return the Transfer Syntax UID (empty if not said) and where the dataset begins.

    ``data`` begins as the file does, and may end within the file meta information.
    """
    start = 132 if data[128:132] == b"DICM" else 0
    place, syntax = start, ""
    while data[place : place + 2] == b"\x02\x00" and place + 8 <= len(data):
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


def _file_meta(data: bytes) -> tuple[UID, bytes]:
    """Return the transfer syntax and what follows the file meta information."""
    syntax, place = read_file_meta(data)
    body = data[place:]
    if syntax:
        uid = UID(syntax)
        if not (uid.is_transfer_syntax and not uid.is_private):
            raise StudyError("unknown transfer syntax: export it as uncompressed DICOM")
        return uid, body
    if len(body) < 8:
        raise StudyError(
            "damaged DICOM file: it ends within its header (truncated): copy or export it again"
        )
    return (ExplicitVRLittleEndian if looks_explicit(body) else ImplicitVRLittleEndian), body
