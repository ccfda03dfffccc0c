"""The worst known grade, of a level and of a patient."""

from __future__ import annotations

from dataclasses import replace

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
from lumbargrade.grading.level import DiscPlace, LevelAssignment, Through
from lumbargrade.grading.summary import (
    ONLY_BONE,
    level_summaries,
    sources_of,
    study_summary,
    worst,
)

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


Worst = dict[tuple[str, Side | None], int | None]


def by_block(study: StudyGrades) -> dict[tuple[int | None, str, Side | None], int | None]:
    return {
        (level.level.block, one.system, one.side): one.grade
        for level in level_summaries(study)
        for one in level.worst
    }


def of_study(study: StudyGrades) -> Worst:
    return {(one.system, one.side): one.grade for one in study_summary(study)}


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
    assert by_block(study) == {
        (0, "LDH", None): 3,
        (1, "LDH", None): None,
        (None, "LDH", None): 2,
    }
    assert of_study(study) == {("LDH", None): 3}


def test_sides_are_kept_apart() -> None:
    study = study_of(
        [(0, "LNRC", Side.LEFT, 0), (0, "LNRC", Side.RIGHT, 2), (1, "LNRC", Side.LEFT, 1)]
    )
    assert by_block(study)[0, "LNRC", Side.LEFT] == 0
    assert of_study(study) == {("LNRC", Side.LEFT): 1, ("LNRC", Side.RIGHT): 2}


@given(st.lists(st.tuples(st.integers(0, 4), st.one_of(st.none(), st.integers(0, 3)))))
def test_a_patient_is_as_bad_as_the_worst_level(rows: list[tuple[int, int | None]]) -> None:
    study = study_of([(block, "LDH", None, grade) for block, grade in rows])
    expected = {("LDH", None): worst(by_block(study).values())} if rows else {}
    assert of_study(study) == expected


def test_a_summary_names_the_slice_that_has_the_grade_and_its_doubts() -> None:
    study = study_of([(0, "LDH", None, 2), (0, "LDH", None, 2), (0, "LDH", None, 1)])
    chances, sets = ((0, 0.4, 0.6, 0), (0, 0.2, 0.8, 0), (0, 0.9, 0.1, 0)), ((1, 2), (2,), (0, 1))
    slices = tuple(
        replace(
            item,
            findings=(
                replace(
                    item.findings[0],
                    probabilities=given,
                    grade_set=grade_set,
                    doubts=("a", "b")[: 1 + (number == 1)],
                ),
            ),
        )
        for number, (item, given, grade_set) in enumerate(
            zip(study.slices, chances, sets, strict=True)
        )
    )
    (level,) = level_summaries(replace(study, slices=slices))
    (one,) = level.worst
    assert (level.numbers, one.number, one.grade) == ((1, 2, 3), 2, 2)
    assert one.slice == slices[1]
    assert one.doubts == ("a", "b")
    # The second slice settles the level: the doubt of the first cannot change it.
    assert (one.grade_set, one.asked, one.in_doubt) == ((2,), (), True)


def test_slices_of_an_unknown_disc_come_first_and_levels_upward() -> None:
    study = study_of([(1, "LDH", None, 0), (None, "LDH", None, 0), (0, "LDH", None, 0)])
    assert [one.level.block for one in level_summaries(study)] == [None, 0, 1]
    assert sources_of(study) == ("unknown",)


def placed(study: StudyGrades, *through: Through | None) -> StudyGrades:
    """The study with what each slice runs through; None: not known."""
    slices = tuple(
        replace(item, level=replace(item.level, place=DiscPlace(0.0, 0.0, one) if one else None))
        for item, one in zip(study.slices, through, strict=True)
    )
    return replace(study, slices=slices)


def test_a_slice_through_bone_is_reported_and_not_counted() -> None:
    study = study_of([(0, "LDH", None, 3), (0, "LDH", None, 1), (1, "LDH", None, 2)])
    study = placed(study, Through.BONE, Through.DISC, Through.ENDPLATE)
    lower, upper = level_summaries(study)
    assert (lower.numbers, lower.not_counted) == ((1, 2), (1,))
    assert [(one.grade, one.number, one.reason) for one in lower.worst] == [(1, 2, "")]
    assert (upper.not_counted, upper.worst[0].grade) == ((), 2)
    assert of_study(study) == {("LDH", None): 2}
    assert lower.level == LevelAssignment(block=0)  # the place is a slice's, not a level's


def test_a_slice_of_unknown_place_counts() -> None:
    study = placed(study_of([(0, "LDH", None, 3), (0, "LDH", None, 1)]), None, Through.DISC)
    assert of_study(study) == {("LDH", None): 3}
    assert level_summaries(study)[0].not_counted == ()


def test_bone_alone_has_no_grade_and_a_reason() -> None:
    study = placed(study_of([(0, "LDH", None, 3), (1, "LDH", None, 0)]), Through.BONE, Through.DISC)
    lower, upper = level_summaries(study)
    assert (lower.not_counted, upper.not_counted) == ((1,), ())
    (one,) = lower.worst
    assert (one.system, one.grade, one.slice, one.number) == ("LDH", None, None, None)
    assert one.reason == ONLY_BONE
    assert upper.worst[0].grade == 0
    only = placed(study_of([(0, "LDH", None, 3)]), Through.BONE)
    assert [(each.grade, each.reason) for each in study_summary(only)] == [(None, ONLY_BONE)]
