"""Zips read in memory, member by member, with caps; nothing is ever written to disk."""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from lumbargrade.study.limits import MEGABYTE, Budget

_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    OSError,
    EOFError,
    ValueError,
    RuntimeError,
)
"""What the decompressors raise on damaged bytes, each in its own way."""

SMALL_MEMBER = MEGABYTE
"""Members smaller than this may be compressed beyond the ratio: they cannot hurt."""


class ZipError(Exception):
    """A zip as a whole cannot be read; caught in this room and turned into a reason."""


@dataclass(frozen=True)
class Member:
    """One file of a zip: its bytes, or (as text) why they were not read."""

    name: str
    content: bytes | str


def members(data: bytes, budget: Budget) -> Iterator[Member]:
    """Yield the files of a zip in the order of their names.

    Names are only labels: nothing is extracted, so ``../x`` is as harmless as any.

    Raises
    ------
    ZipError
        If the archive is damaged, or declares more files or bytes than the caps allow.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        infos = sorted(
            (info for info in archive.infolist() if not info.is_dir()), key=lambda i: i.filename
        )
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, UnicodeError) as error:
        raise ZipError(
            f"not a readable zip ({_short(error)}): pack it again, or give the unpacked folder"
        ) from None
    options = budget.options
    if len(infos) > options.max_files:
        raise ZipError(
            f"the zip holds {len(infos)} files ({options.max_files} is allowed): "
            "give the folder of one study"
        )
    declared = sum(info.file_size for info in infos)
    if declared > options.max_total_bytes:
        raise ZipError(
            f"the zip unpacks to {declared / MEGABYTE:.0f} MB "
            f"({options.max_total_bytes / MEGABYTE:.0f} MB is allowed): "
            "give the folder of one study"
        )
    with archive:
        for info in infos:
            yield Member(info.filename, _content(archive, info, budget))


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: Budget) -> bytes | str:
    options = budget.options
    if info.flag_bits & 0x1:
        return "encrypted: unpack the zip with its password first"
    if info.file_size > options.max_file_bytes:
        return (
            f"unpacks to {info.file_size / MEGABYTE:.0f} MB "
            f"({options.max_file_bytes / MEGABYTE:.0f} MB is allowed): export single slices"
        )
    ratio = info.file_size / max(info.compress_size, 1)
    if info.file_size > SMALL_MEMBER and ratio > options.max_zip_ratio:
        return (
            f"compressed {ratio:.0f} times ({options.max_zip_ratio} is allowed), like a zip "
            "bomb: give the unpacked folder"
        )
    try:
        with archive.open(info) as file:
            # zipfile stops at the declared size, which was checked above.
            return file.read(info.file_size)
    except _DAMAGED as error:
        return f"damaged inside the zip ({_short(error)}): pack it again"


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:80] or type(error).__name__
