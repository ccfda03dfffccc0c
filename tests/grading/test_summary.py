"""The worst known grade, of a level and of a patient."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lumbargrade.grading.finding import (
    Finding,
    ModelIdentity,
    Region,
    Side,
    SliceGrades,
    StudyGrades,
)
from lumbargrade.grading.level import LevelAssignment
from lumbargrade.grading.summary import level_grades, patient_grades, worst

GRADES = st.lists(st.one_of(st.none(), st.integers(0, 3)))
REGION = Region((0, 0, 0), (0, 0), 75.0, (0, 0, 1, 1), "truth")


def study_of(rows: list[tuple[int | None, str, Side | None, int | None]]) -> StudyGrades:
    """One slice per row (block, system, side, grade)."""
    slices = tuple(
        SliceGrades(
            "1",
            f"1.{number}",
            1,
            "a.dcm",
            LevelAssignment(block=block),
            REGION,
            (Finding(system, side, grade),),
        )
        for number, (block, system, side, grade) in enumerate(rows)
    )
    return StudyGrades("1", "P", ModelIdentity("m", "1", "0" * 64, "nothing"), "0", slices)


@given(GRADES)
def test_worst_is_a_known_grade_that_none_exceeds(grades: list[int | None]) -> None:
    known = [grade for grade in grades if grade is not None]
    found = worst(grades)
    if known:
        assert found in known
        assert all(grade <= found for grade in known)
    else:
        assert found is None


@given(GRADES, GRADES)
def test_worst_of_parts_is_worst_of_all(first: list[int | None], second: list[int | None]) -> None:
    assert worst([worst(first), worst(second)]) == worst(first + second)


def test_missing_is_not_grade_0() -> None:
    assert worst([None, None]) is None
    assert worst([None, 0]) == 0


def test_levels_are_kept_apart_and_missing_stays_missing() -> None:
    study = study_of(
        [
            (0, "LDH", None, 1),
            (0, "LDH", None, 3),
            (0, "LDH", None, None),
            (1, "LDH", None, None),
            (None, "LDH", None, 2),
        ]
    )
    assert level_grades(study) == {
        (0, "LDH", None): 3,
        (1, "LDH", None): None,
        (None, "LDH", None): 2,
    }
    assert patient_grades(study) == {("LDH", None): 3}


def test_sides_are_kept_apart() -> None:
    study = study_of(
        [(0, "LNRC", Side.LEFT, 0), (0, "LNRC", Side.RIGHT, 2), (1, "LNRC", Side.LEFT, 1)]
    )
    assert level_grades(study)[0, "LNRC", Side.LEFT] == 0
    assert patient_grades(study) == {("LNRC", Side.LEFT): 1, ("LNRC", Side.RIGHT): 2}


@given(st.lists(st.tuples(st.integers(0, 4), st.one_of(st.none(), st.integers(0, 3)))))
def test_a_patient_is_as_bad_as_the_worst_level(rows: list[tuple[int, int | None]]) -> None:
    study = study_of([(block, "LDH", None, grade) for block, grade in rows])
    expected = {("LDH", None): worst(level_grades(study).values())} if rows else {}
    assert patient_grades(study) == expected
