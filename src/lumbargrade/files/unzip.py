"""Zips read file by file, with caps; names are labels, and nothing is written to disk."""

from __future__ import annotations

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

_CAPPED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""What ``zipfile`` unpacks no further than it is asked to: 7 kB of bzip2 can hold 10 GB."""
_DAMAGED = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError)
"""What is raised on damaged bytes."""


class UnzipError(Exception):
    """A zip or a file of it cannot be unpacked. The text says why, but not what to do."""


@dataclass(frozen=True)
class ZipCaps:
    """What a zip may hold: files, bytes of one file and of all, unpacked.

    ``ratio`` is the largest compression that is believed.
    """

    files: int
    file_bytes: int
    total_bytes: int
    ratio: int = 200


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
        raise UnzipError(
            f"compressed {ratio:.0f} times ({caps.ratio} is allowed), like a zip bomb: "
            "give the unpacked folder"
        )
    try:
        with archive.open(info) as file:
            # zipfile stops at the declared size, which was checked above.
            return file.read(info.file_size)
    except _DAMAGED as error:
        raise UnzipError(f"damaged inside the zip ({_short(error)}): pack it again") from None


def _too_large(size: int, allowed: int) -> str:
    return f"unpacks to {size / _MEGABYTE:.0f} MB ({allowed / _MEGABYTE:.0f} MB is allowed)"


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:80] or type(error).__name__
