from __future__ import annotations

from dataclasses import replace

from lumbargrade.grading.columns import columns_of
from lumbargrade.grading.finding import Finding, StudyGrades
from lumbargrade.grading.system import GRADING_SYSTEMS


def test_sides_are_shown_rather_than_the_image(study_grades: StudyGrades) -> None:
    columns = columns_of(study_grades, GRADING_SYSTEMS)
    assert [(column.title, column.output) for column in columns] == [
        ("LDH", "LDH"),
        ("LCCS", "LCCS"),
        ("LNRC left", "LNRC_left"),
        ("LNRC right", "LNRC_right"),
    ]


def test_a_model_that_grades_images_is_shown_by_its_images(study_grades: StudyGrades) -> None:
    slices = tuple(
        replace(item, findings=tuple(f for f in item.findings if f.side is None))
        for item in study_grades.slices
    )
    columns = columns_of(replace(study_grades, slices=slices), GRADING_SYSTEMS)
    assert [(column.title, column.output) for column in columns][-1] == ("LNRC", "LNRC")


def test_sides_that_are_withheld_everywhere_are_no_columns(study_grades: StudyGrades) -> None:
    slices = tuple(
        replace(
            item,
            findings=tuple(
                one if one.side is None else Finding(one.system, one.side, None, reason="unknown")
                for one in item.findings
            ),
        )
        for item in study_grades.slices
    )
    columns = columns_of(replace(study_grades, slices=slices), GRADING_SYSTEMS)
    assert [column.title for column in columns] == ["LDH", "LCCS", "LNRC"]


def test_columns_come_in_the_order_of_the_systems(study_grades: StudyGrades) -> None:
    turned = dict(reversed(list(GRADING_SYSTEMS.items())))
    titles = [column.title for column in columns_of(study_grades, turned)]
    assert titles == ["LNRC left", "LNRC right", "LCCS", "LDH"]
