"""From paths to the bytes of each file: folders, single files and zips, each read once."""

from __future__ import annotations

import io
import os
import stat
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from lumbargrade.errors import StudyError
from lumbargrade.files.unzip import UnzipError, ZipCaps, ZipMember, opened_zip
from lumbargrade.grading.finding import NotGraded
from lumbargrade.study.limits import Budget

SNIFF_BYTES = 512


class Kind(Enum):
    """What a file is, by its first bytes; suffixes say nothing."""

    DICOM = "DICOM"
    PICTURE = "picture"
    NIFTI = "NIfTI"
    ZIP = "zip"
    OTHER = "other"


@dataclass(frozen=True)
class SourceFile:
    """One file in memory. ``name`` is for people: it is never opened."""

    name: str
    kind: Kind
    data: bytes


def shown(text: str, limit: int = 200) -> str:
    """Return foreign text as one printable line of limited length."""
    line = "".join(char if char.isprintable() else "?" for char in text)
    return line if len(line) <= limit else line[: limit - 3] + "..."


def kind_of(head: bytes) -> Kind:
    """Tell the kind of a file from its first 512 bytes or so."""
    if head[128:132] == b"DICM" or _bare_dicom(head):
        return Kind.DICOM
    if head[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return Kind.ZIP
    if head[:8] == b"\x89PNG\r\n\x1a\n" or head[:3] == b"\xff\xd8\xff":
        return Kind.PICTURE
    if head[:4] in (b"II*\x00", b"MM\x00*"):
        return Kind.PICTURE
    if head[344:348] in (b"n+1\x00", b"ni1\x00") or head[:2] == b"\x1f\x8b":
        return Kind.NIFTI
    return Kind.OTHER


def _bare_dicom(head: bytes) -> bool:
    """Old files lack the preamble and begin with group 0002 or 0008 (little endian)."""
    if len(head) < 4:
        return False
    group, element = struct.unpack_from("<HH", head)
    return group in (2, 8) and element in (0, 1, 2, 5, 8)


def read_sources(paths: Sequence[Path], budget: Budget) -> Iterator[SourceFile | NotGraded]:
    """Yield every file under ``paths``, in the order of names.

    A folder inside that cannot be listed comes as a file that cannot be read. Raises StudyError if
    a path does not exist or cannot be listed, a zip that was given by name cannot be opened, or all
    files together are over a cap.
    """
    for path in paths:
        try:
            is_folder, is_there = path.is_dir(), path.exists()
        except (OSError, ValueError) as error:
            raise StudyError(f"{shown(str(path))}: cannot be opened: {_why(error)}") from None
        if not is_there:
            raise StudyError(f"{shown(str(path))}: no such file or folder: check the path")
        if is_folder:
            files, closed = _files_below(path, budget)
            for file in files:
                yield from _read_file(file, _named(file, path), budget)
            for folder, reason in closed:
                yield NotGraded(_named(folder, path), reason)
        else:
            yield from _read_given(path, budget)


def _named(path: Path, folder: Path) -> str:
    return shown(path.relative_to(folder).as_posix())


def _files_below(folder: Path, budget: Budget) -> tuple[list[Path], list[tuple[Path, str]]]:
    """Return the files of a folder tree in order of names, and the folders that stay closed.

    Links to folders are among these: they may lead anywhere, and round in circles.
    """
    files: list[Path] = []
    closed: list[tuple[Path, str]] = []

    def leave_out(error: OSError) -> None:
        reason = f"the folder cannot be listed: {_why(error)}"
        if Path(error.filename) == folder:
            raise StudyError(f"{shown(str(folder))}: {reason}") from None
        closed.append((Path(error.filename), reason))

    for place, inner, names in os.walk(folder, onerror=leave_out):
        files += [Path(place, name) for name in names]
        links = [Path(place, name) for name in inner if os.path.islink(Path(place, name))]
        closed += [(link, "a link to a folder is not followed: give that folder") for link in links]
        budget.check_count(shown(str(folder)), len(files))
    return sorted(files), sorted(closed)


def _read_given(path: Path, budget: Budget) -> Iterator[SourceFile | NotGraded]:
    """Read a file that the user named: a bad zip is an error, not a left-out file."""
    for found in _read_file(path, shown(path.name), budget):
        named_zip = path.suffix.lower() == ".zip"
        if named_zip and isinstance(found, SourceFile) and found.name == shown(path.name):
            raise StudyError(
                f"{shown(str(path))}: not a readable zip: the file is damaged or not a zip: "
                "pack it again, or give the unpacked folder"
            )
        if isinstance(found, NotGraded) and found.what == shown(path.name):
            raise StudyError(f"{shown(str(path))}: {found.reason}")
        yield found


def _read_file(path: Path, name: str, budget: Budget) -> Iterator[SourceFile | NotGraded]:
    budget.take_file(name)
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            yield NotGraded(name, "not a regular file")
            return
        budget.check_size(status.st_size)
        with path.open("rb") as file:
            head = file.read(SNIFF_BYTES)
            kind = kind_of(head)
            # A file of no known kind is not read further than its head.
            data = head if kind is Kind.OTHER else head + file.read(budget.options.max_file_bytes)
    except OSError as error:
        yield NotGraded(name, f"the file cannot be read: {_why(error)}")
        return
    except StudyError as error:
        yield NotGraded(name, str(error))
        return
    if kind is Kind.ZIP:
        yield from _read_zip(data, name, budget)
    else:
        budget.take_bytes(name, len(data))
        yield SourceFile(name, kind, data)


def _read_zip(data: bytes, name: str, budget: Budget) -> Iterator[SourceFile | NotGraded]:
    most = budget.options
    caps = ZipCaps(most.max_files, most.max_file_bytes, most.max_total_bytes, most.max_zip_ratio)
    try:
        with opened_zip(io.BytesIO(data), caps) as members:
            for member in members:
                inner = f"{name}:{shown(member.name)}"
                budget.take_file(inner)
                yield _read_member(member, inner, budget)
    except UnzipError as error:
        yield NotGraded(name, f"{error}: pack it again, or give the unpacked folder of one study")


def _read_member(member: ZipMember, name: str, budget: Budget) -> SourceFile | NotGraded:
    try:
        content = member.read()
    except UnzipError as error:
        return NotGraded(name, str(error))
    kind = kind_of(content[:SNIFF_BYTES])
    if kind is Kind.ZIP:
        return NotGraded(name, "nested zip, not opened: unpack it first")
    budget.take_bytes(name, len(content))
    return SourceFile(name, kind, content)


def _why(error: Exception) -> str:
    return shown(getattr(error, "strerror", None) or str(error))
