from __future__ import annotations

from dataclasses import replace

from tests.made_up_discs import disc

from lumbargrade.grading.finding import StudyGrades
from lumbargrade.grading.level import Level, LevelAssignment, LevelSource
from lumbargrade.outputs.page.refusals import refusals_of
from lumbargrade.outputs.page.words.language import words_of

EN = words_of()


def test_refusals_are_grouped_by_reason(study_grades: StudyGrades) -> None:
    groups = [(group.reason, len(group.items)) for group in refusals_of(study_grades, EN)]
    assert groups == [("sagittal, not axial", 2), ("not an image", 1)]


def test_the_series_that_shows_the_discs_is_said_to_be_used(study_grades: StudyGrades) -> None:
    shown = replace(disc(Level.L4_L5), series_instance_uid="1.2.9")
    with_discs = replace(study_grades, discs=(shown,))
    first, _ = refusals_of(with_discs, EN)
    assert first.reason == "sagittal, not axial; shown as the sagittal picture"
    level = LevelAssignment(Level.L4_L5, LevelSource.SAGITTAL, 0)
    named = tuple(replace(item, level=level) for item in study_grades.slices)
    first, _ = refusals_of(replace(with_discs, slices=named), EN)
    assert "used to name the levels, and shown as the sagittal picture" in first.reason
    assert len(first.items) == 2
