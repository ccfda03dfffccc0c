"""The header of a DICOM file without its pixels: few bytes read, most of them skipped.

An archive is millions of headers, and pydicom takes some 0.4 ms for each. This scanner
walks over the elements of little endian files, with explicit or implicit VR, keeps those
of ``WANTED``, and leaves whatever is out of the ordinary (deflated, big endian, enhanced
multi-frame, odd VRs) to ``scan_pydicom``. It never recurses and trusts no length.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from pydicom.charset import convert_encodings
from pydicom.config import IGNORE
from pydicom.dataelem import RawDataElement, convert_raw_data_element
from pydicom.tag import BaseTag, ItemDelimiterTag, ItemTag, SequenceDelimiterTag
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)
from pydicom.valuerep import EXPLICIT_VR_LENGTH_16, EXPLICIT_VR_LENGTH_32

from lumbargrade.study.dicom.parse import looks_explicit, read_file_meta
from lumbargrade.study.dicom.scan_pydicom import header_by_pydicom
from lumbargrade.study.dicom.scanned import (
    ENCAPSULATED,
    FUNCTIONAL_GROUPS,
    UNDEFINED,
    Fault,
    ScanError,
    ScannedFile,
)
from lumbargrade.study.header import TAGS, Header
from lumbargrade.study.sources import SNIFF_BYTES, Kind, kind_of

CHUNK_BYTES = 8192
"""Read at once: the header of most MR slices fits."""
MAX_VALUE_BYTES = 65_536
"""No element that is wanted is longer by the standard; a longer one is not read."""
MAX_ELEMENTS = 200_000

_CHARSET = TAGS["SpecificCharacterSet"]
_LONG, _SHORT = (
    {vr.encode(): vr.value for vr in table}
    for table in (EXPLICIT_VR_LENGTH_32, EXPLICIT_VR_LENGTH_16)
)
_explicit = struct.Struct("<I2sH").unpack_from
_explicit_long = struct.Struct("<I2s2xI").unpack_from
_implicit = struct.Struct("<II").unpack_from


def _in_file_order(tag: int) -> int:
    """Return the number that the four bytes of a tag make: element before group."""
    return (tag & 0xFFFF) << 16 | tag >> 16


_PIXELS, *_GROUPS = (_in_file_order(TAGS[name]) for name in ("PixelData", *FUNCTIONAL_GROUPS))
_ITEM, _ITEM_END, _SEQUENCE_END = map(
    _in_file_order, (ItemTag, ItemDelimiterTag, SequenceDelimiterTag)
)
_ENDS = (_ITEM_END, _SEQUENCE_END)


class _Odd(Exception):  # noqa: N818  (no error: the way to pydicom)
    """The file is nothing for the quick scanner."""


class _Stored(NamedTuple):
    """An element as stored; the names are pydicom's."""

    VR: str | None
    value: bytes


class _Elements(dict[int, _Stored]):
    """The elements that were kept, in the shape of a pydicom dataset."""

    get_item = dict.get

    def __getitem__(self, tag: int, /) -> Any:
        """Return the decoded element; only texts that are not ASCII are asked for here."""
        charset = self.get_item(_CHARSET, _Stored(None, b"")).value
        names = charset.decode("ascii", "replace").strip(" \x00").split("\\")
        vr, value = super().__getitem__(tag)
        raw = RawDataElement(BaseTag(tag), vr, len(value), value, 0, vr is None, True)
        return convert_raw_data_element(raw, encoding=convert_encodings(names))


def scan_header(descriptor: int, size_bytes: int, wanted: frozenset[str]) -> ScannedFile:
    """Read the header of an open regular file; its position is left where it is.

    Elements outside of sequences whose keywords are ``wanted`` are kept.

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
        return _Scanner(descriptor, size_bytes, first, implicit).scan(
            place, _wanted_tags(wanted), syntax
        )
    except _Odd:
        return header_by_pydicom(descriptor, size_bytes, place, UID(syntax, IGNORE), wanted)


def _check_kind(first: bytes) -> None:
    if not first:
        raise ScanError(Fault.EMPTY)
    kind = kind_of(first[:SNIFF_BYTES])
    if kind is not Kind.DICOM:
        raise ScanError(Fault.ZIP if kind is Kind.ZIP else Fault.NOT_DICOM)


@lru_cache(maxsize=256)
def _is_known(syntax: str) -> bool:
    uid = UID(syntax, IGNORE)
    return bool(uid.is_transfer_syntax and not uid.is_private)


class _Scanner:
    """One pass over a file, through a window that moves with it."""

    def __init__(self, descriptor: int, size_bytes: int, first: bytes, implicit: bool) -> None:
        self._descriptor, self._size, self._implicit = descriptor, size_bytes, implicit
        self._data, self._base = first, 0

    def scan(self, at: int, wanted: Mapping[int, int], syntax: str) -> ScannedFile:
        """Walk over the elements from offset ``at`` in the file."""
        kept, depth = _Elements(), 0
        short = {} if self._implicit else _SHORT
        data = self._data
        for _ in range(MAX_ELEMENTS):
            if at + 12 > len(data):
                at, data = self._move_window(at), self._data
                if at + 8 > len(data):  # the end of the file
                    truncated = depth > 0 or self._base + at != self._size
                    return ScannedFile(Header(kept, True), syntax, None, truncated)
            # Nine in ten elements have a short VR, and most of them are passed by: a call for the
            # head of each would cost as much as all the rest.
            key, stored, length = _explicit(data, at)
            vr = short.get(stored)
            if vr is None:
                key, vr, length, at = self._head(at)
            else:
                at += 8
                if depth or (key not in wanted and key != _PIXELS):
                    at += length
                    continue
            if depth == 0 and key in wanted:
                kept[wanted[key]] = _Stored(vr, self._value(at, length))
            elif depth == 0 and key == _PIXELS:
                return self._with_pixels(kept, syntax, at, length)
            if length == UNDEFINED or key in _ENDS:
                depth += 1 if length == UNDEFINED else -1
                if depth < 0:
                    raise _Odd
            else:
                at += length
        raise ScanError(Fault.TOO_LONG)

    def _move_window(self, at: int) -> int:
        """Move the window so that it holds the head of the element at ``at``, if there is one."""
        where = self._base + at
        if where + 8 > self._size:
            return at
        self._data, self._base = os.pread(self._descriptor, CHUNK_BYTES, where), where
        return 0

    def _head(self, at: int) -> tuple[int, str | None, int, int]:
        """Return tag, VR, length, and where the value begins, of any element but a short one."""
        if not self._implicit and at + 12 <= len(self._data):
            key, vr, length = _explicit_long(self._data, at)
            if vr in _LONG and key not in _GROUPS:
                if vr == b"UN" and length == UNDEFINED:
                    raise _Odd  # implicit VR within
                return key, _LONG[vr], length, at + 12
        key, length = _implicit(self._data, at)
        if not (self._implicit or key in (_ITEM, *_ENDS)) or key in _GROUPS:
            raise _Odd
        return key, None, length, at + 8

    def _value(self, at: int, length: int) -> bytes:
        if at + length <= len(self._data):
            return self._data[at : at + length]
        if length > MAX_VALUE_BYTES:
            return b""
        return os.pread(self._descriptor, length, self._base + at)

    def _with_pixels(self, kept: _Elements, syntax: str, at: int, length: int) -> ScannedFile:
        if length == UNDEFINED:
            return ScannedFile(Header(kept, True), syntax, ENCAPSULATED, False)
        truncated = self._base + at + length > self._size
        return ScannedFile(Header(kept, True), syntax, length, truncated)


@lru_cache(maxsize=16)
def _wanted_tags(wanted: frozenset[str]) -> dict[int, int]:
    """Return the tags by the number that their four bytes make."""
    return {_in_file_order(TAGS[keyword]): TAGS[keyword] for keyword in wanted}
