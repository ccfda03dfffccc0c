"""The header of a DICOM file without its pixels: few bytes read, most of them skipped.

An archive is millions of headers, and pydicom takes some 0.4 ms for each. This scanner
walks over the elements of little endian files, with explicit or implicit VR, keeps those
of ``WANTED``, and leaves whatever is out of the ordinary (deflated, big endian, enhanced
multi-frame, odd VRs) to ``header_pydicom``. It never recurses and trusts no length.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import Any

from pydicom.charset import convert_encodings
from pydicom.dataelem import RawDataElement, convert_raw_data_element
from pydicom.tag import BaseTag
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

from lumbargrade.study.header import Header
from lumbargrade.study.header_pydicom import header_by_pydicom
from lumbargrade.study.parse import looks_explicit, read_file_meta
from lumbargrade.study.scanned import (
    ENCAPSULATED,
    FUNCTIONAL_GROUPS,
    PIXEL_DATA,
    UNDEFINED,
    Fault,
    ScanError,
    ScannedFile,
)
from lumbargrade.study.sources import SNIFF_BYTES, Kind, kind_of

CHUNK_BYTES = 8192
"""Read at once: the header of most MR slices fits."""
MAX_VALUE_BYTES = 65_536
"""No element that is wanted is longer by the standard; a longer one is not read."""
MAX_ELEMENTS = 200_000

_CHARSET = 0x00080005
_DELIMITERS, _ITEM, _ITEM_END, _SEQUENCE_END = 0xFFFE0000, 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD
_LONG = frozenset(b"OB OD OF OL OV OW SQ SV UC UN UR UT UV".split())
_SHORT = frozenset(b"AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US".split())
_explicit = struct.Struct("<HH2sH").unpack_from
_implicit = struct.Struct("<HHI").unpack_from
_length = struct.Struct("<I").unpack_from


class _Odd(Exception):  # noqa: N818  (no error: the way to pydicom)
    """The file is nothing for the quick scanner."""


class _Elements(dict[int, RawDataElement]):
    """The elements that were kept, in the shape of a pydicom dataset."""

    def get_item(self, tag: int, /) -> RawDataElement:
        return dict.__getitem__(self, tag)

    def __getitem__(self, tag: int, /) -> Any:
        """Return the decoded element; only texts that are not ASCII are asked for here."""
        stored = self.get_item(_CHARSET).value if _CHARSET in self else None
        names = (stored or b"").decode("ascii", "replace").strip(" \x00").split("\\")
        return convert_raw_data_element(self.get_item(tag), encoding=convert_encodings(names))

    def keys(self) -> Any:
        return super().keys()


def scan_header(descriptor: int, size_bytes: int, wanted: AbstractSet[int]) -> ScannedFile:
    """Read the header of an open regular file; its position is left where it is.

    Parameters
    ----------
    wanted : tags of elements outside of sequences that are kept.

    Raises
    ------
    ScanError
        If it is not DICOM, or its header is damaged or beyond the caps.
    OSError
        If it cannot be read.
    """
    first = os.pread(descriptor, CHUNK_BYTES, 0)
    _check_kind(first)
    syntax, place = read_file_meta(first)
    if not syntax:
        explicit = looks_explicit(first[place : place + 8])
        syntax = str(ExplicitVRLittleEndian if explicit else ImplicitVRLittleEndian)
    elif not _is_known(syntax):
        raise ScanError(Fault.UNKNOWN_SYNTAX)
    try:
        if syntax in (DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian):
            raise _Odd
        implicit = syntax == ImplicitVRLittleEndian
        return _Scanner(descriptor, size_bytes, first, implicit).scan(place, wanted, syntax)
    except _Odd:
        return header_by_pydicom(descriptor, size_bytes, place, UID(syntax), wanted)


def _check_kind(first: bytes) -> None:
    if not first:
        raise ScanError(Fault.EMPTY)
    kind = kind_of(first[:SNIFF_BYTES])
    if kind is not Kind.DICOM:
        raise ScanError(Fault.ZIP if kind is Kind.ZIP else Fault.NOT_DICOM)


@lru_cache(maxsize=256)
def _is_known(syntax: str) -> bool:
    uid = UID(syntax)
    return bool(uid.is_transfer_syntax and not uid.is_private)


class _Scanner:
    """One pass over a file, through a window that moves with it."""

    def __init__(self, descriptor: int, size_bytes: int, first: bytes, implicit: bool) -> None:
        self._descriptor, self._size, self._implicit = descriptor, size_bytes, implicit
        self._data, self._base = first, 0

    def scan(self, start: int, wanted: AbstractSet[int], syntax: str) -> ScannedFile:
        """Walk over the elements from offset ``start`` in the file."""
        kept, at, depth = _Elements(), start, 0
        for _ in range(MAX_ELEMENTS):
            at = self._reach(at)
            if at + 8 > len(self._data):  # the end of the file
                truncated = depth > 0 or self._base + at != self._size
                return ScannedFile(Header(kept, True), syntax, None, truncated)
            tag, vr, length, at = self._head(at)
            if tag >= _DELIMITERS:
                step, deeper = _step_over(tag, length, depth)
                at, depth = at + step, depth + deeper
            elif depth == 0 and tag == PIXEL_DATA:
                return self._with_pixels(kept, syntax, at, length)
            elif length == UNDEFINED:
                depth += 1
            else:
                if depth == 0 and tag in wanted:
                    kept[tag] = self._element(tag, vr, at, length)
                at += length
        raise ScanError(Fault.TOO_LONG)

    def _reach(self, at: int) -> int:
        """Move the window so that it holds the head of an element at ``at``."""
        if at + 12 <= len(self._data):
            return at
        where = self._base + at
        if where + 8 > self._size:
            return at
        self._data, self._base = os.pread(self._descriptor, CHUNK_BYTES, where), where
        return 0

    def _head(self, at: int) -> tuple[int, bytes | None, int, int]:
        """Return tag, VR, length, and where the value begins."""
        group, element, length = _implicit(self._data, at)
        tag: int = group << 16 | element
        if tag in FUNCTIONAL_GROUPS:
            raise _Odd
        if self._implicit or tag >= _DELIMITERS:
            return tag, None, length, at + 8
        _, _, vr, length = _explicit(self._data, at)
        if vr in _SHORT:
            return tag, vr, length, at + 8
        if vr not in _LONG or at + 12 > len(self._data):
            raise _Odd
        (length,) = _length(self._data, at + 8)
        if vr == b"UN" and length == UNDEFINED:
            raise _Odd  # implicit VR within
        return tag, vr, length, at + 12

    def _element(self, tag: int, vr: bytes | None, at: int, length: int) -> RawDataElement:
        if length > MAX_VALUE_BYTES:
            value = b""
        elif at + length <= len(self._data):
            value = self._data[at : at + length]
        else:
            value = os.pread(self._descriptor, length, self._base + at)
        name = vr.decode("ascii") if vr else None
        return RawDataElement(BaseTag(tag), name, length, value, 0, self._implicit, True)

    def _with_pixels(self, kept: _Elements, syntax: str, at: int, length: int) -> ScannedFile:
        if length == UNDEFINED:
            return ScannedFile(Header(kept, True), syntax, ENCAPSULATED, False)
        truncated = self._base + at + length > self._size
        return ScannedFile(Header(kept, True), syntax, length, truncated)


def _step_over(tag: int, length: int, depth: int) -> tuple[int, int]:
    """Return how far to go on after the head of a delimiter, and the change of depth."""
    if depth == 0:
        raise _Odd
    if tag == _ITEM:
        return (0, 1) if length == UNDEFINED else (length, 0)
    if tag in (_ITEM_END, _SEQUENCE_END):
        return 0, -1
    raise _Odd
