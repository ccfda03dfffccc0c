from __future__ import annotations

from dataclasses import replace

import pytest

from lumbargrade.grading.finding import StudyGrades
from lumbargrade.outputs.page.pictures.views import views_of
from lumbargrade.study.graded import SlicePicture


def test_the_box_is_drawn_where_the_region_is(
    study_grades: StudyGrades, pictures: tuple[SlicePicture, ...]
) -> None:
    views = views_of(study_grades.slices[0], pictures[0])
    left, top, width, height = views.box
    assert left + width / 2 == pytest.approx(100 * (161.25 + 0.5) / 320)
    assert top + height / 2 == pytest.approx(100 * (150.5 + 0.5) / 300)
    assert (width * 320, height * 300) == pytest.approx((12500, 12500))
    assert views.aspect == pytest.approx(320 / 300)
    assert views.drawing is None


def test_the_drawing_is_as_large_as_the_region(
    study_grades: StudyGrades, outlined_pictures: tuple[SlicePicture, ...]
) -> None:
    item = study_grades.slices[0]
    wide = replace(item, region=replace(item.region, size_mm=84.0))
    views = views_of(wide, outlined_pictures[0])
    assert views.drawing is not None
    assert views.drawing.view_box == "-42 -42 84 84"


def test_a_region_that_is_turned_is_drawn_turned(
    study_grades: StudyGrades, pictures: tuple[SlicePicture, ...]
) -> None:
    item = study_grades.slices[0]
    assert views_of(item, pictures[0]).angle_deg == 0.0
    turned = replace(item, region=replace(item.region, angle_deg=23.0))
    assert views_of(turned, pictures[0]).angle_deg == 23.0


def test_no_edge_is_named_where_the_sides_are_not_known(
    study_grades: StudyGrades, outlined_pictures: tuple[SlicePicture, ...]
) -> None:
    known = views_of(study_grades.slices[0], outlined_pictures[0])
    unknown = views_of(study_grades.slices[0], replace(outlined_pictures[0], sides_known=False))
    assert set(known.letters) == {"L", "R", "A", "P"}
    assert unknown.letters == ("?", "?", "?", "?")
    assert known.drawing is not None
    assert unknown.drawing is not None
    assert any("left" in one.title for one in known.drawing.shapes)
    assert not any("left" in one.title or "right" in one.title for one in unknown.drawing.shapes)
