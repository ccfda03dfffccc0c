"""Which studies are meant by a list of paths: folders, zips, pictures, slices, a cohort."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lumbargrade.errors import StudyError

COHORT_FILE = "cohort.json"

_STUDY_OF_ITS_OWN = (".zip", ".png", ".tif", ".tiff", ".jpg", ".jpeg", ".nii", ".gz")
"""Files that hold a whole study, or a picture that nothing ties to the next one."""


@dataclass(frozen=True)
class StudyInput:
    """Files or folders that are read together, and a name for their results."""

    name: str
    paths: tuple[Path, ...]


def list_studies(paths: Sequence[Path]) -> tuple[StudyInput, ...]:
    """Return one entry per study, or per folder or zip of several studies.

    A folder, a zip and a picture are one entry each; a cohort folder is one entry per folder
    in ``studies``; other files are one entry per folder they lie in. Raises StudyError
    if a cohort folder holds no study.
    """
    loose: dict[Path, list[Path]] = {}
    found: list[StudyInput] = []
    for path in paths:
        # os.path answers False for what cannot be asked; the reader says why.
        if os.path.isfile(path / COHORT_FILE):
            found += _of_cohort(path)
        elif os.path.isfile(path) and path.suffix.lower() not in _STUDY_OF_ITS_OWN:
            loose.setdefault(path.parent, []).append(path)
        else:
            found.append(StudyInput(_name(path), (path,)))
    for folder, files in loose.items():
        name = files[0].stem if len(files) == 1 else _name(folder)
        found.append(StudyInput(name, tuple(files)))
    return tuple(unique(found))


def _of_cohort(cohort: Path) -> list[StudyInput]:
    folder = cohort / "studies"
    studies = sorted(path for path in folder.glob("*") if path.is_dir()) if folder.is_dir() else []
    if not studies:
        raise StudyError(
            f"cohort {cohort} has no study folders in {folder}: make it again with "
            "'lumbargrade phantom'"
        )
    return [StudyInput(path.name, (path,)) for path in studies]


def _name(path: Path) -> str:
    resolved = path.resolve()
    return printable_name(resolved.name if os.path.isdir(resolved) else resolved.stem)


def printable_name(name: str) -> str:
    """Return a name that may be written into tables, without line ends and bytes of no text.

    Examples
    --------
    >>> printable_name("P1\\n"), printable_name("")
    ('P1_', 'study')
    """
    return "".join(char if char.isprintable() else "_" for char in name) or "study"


def numbered(name: str, count: int, taken: set[str]) -> list[str]:
    """Return a name for each of ``count`` studies that one input holds, and add them to ``taken``.

    A single study has the name itself. Nothing out of a header is part of a name, since results are
    written under it.
    """
    if count == 1:
        return [name]
    names: list[str] = []
    number = 0
    while len(names) < count:
        number += 1
        if f"{name}-{number}" not in taken:
            names.append(f"{name}-{number}")
    taken.update(names)
    return names


def unique(studies: Sequence[StudyInput]) -> Iterator[StudyInput]:
    """Yield the inputs, those whose names are taken under a number."""
    taken: set[str] = set()
    for study in studies:
        name, number = study.name, 1
        while name in taken:
            number += 1
            name = f"{study.name}-{number}"
        taken.add(name)
        yield StudyInput(name, study.paths)
