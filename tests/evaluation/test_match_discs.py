"""Discs beside their reference: by patient and name, and nothing is lost on the way."""

from __future__ import annotations

from dataclasses import replace

from tests.evaluation.graded import cohort_of, graded_slice, sixteen_slices, study_of
from tests.made_up_discs import disc

from lumbargrade.evaluation.match_discs import disc_records
from lumbargrade.evaluation.records import ImageRecord
from lumbargrade.grading.finding import DiscGrades, Finding, StudyGrades
from lumbargrade.grading.level import Level

SLICES = sixteen_slices()
FIRST, SECOND = SLICES[0].patient_id, SLICES[2].patient_id
SURE = (0.0, 0.0, 0.9, 0.1, 0.0)


def graded(level: Level | None, grade: int | None = 2) -> DiscGrades:
    given = Finding("PFIRRMANN", None, grade, SURE if grade is not None else ())
    return disc(level, given)


def study(*discs: DiscGrades, uid: str = SLICES[0].sop_instance_uid) -> StudyGrades:
    return replace(study_of([graded_slice(uid, 0)]), discs=discs)


def records(
    *studies: StudyGrades, reference: dict[str, dict[str, int]], seen: tuple[str, ...] = ()
) -> dict[str, ImageRecord]:
    given = {
        patient: {level: {"PFIRRMANN": value} for level, value in discs.items()}
        for patient, discs in reference.items()
    }
    found = disc_records(studies, cohort_of(SLICES), given, seen)
    return {one.image: one for one in found.get("PFIRRMANN", ())}


def test_a_disc_is_known_by_its_patient_and_its_name() -> None:
    found = records(
        study(graded(Level.L5_S1), graded(Level.L4_L5, 3)),
        reference={FIRST: {"L5/S1": 2, "L4/L5": 1}, SECOND: {"L5/S1": 4}},
    )
    assert {name: (one.reference, one.predicted) for name, one in found.items()} == {
        f"L5/S1 of patient {FIRST}": (2, 2),
        f"L4/L5 of patient {FIRST}": (1, 3),
        f"L5/S1 of patient {SECOND}": (4, None),  # not graded, and counted as such
    }
    assert found[f"L5/S1 of patient {FIRST}"].probabilities == SURE
    assert found[f"L5/S1 of patient {SECOND}"].probabilities == ()


def test_a_disc_without_name_or_grade_is_not_graded() -> None:
    found = records(
        study(graded(None), graded(Level.L4_L5, None), graded(Level.L3_L4)),
        reference={FIRST: {"L5/S1": 2, "L4/L5": 2, "L3/L4": 2}},
    )
    assert [one.predicted for one in found.values()] == [2, None, None]


def test_patients_of_the_training_have_no_record() -> None:
    seen = tuple(one.sop_instance_uid for one in SLICES if one.patient_id == FIRST)
    other = SLICES[2].sop_instance_uid
    found = records(
        study(graded(Level.L5_S1)),
        study(graded(Level.L5_S1), uid=other),
        reference={FIRST: {"L5/S1": 2}, SECOND: {"L5/S1": 2}},
        seen=seen,
    )
    assert [one.patient for one in found.values()] == [SECOND]


def test_a_model_that_grades_no_disc_is_not_evaluated_on_discs() -> None:
    assert records(study(), reference={FIRST: {"L5/S1": 2}}) == {}
    assert records(study(disc(Level.L5_S1)), reference={FIRST: {"L5/S1": 2}}) == {}


def test_the_first_of_two_studies_counts() -> None:
    found = records(
        study(graded(Level.L5_S1, 1)),
        study(graded(Level.L5_S1, 4), uid=SLICES[1].sop_instance_uid),
        reference={FIRST: {"L5/S1": 2}},
    )
    assert [one.predicted for one in found.values()] == [1]
