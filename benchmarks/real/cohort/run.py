"""Write the real slices that may be learned from as a cohort folder.

T1 slices of the half to tune on, and T2 slices of patients who are not set aside. Grades of
LDH, LCCS and LNRC are not known; the weak labels are grades of systems of their own, which
``train`` learns beside them where a recipe names their files as ``auxiliary``.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.real.cohort.dicom import geometry_at, uid, write_picture
from benchmarks.real.cohort.labels import (
    AUXILIARY,
    Grades,
    auxiliary_grades,
    descriptions,
    without_findings,
)
from benchmarks.real.drawing.cache import drawn_set
from benchmarks.real.drawing.slices import RealSlice, t1_slices, t2_slices
from benchmarks.real.halves import Half, half_of, traced, trained_patients
from lumbargrade.cohort.read import Cohort, CohortSlice, read_cohort
from lumbargrade.cohort.write import origin_description, write_description, write_patient
from lumbargrade.errors import CohortError
from lumbargrade.grading.level import Level
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.engine import Engine
from lumbargrade.study.likeness.perceptual_hash import picture_code
from lumbargrade.training.outlines.data import is_set_aside

ORIGIN = "real slices: doi:10.17632/k57fr854j2.2, zbf6b4pttk.2, notes s6bgczr8s2.2, CC BY 4.0"
SCANNER = "real slices"


@dataclass(frozen=True)
class Placed:
    """A slice, the centre of its canal (column, row) and what is known of it."""

    slice: RealSlice
    center_px: tuple[float, float]
    grades: Grades


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    parser.add_argument("--to", type=Path, required=True, help="cohort folder to write")


def run(options: argparse.Namespace) -> None:
    """Write the cohort and say what is in it.

    Raises CohortError if it is asked for the half to report on, or the folder exists.
    """
    if options.half is not Half.TUNE:
        raise CohortError(
            "--half report: no model may learn from the half to report on: leave the option out"
        )
    learned = trained_patients(traced(options.folder))
    engine = Engine(load_bundle(options.model))
    placed = []
    for slices in (t1_slices(options.folder), t2_slices(options.folder)):
        drawn = drawn_set(engine, options.folder, slices, options.out)
        placed += usable(options.folder, slices, drawn.masks.centres, learned)
    _print(write_cohort(options.folder, placed, options.to))


def usable(
    folder: Path,
    slices: Sequence[RealSlice],
    centres: NDArray[np.float64],
    learned: frozenset[str],
) -> list[Placed]:
    """Return the slices that may be learned from; ``centres`` is (n, 2), column and row."""
    grades = auxiliary_grades(folder, slices)
    return [
        Placed(one, (float(centre[0]), float(centre[1])), known)
        for one, centre, known in zip(slices, centres, grades, strict=True)
        if _may_be_learned(one, learned)
    ]


def _may_be_learned(one: RealSlice, learned: frozenset[str]) -> bool:
    """The few T2 slices are in neither half; what is traced and set aside is not learned from."""
    if one.contrast == "t2":
        return not is_set_aside(one.patient)
    return half_of(one.patient, learned) is Half.TUNE


def write_cohort(folder: Path, placed: Sequence[Placed], out: Path) -> Cohort:
    """Write slices as DICOM and truth files to ``out`` and return the cohort as it is read.

    Raises CohortError if ``out`` exists or there is no slice.
    """
    if out.exists() or not placed:
        why = "exists already; remove it or choose another" if placed else "would hold no slice"
        raise CohortError(f"{out}: {why}")
    patients: dict[str, list[Placed]] = {}
    for one in placed:
        patients.setdefault(one.slice.patient, []).append(one)
    for patient, own in sorted(patients.items()):
        write_patient(out, uid("study", patient), _write_pictures(folder, own, out))
    about = origin_description(len(patients), ORIGIN)
    write_description(out, {**about, "grading_systems": descriptions()})
    return read_cohort(out)


def _write_pictures(folder: Path, own: Sequence[Placed], out: Path) -> list[CohortSlice]:
    """Write one patient's slices; the lowest level comes first in each series."""
    written: list[CohortSlice] = []
    for contrast in ("t1", "t2"):
        series = [one for one in own if one.slice.contrast == contrast]
        series.sort(key=lambda one: (one.slice.level, one.slice.file), reverse=True)
        written += [_write(folder, one, index, out) for index, one in enumerate(series)]
    return written


def _write(folder: Path, one: Placed, index: int, out: Path) -> CohortSlice:
    real, picture = one.slice, one.slice.picture(folder)
    geometry = geometry_at(picture, index)
    file = out / "studies" / real.patient / f"axial_{real.contrast}" / f"{index + 1:04d}.dcm"
    write_picture(real, picture, geometry, file)
    x, y, z = geometry.to_patient(*one.center_px)
    return CohortSlice(
        patient_id=real.patient,
        file=file,
        series_instance_uid=uid("series", real.patient, real.contrast),
        sop_instance_uid=uid("instance", real.file),
        contrast=real.contrast,
        level=Level(real.level.replace("-", "/")) if real.level else None,
        disc_in_plane=True if real.clear_disc else None,  # "no/uncertain" says nothing
        center_px=one.center_px,
        grades=one.grades,
        scanner=SCANNER,
        external=False,
        age_years=None,
        sex="",
        picture_code=picture_code(picture.astype(np.float32)),
        center_mm=(float(x), float(y), float(z)),
    )


def _print(cohort: Cohort) -> None:
    patients = {one.patient_id for one in cohort.slices}
    print(f"{cohort.folder}: {len(cohort.slices)} slices of {len(patients)} patients")
    for contrast in ("t1", "t2"):
        print(f"{contrast}: {sum(one.contrast == contrast for one in cohort.slices)} slices")
    for code in AUXILIARY:
        counts = Counter(grade for one in cohort.slices if (grade := one.grades[code]) is not None)
        known = ", ".join(f"{grade}: {count}" for grade, count in sorted(counts.items()))
        print(f"{code}: {known}; not known: {len(cohort.slices) - counts.total()}")
    print(f"without findings: {sum(without_findings(one.grades) for one in cohort.slices)} slices")
