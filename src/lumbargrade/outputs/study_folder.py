"""Where the results of a study lie in an output folder, and how they get there.

A study never takes the place of another one: which study a folder belongs to stands in its
ledger. The same study, graded again, replaces its own results.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
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
from lumbargrade.outputs import csv, measures_csv
from lumbargrade.outputs.page import write as page
from lumbargrade.outputs.write import DEFAULT_FORMATS, write_files
from lumbargrade.study.graded import GradedStudy

OF_ONE_STUDY = (
    grades_json.FILE_NAME,
    csv.FILE_NAME,
    measures_csv.FILE_NAME,
    page.FILE_NAME,
    "grades.dcm",
)
"""Names of the files of one study."""

OF_ALL = (csv.ALL_FILE_NAME, measures_csv.FILE_NAME)
"""Names of the tables of several studies."""

_RESERVED = {name.casefold() for name in (*OF_ONE_STUDY, *OF_ALL, LEDGER, PRIVATE)}

LONGEST_NAME_BYTES = 200
"""Of a study's folder: file systems take 255, and a number may follow."""


@dataclass(frozen=True)
class LandedStudy:
    """A study whose files are in place.

    Attributes
    ----------
    folder : that holds them.
    paths : of the files, in the order of the formats.
    graded : the study as they tell it (``outputs.write.Written``).
    replaced : whether earlier results of the same study gave way.
    """

    folder: Path
    paths: tuple[Path, ...]
    graded: GradedStudy
    replaced: bool


def code_of(patient_id: str, study_instance_uid: str, images: Sequence[str] = ()) -> str:
    """Return a code that two gradings of one study share, and no others; it names nobody.

    ``images`` are SOP Instance UIDs that tell studies without a Study Instance UID apart.
    """
    told = "\n".join((patient_id, study_instance_uid, *sorted(images)))
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def code_of_grades(grades: StudyGrades) -> str:
    """Return :func:`code_of` a study that was graded."""
    images = () if grades.study_instance_uid else [one.sop_instance_uid for one in grades.slices]
    return code_of(grades.patient_id, grades.study_instance_uid, images)


def study_in(folder: Path) -> str:
    """Return the code of the study whose results lie in a folder itself; "" where there are none.

    Folders that earlier versions wrote are known by their ``grades.json``.
    """
    code = read_ledger(folder).study
    if code:
        return code
    try:
        return code_of_grades(grades_json.read(folder / grades_json.FILE_NAME))
    except OutputError:
        return ""


def land_study(
    graded: GradedStudy, out: Path, name: str, formats: Sequence[str] = DEFAULT_FORMATS
) -> LandedStudy:
    """Write a study into a folder ``name`` of an opened output folder, or one called like it.

    A name that is taken by another study, or by a table, gets a number. Raises OutputError if a
    file of other origin would be replaced, or as ``outputs.write.write_files``; OSError if it
    cannot be written.
    """
    code = code_of_grades(graded.grades)
    with draft(out) as place:
        inner = place / "study"
        inner.mkdir()
        written = write_files(graded, inner, formats)
        _write_ledger(inner, code, name)
        for folder in _places(out, name):
            replaced = folder.is_dir() and study_in(folder) == code
            if not replaced and _is_taken(folder):
                continue
            if replaced:
                _check_own(out, folder)
            content = place / "content"
            content.mkdir()
            named = inner.rename(content / folder.name)
            try:
                land(out, content, [folder.name] if replaced else [])
            except FileExistsError:  # another process has just taken this name
                inner = named.rename(inner)
                content.rmdir()
                continue
            paths = tuple(folder / path.name for path in written.paths)
            return LandedStudy(folder, paths, written.graded, replaced)
    raise AssertionError("there is no end to the numbers")


def land_flat(
    graded: GradedStudy, out: Path, name: str, formats: Sequence[str] = DEFAULT_FORMATS
) -> LandedStudy:
    """Write a study into an opened output folder itself, in place of earlier results of it.

    Raises as :func:`land_study`, and OutputError if the folder holds another study.
    """
    code, earlier = code_of_grades(graded.grades), read_ledger(out)
    before = study_in(out)
    if before not in ("", code):
        raise OutputError(f"{out} holds the grades of another study: choose another folder")
    with draft(out) as place:
        content = place / "content"
        content.mkdir()
        written = write_files(graded, content, formats)
        # What earlier runs wrote beside the study, such as the tables of all, stays theirs.
        kept = [one for one in earlier.files if one not in OF_ONE_STUDY or (not before)]
        files = {*files_below(content), *kept}
        write_ledger(content, Ledger(tuple(files), code, name, earlier.failures))
        own = [one for one in OF_ONE_STUDY if one in earlier.entries]
        land(out, content, [*own, *([LEDGER] if (out / LEDGER).exists() else [])])
    paths = tuple(out / path.name for path in written.paths)
    return LandedStudy(out, paths, written.graded, before == code)


def _write_ledger(folder: Path, code: str, name: str) -> None:
    write_ledger(folder, Ledger(tuple(files_below(folder)), code, name))


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
        listed = [
            one.removeprefix(below) for one in read_ledger(out).files if one.startswith(below)
        ]
        ledger = Ledger(tuple(listed))
    check_no_foreign(folder, ledger)
