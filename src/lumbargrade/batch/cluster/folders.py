"""The studies of an archive, listed folder by folder, without reading it whole.

In one process a folder is read as one input and divided by its headers, which thousands of
studies do not allow. Here one header of each folder says what belongs together.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lumbargrade.errors import StudyError
from lumbargrade.study.dicom.scan import scan_header
from lumbargrade.study.inputs import COHORT_FILE, StudyInput, list_studies, printable_name, unique
from lumbargrade.study.sources import shown

DEEPEST = 32
"""Folders in folders that are looked into; what lies deeper is read as one input."""
FILES_ASKED = 20
"""Files of a folder that are asked for their study until one answers."""

_UID = frozenset({"StudyInstanceUID"})


@dataclass(frozen=True)
class Listed:
    """One input for each study, patient or zip, and the files beside them that are none.

    Attributes
    ----------
    inputs : named after their folders, below an archive by the way to them (``P1_MR2``).
    left_out : files beside folders of studies that are neither DICOM nor a zip.
    """

    inputs: tuple[StudyInput, ...]
    left_out: tuple[Path, ...] = ()


@dataclass
class _Finding:
    inputs: list[StudyInput] = field(default_factory=list)
    left_out: list[Path] = field(default_factory=list)


def list_archive(paths: Sequence[Path]) -> Listed:
    """Return the studies below ``paths``; all paths come back absolute.

    A folder is gone into as long as the folders in it are of different studies, told by the
    Study Instance UID of one file each; folders and files that share one are one input. A folder
    of nothing but slices, a zip and a link to a folder are one input each; files and cohorts are
    as in one process (``study.inputs.list_studies``). Raises StudyError if a path is not there or
    cannot be listed, or a cohort holds no study.
    """
    found = _Finding()
    plain: list[Path] = []
    for given in paths:
        path = Path(os.path.abspath(given))
        if not os.path.exists(path):
            raise StudyError(f"{shown(str(given))}: no such file or folder: check the path")
        if os.path.isdir(path) and not os.path.isfile(path / COHORT_FILE):
            _look_into(path, (), found)
        else:
            plain.append(path)
    found.inputs += list_studies(plain)
    return Listed(tuple(unique(found.inputs)), tuple(found.left_out))


def _look_into(folder: Path, way: tuple[str, ...], found: _Finding) -> None:
    """Add the inputs of a folder; ``way`` holds the names of the folders that led to it."""
    entries = _entries(folder)
    if not any(_may_be_studies(one) for one in entries) or len(way) > DEEPEST:
        found.inputs.append(_input((folder,), way))
        return
    inside = _Finding()
    for members in _grouped(entries, inside):
        first = members[0]
        inner = (*way, first.stem if first.is_file() else first.name)
        if len(members) == 1 and first.is_dir() and not first.is_symlink():
            _look_into(first, inner, inside)
        else:
            inside.inputs.append(_input(members, inner))
    if len(inside.inputs) == 1 and not _is_zip(inside.inputs[0].paths[0]):
        # One study below: it has the name of the highest folder that holds nothing else.
        inside = _Finding([_input((folder,), way)])
    found.inputs += inside.inputs
    found.left_out += inside.left_out


def _entries(folder: Path) -> list[Path]:
    try:
        with os.scandir(folder) as entries:
            return sorted(Path(one.path) for one in entries if not one.name.startswith("."))
    except OSError as error:
        reason = shown(error.strerror or str(error))
        raise StudyError(f"{shown(str(folder))}: the folder cannot be listed: {reason}") from None


def _may_be_studies(entry: Path) -> bool:
    return entry.is_dir() or _is_zip(entry)


def _is_zip(path: Path) -> bool:
    return path.suffix.lower() == ".zip" and path.is_file()


def _grouped(entries: Iterable[Path], found: _Finding) -> Iterator[tuple[Path, ...]]:
    """Yield what belongs to one study together, in order of the names."""
    groups: dict[str, list[Path]] = {}
    for entry in entries:
        is_dir = entry.is_dir()
        uid = "" if entry.is_symlink() or _is_zip(entry) else _study_of(entry, is_dir)
        if uid or is_dir or _is_zip(entry):
            groups.setdefault(uid or str(entry), []).append(entry)
        else:
            found.left_out.append(entry)
    yield from map(tuple, groups.values())


def _study_of(entry: Path, is_dir: bool) -> str:
    """Return the study of a file, or of the first DICOM file of a folder; "" if none says one."""
    if not is_dir:
        return _uid_of(entry)
    asked = 0
    for place, inner, names in os.walk(entry):
        inner.sort()
        for name in sorted(names):
            if uid := _uid_of(Path(place, name)):
                return uid
            asked += 1
            if asked == FILES_ASKED:
                return ""
    return ""


def _uid_of(path: Path) -> str:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        return ""
    try:
        scanned = scan_header(descriptor, os.fstat(descriptor).st_size, _UID)
        return scanned.header.text("StudyInstanceUID")[:64]
    except Exception:  # a hostile header raises anything; whoever grades the file says why
        return ""
    finally:
        os.close(descriptor)


def _input(paths: tuple[Path, ...], way: tuple[str, ...]) -> StudyInput:
    return StudyInput(printable_name("_".join(way) or paths[0].name), paths)
