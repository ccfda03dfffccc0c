"""A cohort on disk: who is in it, which slices, and what is known of each.

A cohort folder holds ``cohort.json``, ``studies/<patient>/`` (DICOM) and
``truth/<patient>.json`` (grades and where the canal is). Every fault is raised with
the name of the file it lies in.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from lumbargrade.errors import CohortError
from lumbargrade.grading.level import Level
from lumbargrade.grading.system import KNOWN_SYSTEMS
from lumbargrade.study.perceptual_hash import is_picture_code

COHORT_SCHEMA = "lumbargrade.cohort/1"
TRUTH_SCHEMA = "lumbargrade.truth/1"

_GRADE_COUNTS = {
    output: len(system.grades) for system in KNOWN_SYSTEMS.values() for output in system.outputs
}


@dataclass(frozen=True)
class CohortSlice:
    """One graded slice of a cohort.

    Attributes
    ----------
    file : the DICOM file, below the cohort folder.
    contrast : of its series, such as ``"t2"``.
    level : its disc level; None where it is not known.
    disc_in_plane : whether a disc lies in the plane of the slice; None where it is not known.
    center_px : (column, row) of the centre of the spinal canal or of the region that a
        reader drew; None where it is not known: then nothing can be learnt from the slice.
    grades : output name -> grade; None where it is not known, which is never grade 0.
    external : from a scanner that no training recipe may read.
    field_strength_t : of the scanner's magnet; None where it is not known.
    picture_code : by which a copy of the picture is known again (``study.perceptual_hash``).
    box_px : (x, y, width, height) of the region that a reader drew, in the coordinates of
        ``center_px``: (0, 0) is the centre of the first pixel, x, y the upper left corner.
    center_mm : (x, y, z) of the centre in the patient (LPS).
    size_mm : (width, height) of the box.
    site : where the patient was seen; of several cohorts the name of the cohort, else empty.
    """

    patient_id: str
    file: Path
    series_instance_uid: str
    sop_instance_uid: str
    contrast: str
    level: Level | None
    disc_in_plane: bool | None
    center_px: tuple[float, float] | None
    grades: Mapping[str, int | None]
    scanner: str
    external: bool
    age_years: float | None
    sex: str
    field_strength_t: float | None = None
    picture_code: str | None = None
    box_px: tuple[float, float, float, float] | None = None
    center_mm: tuple[float, float, float] | None = None
    size_mm: tuple[float, float] | None = None
    site: str = ""


@dataclass(frozen=True)
class Cohort:
    """All slices of a cohort, ordered by patient and then as in the truth file.

    ``fingerprint`` is the SHA-256 of what is known of the cohort (``cohort.json`` and the
    truth files, which name every instance); where the folder lies does not change it.
    """

    folder: Path
    simulated: bool
    slices: tuple[CohortSlice, ...]
    fingerprint: str


class _TruthError(Exception):
    """What is wrong inside one file; the reader adds the file's name."""


def read_cohort(folder: Path) -> Cohort:
    """Read a cohort that is complete.

    Raises
    ------
    CohortError
        If the folder is not a cohort, a patient is missing, or a truth file does not
        say what it must.
    """
    description, raw = _read_json(folder / "cohort.json", COHORT_SCHEMA)
    digest = hashlib.sha256(raw)
    paths = sorted((folder / "truth").glob("*.json"))
    expected = description.get("patients")
    if not paths or (isinstance(expected, int) and len(paths) < expected):
        raise CohortError(
            f"{folder}: has truth files of {len(paths)} patients, cohort.json lists {expected}: "
            "repeat the command that made the cohort to finish it"
        )
    slices: list[CohortSlice] = []
    for path in paths:
        truth, raw = _read_json(path, TRUTH_SCHEMA)
        digest.update(raw)
        try:
            slices.extend(_patient_slices(truth, path.stem, folder))
        except _TruthError as fault:
            raise CohortError(f"{path}: {fault}: make this patient again") from None
    _check_distinct(slices, folder)
    simulated = bool(description.get("simulated", False))
    return Cohort(folder, simulated, tuple(slices), digest.hexdigest())


def _read_json(path: Path, schema: str) -> tuple[dict[str, Any], bytes]:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise CohortError(
            f"{path}: cannot be read ({error.strerror or error}): give a cohort folder, as "
            "'lumbargrade phantom' makes it, or 'cohort import' of a table of grades"
        ) from error
    try:
        data = json.loads(raw)
    except ValueError as error:
        raise CohortError(f"{path}: is not JSON ({error}): make it again") from error
    found = data.get("schema") if isinstance(data, dict) else None
    if found != schema:
        raise CohortError(
            f"{path}: its schema is {found!r}, this version reads {schema!r}: make the cohort again"
        )
    return data, raw


def _patient_slices(truth: Mapping[str, Any], name: str, folder: Path) -> list[CohortSlice]:
    """Return the slices of one truth file (``name`` without its ending)."""
    patient_id = _text(truth, "patient_id")
    if patient_id != name:
        raise _TruthError(f"'patient_id' is {patient_id!r}, the file is named {name!r}")
    scanner = _table(truth, "scanner")
    age, field = _number(truth, "age_years"), _number(scanner, "magnetic_field_strength_t")
    entries = truth.get("slices")
    if not isinstance(entries, list):
        raise _TruthError("'slices' is not a list")
    slices = []
    for number, entry in enumerate(entries):
        try:
            slices.append(
                CohortSlice(
                    patient_id=patient_id,
                    file=_file(entry, folder),
                    series_instance_uid=_text(entry, "series_instance_uid"),
                    sop_instance_uid=_text(entry, "sop_instance_uid"),
                    contrast=_text(entry, "contrast"),
                    level=_level(entry),
                    disc_in_plane=_disc_in_plane(entry),
                    center_px=_numbers(entry, "center_px", "[column, row]"),
                    grades=_grades(entry),
                    scanner=_text(scanner, "name"),
                    external=_flag(scanner, "external"),
                    age_years=age,
                    sex=str(truth.get("sex") or ""),
                    field_strength_t=field,
                    picture_code=_picture_code(entry),
                    box_px=_numbers(entry, "box_px", "[x, y, width, height]"),
                    center_mm=_numbers(entry, "center_mm", "[x, y, z]"),
                    size_mm=_numbers(entry, "size_mm", "[width, height]"),
                )
            )
        except _TruthError as fault:
            raise _TruthError(f"slice number {number}: {fault}") from None
    return slices


def _file(entry: Any, folder: Path) -> Path:
    if not isinstance(entry, Mapping):
        raise _TruthError("is not a table")
    relative = PurePosixPath(_text(entry, "file"))
    if relative.is_absolute() or ".." in relative.parts:
        raise _TruthError(f"'file' {relative} points outside the cohort folder")
    if not (folder / relative).is_file():
        raise _TruthError(f"'file' {relative} does not exist")
    return folder / relative


def _level(entry: Mapping[str, Any]) -> Level | None:
    name = entry.get("level")
    try:
        return None if name is None else Level(name)
    except ValueError:
        raise _TruthError(f"'level' {name!r} is not one of {', '.join(Level)}, or null") from None


def _disc_in_plane(entry: Mapping[str, Any]) -> bool | None:
    return None if entry.get("disc_in_plane", False) is None else _flag(entry, "disc_in_plane")


def _numbers(entry: Mapping[str, Any], key: str, form: str) -> Any:
    """Return as many numbers as ``form`` names, of the region; None where it is null."""
    region = None if entry.get("region", False) is None else _table(entry, "region")
    if region is None or (region.get(key) is None and key != "center_px"):
        return None
    value = region.get(key)
    count = form.count(",") + 1
    if not isinstance(value, list) or len(value) != count or not all(map(_is_number, value)):
        raise _TruthError(f"'region.{key}' is {value!r}, not {form}")
    return tuple(map(float, value))


def _grades(entry: Mapping[str, Any]) -> dict[str, int | None]:
    grades = _table(entry, "grades")
    for output, grade in grades.items():
        if output not in _GRADE_COUNTS:
            raise _TruthError(f"'grades' has {output!r}, which no grading system knows")
        if grade is None:
            continue
        if type(grade) is not int or not 0 <= grade < _GRADE_COUNTS[output]:
            raise _TruthError(
                f"'grades' has {output} {grade!r}, not 0 to {_GRADE_COUNTS[output] - 1} or null"
            )
    return dict(grades)


def _picture_code(entry: Mapping[str, Any]) -> str | None:
    code = entry.get("picture_code")
    if code is not None and not (isinstance(code, str) and is_picture_code(code)):
        raise _TruthError(
            f"'picture_code' is {code!r}, not an image hash (study.perceptual_hash) or null"
        )
    return code


def _text(table: Mapping[str, Any], key: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value:
        raise _TruthError(f"'{key}' is {value!r}, not a text")
    return value


def _flag(table: Mapping[str, Any], key: str) -> bool:
    value = table.get(key)
    if not isinstance(value, bool):
        raise _TruthError(f"'{key}' is {value!r}, not true or false")
    return value


def _table(table: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = table.get(key)
    if not isinstance(value, Mapping):
        raise _TruthError(f"'{key}' is {value!r}, not a table")
    return value


def _number(table: Mapping[str, Any], key: str) -> float | None:
    value = table.get(key)
    if value is not None and not _is_number(value):
        raise _TruthError(f"'{key}' is {value!r}, not a number or null")
    return None if value is None else float(value)


def _is_number(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return math.isfinite(value)  # Python reads NaN from JSON, which JSON does not have


def _check_distinct(slices: list[CohortSlice], folder: Path) -> None:
    """Refuse a picture that occurs twice: it could stand in two parts of a split."""
    owners: dict[str, str] = {}
    for item in slices:
        other = owners.get(item.sop_instance_uid)
        if other is not None:
            raise CohortError(
                f"{folder}: SOP Instance UID {item.sop_instance_uid} occurs in patient {other} "
                f"and again in {item.patient_id}: make one of them again"
            )
        owners[item.sop_instance_uid] = item.patient_id
