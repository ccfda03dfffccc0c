"""From paths to the bytes of each file: folders, single files and zips, each read once."""

from __future__ import annotations

import os
import stat
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import partial
from pathlib import Path
from threading import Lock
from typing import BinaryIO

from lumbargrade.errors import StudyError
from lumbargrade.files.unzip import UnzipError, ZipCaps, ZipMember, opened_zip
from lumbargrade.grading.finding import NotGraded
from lumbargrade.study.limits import Budget

SNIFF_BYTES = 512
_LINK = "a link to a folder is not followed: give that folder"


class Kind(Enum):
    """What a file is, by its first bytes; suffixes say nothing."""

    DICOM = "DICOM"
    PICTURE = "picture"
    NIFTI = "NIfTI"
    ZIP = "zip"
    OTHER = "other"


@dataclass(frozen=True)
class SourceFile:
    """One file in memory. ``name`` is for people: it is never opened.

    ``again`` reads the bytes once more, so that ``data`` need not stay in memory; it raises
    StudyError where that fails. None where it cannot.
    """

    name: str
    kind: Kind
    data: bytes
    again: Callable[[], bytes] | None = field(default=None, compare=False)


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
    waiting, folders = [(folder, 0)], 0
    while waiting:
        place, depth = waiting.pop()
        folders += 1
        budget.check_folders(shown(str(folder)), folders)
        try:
            if depth > budget.options.max_depth:
                reason = f"more than {budget.options.max_depth} folders deep: give that folder"
                closed.append((place, reason))
                continue
            with os.scandir(place) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append((Path(entry), depth + 1))
                    elif _leads_to_folder(entry):
                        closed.append((Path(entry), _LINK))
                    else:
                        files.append(Path(entry))
                    # While it is listed: one folder may hold millions.
                    budget.check_count(shown(str(folder)), len(files) + len(closed))
        except OSError as error:
            reason = f"the folder cannot be listed: {_why(error)}"
            if place == folder:
                raise StudyError(f"{shown(str(folder))}: {reason}") from None
            closed.append((place, reason))
    return sorted(files), sorted(closed)


def _leads_to_folder(link: os.DirEntry[str]) -> bool:
    try:
        return link.is_dir()
    except OSError:  # round in a circle: as a file, it says so of itself
        return False


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
        with _opened(path) as file:
            kind = kind_of(file.read(SNIFF_BYTES))
            file.seek(0)
            # A zip is read file by file, and one of no known kind no further than its head.
            size = SNIFF_BYTES if kind in (Kind.OTHER, Kind.ZIP) else status.st_size
            data = file.read(size)  # and not what is written behind it meanwhile
    except OSError as error:
        yield NotGraded(name, f"the file cannot be read: {_why(error)}")
        return
    except StudyError as error:
        yield NotGraded(name, str(error))
        return
    if kind is Kind.ZIP:
        yield from _read_zip(path, name, budget)
    else:
        budget.take_bytes(name, len(data))
        yield SourceFile(name, kind, data, partial(_read_again, path, len(data)))


def _opened(path: Path) -> BinaryIO:
    """Open a file; a pipe that took its place since it was looked at is not waited for."""
    return os.fdopen(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb")


def _read_again(path: Path, size: int) -> bytes:
    try:
        with _opened(path) as file:
            return file.read(size)
    except OSError as error:
        raise StudyError(f"the file cannot be read any more: {_why(error)}") from None


class _Zip:
    """A zip on disk that is opened once more if its files are needed again."""

    def __init__(self, path: Path, caps: ZipCaps) -> None:
        self._path, self._caps, self._lock = path, caps, Lock()
        self._open = ExitStack()
        self._members: tuple[ZipMember, ...] = ()

    def read_again(self, index: int) -> bytes:
        """Return the file at ``index`` in the order of names; raise StudyError where it is gone."""
        with self._lock:
            try:
                if not self._members:
                    self._members = self._open.enter_context(opened_zip(self._path, self._caps))
                return self._members[index].read()
            except (UnzipError, IndexError) as error:
                raise StudyError(f"the zip cannot be read any more: {_why(error)}") from None


def _read_zip(path: Path, name: str, budget: Budget) -> Iterator[SourceFile | NotGraded]:
    most = budget.options
    caps = ZipCaps(
        most.max_files,
        most.max_file_bytes,
        most.max_total_bytes,
        most.max_zip_ratio,
        most.max_unpacked_ratio,
    )
    again = _Zip(path, caps)
    try:
        with opened_zip(path, caps) as members:
            for index, member in enumerate(members):
                inner = f"{name}:{shown(member.name)}"
                budget.take_file(inner)
                found = _read_member(member, inner, budget)
                if isinstance(found, SourceFile):
                    found = replace(found, again=partial(again.read_again, index))
                yield found
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
