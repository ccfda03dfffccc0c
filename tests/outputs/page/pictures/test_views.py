from __future__ import annotations

from dataclasses import replace

import pytest

from lumbargrade.grading.finding import StudyGrades
from lumbargrade.outputs.page.pictures.views import HOME_REGIONS, views_of
from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.graded import SlicePicture


def test_the_region_is_drawn_where_it_is(
    study_grades: StudyGrades, pictures: tuple[SlicePicture, ...]
) -> None:
    views = views_of(study_grades.slices[0], pictures[0])
    assert (views.width_mm, views.height_mm) == pytest.approx((320 * 0.6, 300 * 0.6))
    assert views.centre_mm == pytest.approx(((161.25 + 0.5) * 0.6, (150.5 + 0.5) * 0.6))
    assert views.size_mm == 75.0
    assert views.drawing is None


def test_a_mirrored_slice_is_shown_in_radiological_convention(
    study_grades: StudyGrades, pictures: tuple[SlicePicture, ...]
) -> None:
    """Columns that run to the patient's right are turned round, the region with them."""
    item, stored = study_grades.slices[0], pictures[0].geometry
    turned = SliceGeometry(
        (-stored.position_mm[0], -60.0, 10.0), (-1, 0, 0), (0, 1, 0), (0.6, 0.6), 300, 320
    )
    tilted = replace(item, region=replace(item.region, angle_deg=23.0))
    views = views_of(tilted, replace(pictures[0], geometry=turned))
    assert views.letters == ("R", "L", "A", "P")
    assert views.centre_mm == pytest.approx(((320 - 161.25 - 0.5) * 0.6, (150.5 + 0.5) * 0.6))
    assert views.angle_deg == -23.0


def test_the_part_shown_at_first_has_the_region_in_its_middle(
    study_grades: StudyGrades, pictures: tuple[SlicePicture, ...]
) -> None:
    views = views_of(study_grades.slices[0], pictures[0])
    x, y, width, height = views.home
    assert min(width, height) == pytest.approx(HOME_REGIONS * 75, rel=1e-3)
    assert (x + width / 2, y + height / 2) == pytest.approx(views.centre_mm)
    whole = replace(views, size_mm=180.0)
    assert (whole.zoom, whole.home) == (1.0, (0.0, 0.0, views.width_mm, views.height_mm))
    corner = replace(views, centre_mm=(0.0, views.height_mm))
    x, y, width, height = corner.home
    assert x == 0.0
    assert y + height == pytest.approx(views.height_mm)


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
    assert any(one.side is not None for one in known.drawing.shapes)
    assert not any(one.side is not None for one in unknown.drawing.shapes)
