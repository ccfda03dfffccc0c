"""The header of a file that is out of the ordinary, read by pydicom within caps.

Deflated and big endian files, enhanced multi-frame objects, and whatever ``scan``
does not understand.
"""

from __future__ import annotations

import os
from collections.abc import Set as AbstractSet

from pydicom.filereader import read_dataset
from pydicom.tag import BaseTag
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ImplicitVRLittleEndian,
)
from pydicom.valuerep import EXPLICIT_VR_LENGTH_32

from lumbargrade.files.inflate import DEFLATE, inflate_start
from lumbargrade.study.counted import CountedBytes
from lumbargrade.study.dicom.scanned import (
    ENCAPSULATED,
    FUNCTIONAL_GROUPS,
    UNDEFINED,
    Fault,
    ScanError,
    ScannedFile,
)
from lumbargrade.study.header import TAGS, Header
from lumbargrade.study.limits import DEFAULT_OPTIONS

MAX_HEADER_BYTES = 4 * 1024 * 1024
"""Read at most, and of a deflated file inflated at most."""


def header_by_pydicom(
    descriptor: int, size_bytes: int, place: int, syntax: UID, wanted: AbstractSet[str]
) -> ScannedFile:
    """Read the header of an open file whose dataset begins at ``place``.

    Raises ScanError if it is damaged, or longer than ``MAX_HEADER_BYTES``, or of too many elements.
    """
    body = os.pread(descriptor, max(0, min(MAX_HEADER_BYTES, size_bytes - place)), place)
    cut = place + len(body) < size_bytes
    deflated = syntax == DeflatedExplicitVRLittleEndian
    if deflated:
        body, ended = inflate_start(body, MAX_HEADER_BYTES, DEFLATE, ScanError(Fault.DAMAGED))
        cut = not ended
    little, implicit = syntax != ExplicitVRBigEndian, syntax == ImplicitVRLittleEndian
    pixels: list[int] = []  # length of the value, and of what stands before it

    def at_pixels(tag: BaseTag, vr: str | None, length: int) -> bool:
        if tag == TAGS["PixelData"]:
            long_head = not implicit and vr in EXPLICIT_VR_LENGTH_32
            pixels.extend((length, 12 if long_head else 8))
        return bool(pixels)

    most = DEFAULT_OPTIONS.max_elements
    file = CountedBytes(body, most)
    tags: list[BaseTag | int] = [
        BaseTag(TAGS[keyword]) for keyword in (*wanted, *FUNCTIONAL_GROUPS)
    ]
    try:
        dataset = read_dataset(file, implicit, little, stop_when=at_pixels, specific_tags=tags)
        header = Header(dataset, little)
        truncated = header.ends_at() > len(body)
    except Exception:  # a hostile file raises anything, and is left out for it
        fault = Fault.TOO_LONG if file.elements > most else Fault.DAMAGED
        raise ScanError(fault) from None
    if not pixels:
        if cut:
            raise ScanError(Fault.TOO_LONG)
        return ScannedFile(header, str(syntax), None, truncated)
    if pixels[0] == UNDEFINED:
        return ScannedFile(header, str(syntax), ENCAPSULATED, False)
    ends_at = place + file.tell() + pixels[1] + pixels[0]
    return ScannedFile(header, str(syntax), pixels[0], not deflated and ends_at > size_bytes)
