"""One study of RSNA 2024 as released, adapted, and graded by a made-up model."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from tests.cohort.adapters.released import write_rsna
from tests.cohort.adapters.sets import adapt
from tests.evaluation.graded import graded_slice, study_of

from lumbargrade.cohort.adapters import rsna2024
from lumbargrade.cohort.read import CohortSlice, read_cohort
from lumbargrade.evaluation.measures.system_figures import Options
from lumbargrade.external.compare import compare_labels
from lumbargrade.external.figures import ExternalEvaluation, evaluate_external
from lumbargrade.external.labels import ReferenceLabel
from lumbargrade.external.locate import AxialSlice, Locator
from lumbargrade.external.material import ExternalMaterial
from lumbargrade.grading import grades_json
from lumbargrade.grading.crosswalk import load_crosswalk
from lumbargrade.grading.finding import Side, SliceGrades
from lumbargrade.study.geometry import SliceGeometry

QUICK = Options(resamples=40)
UPRIGHT = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0))


def axial(
    sop: str, z_mm: float, graded: SliceGrades | None, patient: str = "P", level: str = ""
) -> AxialSlice:
    """A slice without a tilt at a height."""
    geometry = SliceGeometry((0.0, 0.0, z_mm), *UPRIGHT, (1.0, 1.0), 64, 64)
    return AxialSlice(sop, patient, "one", False, level, geometry, graded)


def label(
    grade: int | None,
    z_mm: float | None = None,
    sop: str = "",
    system: str = "RSNACANAL",
    side: Side | None = None,
    patient: str = "P",
    level: str = "L4/L5",
) -> ReferenceLabel:
    """A label with a mark at a height, or none."""
    place = None if z_mm is None else (30.0, 30.0, z_mm)
    return ReferenceLabel(patient, level, system, side, grade, sop, place)


@cache
def adapted() -> Path:
    """The cohort of one adapted study; made once, so do not write into it."""
    folder = Path(mkdtemp())
    adapt(rsna2024, write_rsna(folder / "release"), folder / "cohort")
    return folder / "cohort"


def slices() -> tuple[CohortSlice, ...]:
    return read_cohort(adapted()).slices


def write_grades(folder: Path, grades: Mapping[int, int]) -> Path:
    """Write what the model says: by number of the slice its grade; the others are 0."""
    folder.mkdir(parents=True)
    graded = [
        graded_slice(one.sop_instance_uid, grades.get(number, 0))
        for number, one in enumerate(slices())
    ]
    grades_json.write(study_of(graded), folder)
    return folder


def many() -> ExternalMaterial:
    """Twelve patients, two levels each, whose model says 2 in every fifth level, whatever it is."""
    crosswalk = load_crosswalk("rsna2024")
    labels, there = [], []
    for number in range(24):
        patient, level = f"P{number // 2}", ("L4/L5", "L5/S1")[number % 2]
        severity = number % 3
        given = (severity + 1 if severity else 0) if number % 5 else 2
        sop = f"1.{number}"
        there.append(axial(sop, 40.0 * (number % 2), graded_slice(sop, given), patient))
        for side in (None, Side.LEFT, Side.RIGHT):
            system = "RSNACANAL" if side is None else "RSNARECESS"
            labels.append(label(severity, 40.0 * (number % 2), sop, system, side, patient, level))
    labels.append(label(None, 0.0, system="RSNARECESS", side=Side.LEFT, patient="P0"))
    labels.append(label(1, 900.0, patient="P0", level="L1/L2"))
    locator = Locator(there, labels, crosswalk.reach_mm)
    return ExternalMaterial(
        model="net 1",
        cohort="cohort 'RSNA', 12 patients",
        simulated=False,
        crosswalk=crosswalk,
        compared=tuple(tuple(compare_labels(labels, one, locator)) for one in crosswalk.maps),
        notes=("A note.",),
    )


@cache
def evaluated() -> ExternalEvaluation:
    """The figures of :func:`many`."""
    return evaluate_external(many(), QUICK)
