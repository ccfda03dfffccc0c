"""Zips read file by file, with caps; names are labels, and nothing is written to disk."""

from __future__ import annotations

import os
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO

_MEGABYTE = 1024 * 1024
SMALL_FILE_BYTES = _MEGABYTE
"""Files smaller than this may be compressed beyond the ratio: they cannot hurt."""

SMALL_ZIP_BYTES = 64 * _MEGABYTE
"""A zip that unpacks to no more may be compressed beyond the ratio of the whole."""
_ENTRY_BYTES = 512
"""Of one file in the list at the end of a zip: 46, and its name, which is seldom that long."""
_IN_ZIP64 = 0xFFFFFFFF
"""Stands for a size that is too large for its four bytes."""
_TAIL_BYTES = 66_000
"""The end record, its comment of up to 65,535 bytes, and the records of zip64 before it."""

_CAPPED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""What ``zipfile`` unpacks no further than it is asked to: 7 kB of bzip2 can hold 10 GB."""
_DAMAGED = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError)
"""What is raised on damaged bytes."""


class UnzipError(Exception):
    """A zip or a file of it cannot be unpacked. The text says why, but not what to do."""


@dataclass(frozen=True)
class ZipCaps:
    """What a zip may hold: files, bytes of one file and of all, unpacked.

    ``ratio`` is the largest compression of a file that is believed, ``total_ratio`` that of the
    whole.
    """

    files: int
    file_bytes: int
    total_bytes: int
    ratio: int = 200
    total_ratio: int = 20


@dataclass(frozen=True)
class ZipMember:
    """One file of a zip. ``read`` unpacks it, and raises :class:`UnzipError`."""

    name: str
    read: Callable[[], bytes]


@contextmanager
def opened_zip(source: Path | IO[bytes], caps: ZipCaps) -> Iterator[tuple[ZipMember, ...]]:
    """Yield the files of a zip in the order of their names.

    Raises UnzipError if the zip is damaged, or declares more files or bytes than the caps allow.
    """
    try:
        _check_list(source, caps.files)
        archive = zipfile.ZipFile(source)
    except _DAMAGED as error:
        raise UnzipError(f"not a readable zip ({_short(error)})") from None
    with archive:
        found = (info for info in archive.infolist() if not info.is_dir())
        infos = sorted(found, key=lambda info: info.filename)
        if len(infos) > caps.files:
            raise UnzipError(f"the zip holds {len(infos)} files ({caps.files} is allowed)")
        declared = sum(info.file_size for info in infos)
        if declared > caps.total_bytes:
            raise UnzipError(f"the zip {_too_large(declared, caps.total_bytes)}")
        packed = sum(info.compress_size for info in infos)
        if packed > _size_bytes(archive):
            raise UnzipError("the files of the zip overlap, like those of a zip bomb")
        if declared > max(SMALL_ZIP_BYTES, caps.total_ratio * packed):
            raise UnzipError(
                f"the zip is {_compressed(declared / max(packed, 1), caps.total_ratio)}"
            )
        yield tuple(ZipMember(i.filename, partial(_content, archive, i, caps)) for i in infos)


def flat_names(members: Iterable[ZipMember]) -> dict[str, ZipMember]:
    """Return the name of each file without the one folder that may be around them all.

    Raises UnzipError if a path leads outside or deeper, or two files have one name.
    """
    found: dict[str, ZipMember] = {}
    for member in members:
        path = PurePosixPath(member.name)
        outside = path.is_absolute() or ".." in path.parts or "\\" in member.name
        if outside or not 0 < len(path.parts) <= 2:
            raise UnzipError(f"it holds the path {member.name!r}")
        if path.name in found:
            raise UnzipError(f"it holds {path.name!r} twice")
        found[path.name] = member
    return found


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo, caps: ZipCaps) -> bytes:
    if info.flag_bits & 0x1:
        raise UnzipError("encrypted: unpack the zip with its password first")
    if info.compress_type not in _CAPPED:
        raise UnzipError("packed by another method than deflate: pack the zip again")
    if info.file_size > caps.file_bytes:
        raise UnzipError(f"{_too_large(info.file_size, caps.file_bytes)}: pack smaller files")
    ratio = info.file_size / max(info.compress_size, 1)
    if info.file_size > SMALL_FILE_BYTES and ratio > caps.ratio:
        raise UnzipError(f"{_compressed(ratio, caps.ratio)}: give the unpacked folder")
    try:
        with archive.open(info) as file:
            # zipfile stops at the declared size, which was checked above.
            return file.read(info.file_size)
    except _DAMAGED as error:
        raise UnzipError(f"damaged inside the zip ({_short(error)}): pack it again") from None


def _check_list(source: Path | IO[bytes], most: int) -> None:
    """Raise UnzipError if the list at the end of a zip is longer than that of ``most`` files.

    ``zipfile`` makes an object of every entry before it can be asked for their number.
    """
    if isinstance(source, Path):
        with source.open("rb") as file:
            _check_list(file, most)
        return
    end = source.seek(0, os.SEEK_END)
    source.seek(max(0, end - _TAIL_BYTES))
    tail = source.read(_TAIL_BYTES)
    source.seek(0)
    # Anything that looks like an end record counts: it is not known here which one is taken.
    for mark, at, layout in ((b"PK\5\6", 12, "<I"), (b"PK\6\6", 40, "<Q")):
        place = tail.find(mark)
        while place >= 0:
            where = place + at
            if where + struct.calcsize(layout) <= len(tail):
                (size,) = struct.unpack_from(layout, tail, where)
                if most * _ENTRY_BYTES < size < _IN_ZIP64:
                    raise UnzipError(f"the zip lists more than {most} files")
            place = tail.find(mark, place + 1)


def _size_bytes(archive: zipfile.ZipFile) -> int:
    file = archive.fp
    return 0 if file is None else file.seek(0, os.SEEK_END)


def _compressed(ratio: float, allowed: int) -> str:
    return f"compressed {ratio:.0f} times ({allowed} is allowed), like a zip bomb"


def _too_large(size: int, allowed: int) -> str:
    return f"unpacks to {size / _MEGABYTE:.0f} MB ({allowed / _MEGABYTE:.0f} MB is allowed)"


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:80] or type(error).__name__
