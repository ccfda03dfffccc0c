"""A cohort on disk: who is in it, which slices, and what is known of each.

A cohort folder holds ``cohort.json``, ``studies/<patient>/`` (DICOM) and
``truth/<patient>.json`` (grades and where the canal is). Every fault is raised with
the name of the file it lies in.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from lumbargrade.cohort import fields
from lumbargrade.errors import CohortError
from lumbargrade.files.output_folder import check_whole
from lumbargrade.grading.level import Level

COHORT_SCHEMA = "lumbargrade.cohort/1"
TRUTH_SCHEMA = "lumbargrade.truth/1"
COHORT_FILE = "cohort.json"
NOT_NAMED = ("",)
"""Makers of a reference of whom nothing is said."""


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
        reader drew; None where it is not known: then no model can be trained on the slice.
    grades : output name -> grade; None where it is not known, which is never grade 0.
    external : from a scanner that no training recipe may read.
    field_strength_t : of the scanner's magnet; None where it is not known.
    picture_code : by which a copy of the picture is known again (``study.likeness``).
    box_px : (x, y, width, height) of the region that a reader drew, in the coordinates of
        ``center_px``: (0, 0) is the centre of the first pixel, x, y the upper left corner.
    center_mm : (x, y, z) of the centre in the patient (LPS).
    size_mm : (width, height) of the box.
    site : where the patient was seen; of several cohorts the name of the cohort, else empty.
    reference_by : readers whose grades made the reference of the cohort; an empty name is somebody
        who is not named. Nobody of a simulated cohort, whose grades are its plan.
    measures : name, with its unit at the end, -> value; None where it does not exist. A measure
        that is not there is not known.
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
    measures: Mapping[str, float | None] = field(default_factory=dict)
    reference_by: tuple[str, ...] = NOT_NAMED


@dataclass(frozen=True)
class Cohort:
    """All slices of a cohort, ordered by patient and then as in the truth file.

    ``fingerprint`` is the SHA-256 of what is known of the cohort (``cohort.json`` and the
    truth files, which name every instance); where the folder lies does not change it.
    ``origin`` says where the slices come from, such as a data set with its licence.
    """

    folder: Path
    simulated: bool
    slices: tuple[CohortSlice, ...]
    fingerprint: str
    origin: str = ""


def read_cohort(folder: Path) -> Cohort:
    """Read a cohort that is complete.

    Raises CohortError if the folder is not a cohort, a patient is missing, or a truth file does not
    say what it must; OutputError if putting it there was interrupted.
    """
    check_whole(folder)
    description, raw = _read_json(folder / COHORT_FILE, COHORT_SCHEMA)
    digest = hashlib.sha256(raw)
    paths = sorted((folder / "truth").glob("*.json"))
    expected = description.get("patients")
    if not paths or (isinstance(expected, int) and len(paths) < expected):
        raise CohortError(
            f"{folder}: has truth files of {len(paths)} patients, cohort.json lists {expected}: "
            "repeat the command that made the cohort to finish it"
        )
    try:
        counts = fields.grade_counts(description)
        simulated = bool(description.get("simulated", False))
        makers = fields.reference_readers(description, () if simulated else NOT_NAMED)
    except fields.TruthError as fault:
        raise CohortError(f"{folder / COHORT_FILE}: {fault}: make the cohort again") from None
    slices: list[CohortSlice] = []
    for path in paths:
        truth, raw = _read_json(path, TRUTH_SCHEMA)
        digest.update(raw)
        try:
            found = _patient_slices(truth, path, counts)
            slices.extend(replace(one, reference_by=makers) for one in found)
        except fields.TruthError as fault:
            raise CohortError(f"{path}: {fault}: make this patient again") from None
    _check_distinct(slices, folder)
    origin = str(description.get("origin") or "")
    return Cohort(folder, simulated, tuple(slices), digest.hexdigest(), origin)


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


def _patient_slices(
    truth: Mapping[str, Any], path: Path, counts: fields.GradeCounts
) -> list[CohortSlice]:
    """Return the slices of the truth file at ``path``."""
    patient_id, folder = fields.text(truth, "patient_id"), path.parent.parent
    if patient_id != path.stem:
        raise fields.TruthError(f"'patient_id' is {patient_id!r}, the file is named {path.stem!r}")
    scanner = fields.table(truth, "scanner")
    age, tesla = (
        fields.number(truth, "age_years"),
        fields.number(scanner, "magnetic_field_strength_t"),
    )
    entries = truth.get("slices")
    if not isinstance(entries, list):
        raise fields.TruthError("'slices' is not a list")
    slices = []
    for number, entry in enumerate(entries):
        try:
            slices.append(
                CohortSlice(
                    patient_id=patient_id,
                    file=fields.file(entry, folder),
                    series_instance_uid=fields.text(entry, "series_instance_uid"),
                    sop_instance_uid=fields.text(entry, "sop_instance_uid"),
                    contrast=fields.text(entry, "contrast"),
                    level=fields.level(entry),
                    disc_in_plane=fields.disc_in_plane(entry),
                    center_px=fields.numbers(entry, "center_px", "[column, row]"),
                    grades=fields.grades(entry, counts),
                    scanner=fields.text(scanner, "name"),
                    external=fields.flag(scanner, "external"),
                    age_years=age,
                    sex=str(truth.get("sex") or ""),
                    field_strength_t=tesla,
                    picture_code=fields.picture_code(entry),
                    box_px=fields.numbers(entry, "box_px", "[x, y, width, height]"),
                    center_mm=fields.numbers(entry, "center_mm", "[x, y, z]"),
                    size_mm=fields.numbers(entry, "size_mm", "[width, height]"),
                    measures=fields.measures(entry),
                )
            )
        except fields.TruthError as fault:
            raise fields.TruthError(f"slice number {number}: {fault}") from None
    return slices


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
