from __future__ import annotations

from dataclasses import replace

import pytest

from lumbargrade.grading.columns import columns_of
from lumbargrade.grading.finding import Finding, SliceGrades, StudyGrades
from lumbargrade.grading.level import DiscPlace, Level, LevelAssignment, LevelSource, Through
from lumbargrade.grading.system import GRADING_SYSTEMS
from lumbargrade.outputs.page.cards import cards_of
from lumbargrade.outputs.page.stack import Stack, stack_of
from lumbargrade.outputs.page.words.language import words_of
from lumbargrade.study.graded import SlicePicture


def _stack(grades: StudyGrades, pictures: tuple[SlicePicture, ...] = ()) -> Stack:
    columns = columns_of(grades, GRADING_SYSTEMS)
    return stack_of(cards_of(grades, columns, pictures, words_of()))


def test_slices_are_stepped_through_from_the_head_to_the_feet(
    study_grades: StudyGrades, pictures: tuple[SlicePicture, ...]
) -> None:
    stack = _stack(study_grades, pictures)
    assert [card.number for card in stack.cards] == [5, 4, 3, 2, 1]
    assert stack.aspect == pytest.approx(320 / 300)
    assert _stack(study_grades).aspect == 1.0
    assert stack_of(()).first == 0


def test_the_worst_slice_that_counts_is_shown_first(study_grades: StudyGrades) -> None:
    bone = DiscPlace(12.0, 5.0, Through.BONE)

    def graded(found: Finding, place: DiscPlace | None = None) -> SliceGrades:
        level = LevelAssignment(Level.L5_S1, LevelSource.SAGITTAL, 0, place)
        return replace(study_grades.slices[0], findings=(found,), level=level)

    slices = (
        graded(Finding("LCCS", None, None, (), "x")),
        graded(Finding("LCCS", None, 2, (0, 0, 0.9, 0.1))),
        graded(Finding("LCCS", None, 2, (0, 0, 1.0, 0.0), "", (), ("blurred",))),
        graded(Finding("LCCS", None, 3, (0, 0, 0.0, 1.0)), bone),
        graded(Finding("LCCS", None, 2, (0, 0, 0.7, 0.3))),
    )
    assert _stack(replace(study_grades, slices=slices)).first == 2
