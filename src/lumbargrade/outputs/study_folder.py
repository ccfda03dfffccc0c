"""Where the results of a study lie in an output folder, and how they get there.

A study never takes the place of another one: which study a folder belongs to stands in its
ledger. The same study, graded again, replaces its own results.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from lumbargrade.errors import OutputError
from lumbargrade.files.ledger import (
    LEDGER,
    PRIVATE,
    Ledger,
    check_no_foreign,
    files_below,
    read_ledger,
    write_ledger,
)
from lumbargrade.files.output_folder import draft, land
from lumbargrade.grading import grades_json
from lumbargrade.grading.finding import StudyGrades
from lumbargrade.outputs import csv, discs_csv, measures_csv
from lumbargrade.outputs.page import write as page

OF_ONE_STUDY = (
    grades_json.FILE_NAME,
    csv.FILE_NAME,
    measures_csv.FILE_NAME,
    discs_csv.FILE_NAME,
    page.FILE_NAME,
    "grades.dcm",
)
"""Names of the files of one study."""

OF_ALL = (csv.ALL_FILE_NAME, measures_csv.FILE_NAME, discs_csv.FILE_NAME)
"""Names of the tables of several studies."""

_RESERVED = {name.casefold() for name in (*OF_ONE_STUDY, *OF_ALL, LEDGER, PRIVATE)}

LONGEST_NAME_BYTES = 200
"""Of a study's folder: file systems take 255, and a number may follow."""

Fill = Callable[[Path], object]
"""Writes the files of a study into an existing, empty folder."""


@dataclass(frozen=True)
class Owner:
    """Whose results a folder holds: a code (:func:`code_of`), and a name for tables."""

    code: str
    name: str


@dataclass(frozen=True)
class LandedFolder:
    """The folder with a study's files; ``replaced``: earlier results of this study gave way."""

    path: Path
    replaced: bool


def code_of(patient_id: str, study_instance_uid: str, images: Sequence[str] = ()) -> str:
    """Return a code that two gradings of one study share, and no others; it names nobody.

    ``images`` are SOP Instance UIDs that tell studies without a Study Instance UID apart.
    """
    told = "\n".join((patient_id, study_instance_uid, *sorted(images)))
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def owner_of(grades: StudyGrades, name: str) -> Owner:
    """Return whose results the grades of a study are, under the name that tables use."""
    images = () if grades.study_instance_uid else [one.sop_instance_uid for one in grades.slices]
    return Owner(code_of(grades.patient_id, grades.study_instance_uid, images), name)


def study_in(folder: Path) -> str:
    """Return the code of the study whose results lie in a folder itself; "" where there are none.

    Folders that earlier versions wrote are known by their ``grades.json``.
    """
    code = read_ledger(folder).study
    path = folder / grades_json.FILE_NAME
    if code or not path.is_file():
        return code
    try:
        return owner_of(grades_json.read(path), "").code
    except OutputError:
        return ""


def check_for_grades(out: Path) -> None:
    """Raise OutputError if a folder holds anything but grades of studies."""
    ledger = read_ledger(out)
    others = sorted(
        name for name in ledger.files if name.rpartition("/")[2] not in (*OF_ONE_STUDY, *OF_ALL)
    )
    if others:
        raise OutputError(
            f"{out} holds other results of lumbargrade ({others[0]}) and is left as it is: choose "
            "a new or empty folder with -o"
        )
    studies = [one for one in out.iterdir() if (one / LEDGER).is_file()]
    known = {*ledger.entries, *(one.name for one in studies), LEDGER, PRIVATE}
    if any(one.name not in known for one in out.iterdir()):
        check_no_foreign(out, ledger)


def land_study(out: Path, owner: Owner, fill: Fill) -> LandedFolder:
    """Write a study into a folder of its name in an opened output folder, and return it.

    A name that another study or a table has gets a number; earlier results of this study in ``out``
    itself give way. Raises OutputError if a file of other
    origin would be replaced, OSError if it cannot be written, and what ``fill`` raises.
    """
    with draft(out) as place:
        inner = place / "study"
        inner.mkdir()
        fill(inner)
        write_ledger(inner, Ledger(tuple(files_below(inner)), owner.code, owner.name))
        for folder in _places(out, owner.name):
            replaced = folder.is_dir() and study_in(folder) == owner.code
            if not replaced and _is_taken(folder):
                continue
            if replaced:
                _check_own(out, folder)
            content = place / "content"
            content.mkdir()
            named = inner.rename(content / folder.name)
            try:
                land(out, content, [folder.name] if replaced else [])
            except OSError:
                if not named.exists() or not _is_taken(folder):
                    raise
                inner = named.rename(inner)  # another process has just taken this name
                content.rmdir()
                continue
            flat = study_in(out) == owner.code
            if flat:
                _remove_flat(out, place)
            return LandedFolder(folder, replaced or flat)
    raise AssertionError("there is no end to the numbers")


def land_flat(out: Path, owner: Owner, fill: Fill) -> LandedFolder:
    """Write a study into an opened output folder itself, in place of earlier results of it.

    Raises as :func:`land_study`, and OutputError if the folder holds another study.
    """
    before, earlier = study_in(out), read_ledger(out)
    if before not in ("", owner.code):
        raise OutputError(
            f"{out} holds the grades of another study and is left as it is: choose another folder"
        )
    with draft(out) as place:
        content = place / "content"
        content.mkdir()
        fill(content)
        # The tables of all studies stay, until they are made again.
        kept = [one for one in earlier.files if one not in OF_ONE_STUDY]
        files = (*files_below(content), *kept)
        write_ledger(content, Ledger(files, owner.code, owner.name, earlier.failures))
        own = [one for one in OF_ONE_STUDY if one in earlier.entries]
        land(out, content, [*own, LEDGER])
    return LandedFolder(out, before == owner.code)


def _remove_flat(out: Path, place: Path) -> None:
    """Remove the study that lies in an output folder itself; ``place`` is a draft."""
    earlier = read_ledger(out)
    kept = tuple(one for one in earlier.files if one not in OF_ONE_STUDY)
    content = place / "without"
    content.mkdir()
    write_ledger(content, Ledger(kept, failures=earlier.failures))
    land(out, content, [*(one for one in OF_ONE_STUDY if one in earlier.entries), LEDGER])


def _places(out: Path, name: str) -> Iterator[Path]:
    """Yield the folders that a study of this name may have, the best first."""
    short = name.encode("utf-8", "surrogateescape")[:LONGEST_NAME_BYTES]
    name = short.decode("utf-8", "ignore") or "study"
    if name.casefold() in _RESERVED or name.startswith("."):
        name = f"study-{name.lstrip('.')}"
    yield out / name
    for number in count(2):
        yield out / f"{name}-{number}"


def _is_taken(folder: Path) -> bool:
    """Say whether something lies there: an empty folder is as good as none."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        return True
    return folder.is_dir() and any(folder.iterdir())


def _check_own(out: Path, folder: Path) -> None:
    """Raise OutputError if a study's folder holds anything but its results."""
    ledger = read_ledger(folder)
    if not ledger.files:  # of an earlier version: the ledger of all studies lists them
        below = f"{folder.name}/"
        listed = [one[len(below) :] for one in read_ledger(out).files if one.startswith(below)]
        ledger = Ledger(tuple(listed))
    check_no_foreign(folder, ledger)
