from __future__ import annotations

from dataclasses import replace

import pytest
from tests.made_up_discs import disc

from lumbargrade.grading.columns import columns_of
from lumbargrade.grading.finding import DiscGrades, Finding, Measure, SliceGrades, StudyGrades
from lumbargrade.grading.level import DiscPlace, Level, LevelAssignment, LevelSource, Through
from lumbargrade.grading.summary import ONLY_BONE
from lumbargrade.grading.system import GRADING_SYSTEMS
from lumbargrade.outputs.page.cards import cards_of
from lumbargrade.outputs.page.levels import LevelRow, doubt_of, level_rows, root_of
from lumbargrade.outputs.page.words.language import words_of

EN, SYSTEMS = words_of(), dict(GRADING_SYSTEMS)


def test_a_level_shows_its_worst_slice_head_first(study_grades: StudyGrades) -> None:
    level = LevelAssignment(Level.L5_S1, LevelSource.STACK, 0)
    upper = LevelAssignment(Level.L4_L5, LevelSource.STACK, 1)
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
    rows = level_rows(grades, columns, cards_of(grades, columns, (), EN), SYSTEMS, EN)
    assert [(row.level, row.numbers) for row in rows] == [("L4/L5", (4,)), ("L5/S1", (3, 2, 1))]
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
        (row,) = level_rows(grades, columns, cards_of(grades, columns, (), EN), SYSTEMS, EN)
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
    assert doubt_of(grade_set, EN) == said


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
    cards = cards_of(grades, columns, (), EN)
    assert [card.verdicts[0].review for card in cards] == [True, False]
    (row,) = level_rows(grades, columns, cards, SYSTEMS, EN)
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
    cards = cards_of(grades, columns, (), EN)
    verdicts = [card.verdicts[0] for card in cards]
    assert [one.in_doubt for one in verdicts] == [True, False]
    assert [one.doubts for one in verdicts] == [("the disc is in doubt",), ()]
    (row,) = level_rows(grades, columns, cards, SYSTEMS, EN)
    assert row.cells[0].worst is not None
    assert row.cells[0].worst.in_doubt


def test_slices_through_bone_are_told_from_those_that_count(study_grades: StudyGrades) -> None:
    def at(number: int, block: int, through: Through) -> SliceGrades:
        place = DiscPlace(12.0, 5.0, through)
        level = LevelAssignment(tuple(reversed(Level))[block], LevelSource.SAGITTAL, block, place)
        return replace(study_grades.slices[0], sop_instance_uid=str(number), level=level)

    slices = (at(1, 0, Through.BONE), at(2, 0, Through.DISC), at(3, 1, Through.BONE))
    grades = replace(study_grades, slices=slices)
    columns = columns_of(grades, GRADING_SYSTEMS)
    cards = cards_of(grades, columns, (), EN)
    assert cards[1].place == "12 mm above the middle of the L5/S1 disc, angled 5° to it"
    upper, lower = level_rows(grades, columns, cards, SYSTEMS, EN)
    assert (lower.level, lower.source, lower.not_counted) == ("L5/S1", "sagittal", (1,))
    assert lower.cells[0].worst is not None
    assert (lower.cells[0].worst.number, lower.cells[0].reason) == (2, "")
    assert (upper.not_counted, {cell.reason for cell in upper.cells}) == ((3,), {ONLY_BONE})
    assert {cell.verdict for cell in upper.cells} == {None}


def _rows(grades: StudyGrades) -> tuple[LevelRow, ...]:
    columns = columns_of(grades, SYSTEMS)
    return level_rows(grades, columns, cards_of(grades, columns, (), EN), SYSTEMS, EN)


@pytest.mark.parametrize("level", list(Level))
def test_the_traversing_root_is_that_of_the_lower_vertebra(level: Level) -> None:
    roots = ("L2", "L3", "L4", "L5", "S1")
    assert root_of(level) == roots[list(Level).index(level)]
    assert root_of(None) == ""


def test_a_level_has_the_grades_of_its_disc(study_grades: StudyGrades) -> None:
    found = Finding("LDH", None, 2, (0, 0, 1, 0))
    discs: tuple[DiscGrades, ...] = (disc(Level.L5_S1), disc(Level.L4_L5, found))
    rows = {row.level: row for row in _rows(replace(study_grades, discs=discs))}
    assert [one.grade for one in rows["L4/L5"].discs] == [2]
    assert rows["L5/S1"].discs == ()
    assert set(rows) == {row.level for row in _rows(study_grades)}


def test_a_graded_disc_without_an_axial_slice_has_a_row(study_grades: StudyGrades) -> None:
    found = Finding("LDH", None, 2, (0, 0, 1, 0))
    discs = (disc(Level.L3_L4, found), disc(Level.L2_L3), disc(Level.L1_L2, found))
    rows = _rows(replace(study_grades, discs=discs))
    assert [row.level for row in rows] == ["L1/L2", "L3/L4", "L4/L5", "L5/S1", "unknown"]
    upper = rows[0]
    assert (upper.numbers, upper.tone, upper.main_number) == ((), None, None)
    assert {cell.reason for cell in upper.cells} == {"no axial slice"}


def test_a_level_leads_to_its_worst_slice(study_grades: StudyGrades) -> None:
    for row in _rows(study_grades):
        assert row.main_number in row.numbers
        grades = [cell.verdict.tone for cell in row.cells if cell.verdict is not None]
        assert row.tone == max(grades)
