"""Made-up grades of made-up cohort slices, for the tests of matching."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from pathlib import Path

from lumbargrade.cohort.read import Cohort, CohortSlice
from lumbargrade.evaluation.match import match
from lumbargrade.evaluation.match_records import Material
from lumbargrade.evaluation.measures.system_figures import Options
from lumbargrade.evaluation.results import Evaluation, evaluate_material
from lumbargrade.grading.finding import (
    Finding,
    ModelIdentity,
    Region,
    Side,
    SliceGrades,
    StudyGrades,
)
from lumbargrade.grading.level import Level, LevelAssignment

QUICK = Options(resamples=50)
MODEL = ModelIdentity("net", "1", "0" * 64, "simulation")
REGION = Region((0, 0, 0), (10, 10), 75.0, (0, 0, 20, 20), "locator", 0.9)


def _certain(grade: int) -> tuple[float, ...]:
    return tuple(1.0 if value == grade else 0.0 for value in range(4))


def graded_slice(uid: str, grade: int, disc: bool = True) -> SliceGrades:
    there = [("LDH", None), ("LNRC", Side.LEFT), ("LNRC", Side.RIGHT), ("LNRC", None)]
    findings = [Finding("LCCS", None, grade, _certain(grade))]
    for system, side in there:
        given = grade if disc else None
        findings.append(Finding(system, side, given, _certain(grade), "" if disc else "no disc"))
    return SliceGrades("1.1", uid, 1, f"{uid}.dcm", LevelAssignment(), REGION, tuple(findings))


DOUBTFUL = (0.6, 0.3, 0.1, 0.0)


def doubtful_slice(uid: str) -> SliceGrades:
    """Probably 0, perhaps 1."""
    graded = graded_slice(uid, 0)
    findings = [replace(one, probabilities=DOUBTFUL, grade_set=(0, 1)) for one in graded.findings]
    return replace(graded, findings=tuple(findings))


def reference_slice(uid: str, patient: int, grade: int, scanner: str = "one") -> CohortSlice:
    return CohortSlice(
        patient_id=f"P{patient}",
        file=Path(f"{uid}.dcm"),
        series_instance_uid="1.1",
        sop_instance_uid=uid,
        contrast="t2",
        level=Level.L4_L5,
        disc_in_plane=True,
        center_px=(10.0, 10.0),
        grades={"LDH": grade, "LCCS": grade, "LNRC_left": 0, "LNRC_right": grade},
        scanner=scanner,
        external=scanner == "far",
        age_years=50,
        sex="F",
    )


def cohort_of(slices: Sequence[CohortSlice]) -> Cohort:
    return Cohort(folder=Path("COHORT"), simulated=True, slices=tuple(slices), fingerprint="f")


def study_of(slices: list[SliceGrades], model: ModelIdentity = MODEL) -> StudyGrades:
    return StudyGrades("1", "P", model, "0.1", tuple(slices))


def sixteen_slices() -> list[CohortSlice]:
    """Two of each of eight patients, of every grade; the last two patients are external."""
    return [
        reference_slice(f"1.2.{i}", i // 2, i % 4, "far" if i >= 12 else "one") for i in range(16)
    ]


def evaluated(
    studies: Sequence[StudyGrades],
    cohort: Cohort,
    options: Options = QUICK,
    learnt: Collection[str] | None = None,
) -> Evaluation:
    return evaluate_material(match(studies, cohort, learnt), options)


def evaluate_quickly(
    material: Material, options: Options, progress: Callable[[int, int], None]
) -> Evaluation:
    """Stand in for ``evaluate_material`` with few resamples."""
    return evaluate_material(material, replace(options, resamples=QUICK.resamples), progress)
