from __future__ import annotations

from dataclasses import replace

import pytest

from lumbargrade.grading.columns import columns_of
from lumbargrade.grading.finding import Finding, Measure, SliceGrades, StudyGrades
from lumbargrade.grading.level import DiscPlace, Level, LevelAssignment, LevelSource, Through
from lumbargrade.grading.summary import ONLY_BONE
from lumbargrade.grading.system import GRADING_SYSTEMS
from lumbargrade.outputs.page.cards import cards_of, doubt_of, level_rows, refusals_of


def test_a_level_shows_its_worst_slice_head_first(study_grades: StudyGrades) -> None:
    level = LevelAssignment(Level.L5_S1, LevelSource.ASSUMED_LOWEST, 0)
    upper = LevelAssignment(Level.L4_L5, LevelSource.ASSUMED_LOWEST, 1)
    chances = {0: (0.9, 0.1, 0, 0), 2: (0.1, 0.2, 0.7, 0)}
    template = study_grades.slices[0]

    def graded(number: int, grade: int | None, where: LevelAssignment) -> SliceGrades:
        found = Finding(
            "LDH", None, grade, chances.get(grade or 0, ()), "" if grade is not None else "x"
        )
        return replace(template, sop_instance_uid=str(number), level=where, findings=(found,))

    slices = (
        graded(1, 0, level),
        graded(2, 2, level),
        graded(3, None, level),
        graded(4, None, upper),
    )
    grades = replace(study_grades, slices=slices)
    columns = columns_of(grades, GRADING_SYSTEMS)
    rows = level_rows(grades, columns, cards_of(grades, columns, ()))
    assert [(row.level, row.numbers) for row in rows] == [("L4/L5", (4,)), ("L5/S1", (1, 2, 3))]
    assert rows[0].cells[0].verdict is None
    cell = rows[1].cells[0]
    assert cell.worst is not None
    assert cell.worst.number == 2
    assert cell.verdict is not None
    assert cell.verdict.grade == 2
    assert cell.verdict.percent == pytest.approx(70)


def test_the_set_of_a_level_is_made_of_all_its_slices(study_grades: StudyGrades) -> None:
    template = study_grades.slices[0]

    def graded(number: int, grade: int | None, *grade_set: int) -> SliceGrades:
        reason = "x" if grade is None else ""
        found = Finding("LDH", None, grade, (), reason, grade_set)
        return replace(template, sop_instance_uid=str(number), findings=(found,))

    def level_set(*slices: SliceGrades) -> tuple[tuple[int, ...], tuple[int, ...]]:
        grades = replace(study_grades, slices=slices)
        columns = columns_of(grades, GRADING_SYSTEMS)
        (row,) = level_rows(grades, columns, cards_of(grades, columns, ()))
        worst = row.cells[0].worst
        assert worst is not None
        return worst.grade_set, worst.asked

    sure, doubted, none = graded(1, 1, 1), graded(2, 1, 0, 1, 2), graded(3, None)
    assert level_set(sure, none) == ((1,), ())
    assert level_set(sure, doubted, none) == ((1, 2), (2,))
    assert level_set(graded(4, 2, 2), doubted) == ((2,), ())  # marked, whatever the other is
    assert level_set(sure, graded(5, 1)) == ((), ())  # one slice without a set: not known


@pytest.mark.parametrize(
    ("grade_set", "said"),
    [((), ("", False)), ((2,), ("", False)), ((2, 3), ("2 or 3", False)),
     ((1, 2), ("1 or 2", True)), ((0, 1, 2), ("0 to 2", True))],
)  # fmt: skip
def test_a_set_of_one_grade_needs_no_words(
    grade_set: tuple[int, ...], said: tuple[str, bool]
) -> None:
    assert doubt_of(grade_set) == said


def test_the_wording_is_the_systems(study_grades: StudyGrades) -> None:
    columns = columns_of(study_grades, GRADING_SYSTEMS)
    for card in cards_of(study_grades, columns, ()):
        for verdict, column in zip(card.verdicts, columns, strict=True):
            found = card.slice.finding(column.system.code, column.side)
            assert found is not None
            assert [bar.percent / 100 for bar in verdict.bars] == pytest.approx(found.probabilities)
            if found.grade is None:
                assert (verdict.reason, verdict.bars) == (found.reason, ())
            else:
                assert verdict.help_text == column.system.grades[found.grade].help_text
                assert [bar.value for bar in verdict.bars if bar.chosen] == [found.grade]


def test_a_grade_that_its_outlines_contradict_needs_review(study_grades: StudyGrades) -> None:
    template = study_grades.slices[0]

    def graded(number: int, grade: int, displacement_mm: float) -> SliceGrades:
        measures = (
            Measure("disc_displacement_mm", None, displacement_mm),
            Measure("displacement_ratio", None, displacement_mm / 10),
        )
        return replace(
            template,
            sop_instance_uid=str(number),
            findings=(Finding("LDH", None, grade, (), "", (grade,)),),
            measures=measures,
        )

    grades = replace(study_grades, slices=(graded(1, 3, 2.0), graded(2, 2, 2.0)))
    columns = columns_of(grades, GRADING_SYSTEMS)
    cards = cards_of(grades, columns, ())
    assert [card.verdicts[0].review for card in cards] == [True, False]
    (row,) = level_rows(grades, columns, cards)
    worst = row.cells[0].worst
    assert worst is not None
    assert (worst.number, worst.asked) == (1, (1,))


def test_a_doubt_marks_its_grade_and_its_level(study_grades: StudyGrades) -> None:
    def graded(number: int, *doubts: str) -> SliceGrades:
        found = Finding("LDH", None, number, (), "", (number,), doubts)
        return replace(study_grades.slices[0], findings=(found,))

    slices = (graded(1, "the disc is in doubt"), graded(0))
    grades = replace(study_grades, slices=slices)
    columns = columns_of(grades, GRADING_SYSTEMS)
    cards = cards_of(grades, columns, ())
    verdicts = [card.verdicts[0] for card in cards]
    assert [one.in_doubt for one in verdicts] == [True, False]
    assert [one.doubts for one in verdicts] == [("the disc is in doubt",), ()]
    (row,) = level_rows(grades, columns, cards)
    assert row.cells[0].worst is not None
    assert row.cells[0].worst.in_doubt


def test_a_set_that_its_doubt_says_is_not_said_twice(study_grades: StudyGrades) -> None:
    columns = columns_of(study_grades, GRADING_SYSTEMS)
    cards = cards_of(study_grades, columns, ())
    for verdict in (one for card in cards for one in card.verdicts):
        said = any("cannot be told apart" in one for one in verdict.doubts)
        assert verdict.shown_set == (() if said else verdict.grade_set)


def test_slices_through_bone_are_told_from_those_that_count(study_grades: StudyGrades) -> None:
    def at(number: int, block: int, through: Through) -> SliceGrades:
        place = DiscPlace(12.0, 5.0, through)
        level = LevelAssignment(tuple(reversed(Level))[block], LevelSource.SAGITTAL, block, place)
        return replace(study_grades.slices[0], sop_instance_uid=str(number), level=level)

    slices = (at(1, 0, Through.BONE), at(2, 0, Through.DISC), at(3, 1, Through.BONE))
    grades = replace(study_grades, slices=slices)
    columns = columns_of(grades, GRADING_SYSTEMS)
    cards = cards_of(grades, columns, ())
    assert cards[1].place == "12 mm above the middle of the L5/S1 disc, angled 5° to it"
    upper, lower = level_rows(grades, columns, cards)
    assert (lower.level, lower.source, lower.not_counted) == ("L5/S1", "sagittal", (1,))
    assert lower.cells[0].worst is not None
    assert (lower.cells[0].worst.number, lower.cells[0].reason) == (2, "")
    assert (upper.not_counted, {cell.reason for cell in upper.cells}) == ((3,), {ONLY_BONE})
    assert {cell.verdict for cell in upper.cells} == {None}


def test_each_measure_stands_on_the_card_once(measured_grades: StudyGrades) -> None:
    columns = columns_of(measured_grades, GRADING_SYSTEMS)
    card = cards_of(measured_grades, columns, ())[0]
    beside = {
        column.title: verdict.measures
        for column, verdict in zip(columns, card.verdicts, strict=True)
    }
    assert [row.value for row in beside["LNRC left"]] == ["5.5 mm", "1.5 mm", "0.0 mm"]
    assert [row.value for row in beside["LNRC right"]] == ["2.9 mm", "0.2 mm", "1.4 mm"]
    assert "spinal canal area" in [row.title for row in card.measures]


def test_refusals_are_grouped_by_reason(study_grades: StudyGrades) -> None:
    groups = [(group.reason, len(group.items)) for group in refusals_of(study_grades)]
    assert groups == [("sagittal, not axial", 2), ("not an image", 1)]
