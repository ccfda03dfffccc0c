from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.made_up_discs import SAGITTAL, disc, sagittal

from lumbargrade.grading.level import Level
from lumbargrade.outputs.page.pictures.display import displayed
from lumbargrade.outputs.page.pictures.sagittal import cut_line, sagittal_of
from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.graded import SlicePicture
from lumbargrade.study.patch import SAGITTAL_VIEW

DISCS = (disc(Level.L5_S1, z=-35.0), disc(Level.L4_L5), disc(Level.L3_L4, z=35.0))


def _axial(z: float, x: float = -80.0, tilt: float = 0.0) -> SliceGeometry:
    """160 mm wide and 120 mm deep, from y = -80; its back is raised by ``tilt`` radians."""
    down = (0.0, float(np.cos(tilt)), float(np.sin(tilt)))
    return SliceGeometry((x, -80.0, z), (1, 0, 0), down, (1.0, 1.0), 120, 160)


SHOWN = displayed(sagittal().pixels, SAGITTAL, SAGITTAL_VIEW)


def test_a_slice_is_a_line_as_long_as_it_reaches() -> None:
    line = cut_line(4, _axial(10.0), SHOWN)
    assert line is not None
    # Rows -0.5 to 119.5 of the slice are y = -80.5 to 39.5; the picture begins at y = -100.5.
    assert (line.x1, line.x2) == pytest.approx((20.0, 140.0))
    assert (line.y1, line.y2) == pytest.approx((130.5, 130.5))
    assert line.number == 4


def test_a_tilted_slice_is_a_tilted_line() -> None:
    line = cut_line(1, _axial(0.0, tilt=0.2), SHOWN)
    assert line is not None
    assert (line.y1 - line.y2) / (line.x2 - line.x1) == pytest.approx(np.tan(0.2))


def test_a_slice_beside_the_sagittal_plane_has_no_line() -> None:
    assert cut_line(1, _axial(0.0, x=30.0), SHOWN) is None


def test_a_slice_parallel_to_it_has_no_line() -> None:
    assert cut_line(1, replace(SAGITTAL, position_mm=(9.0, -100.0, 140.0)), SHOWN) is None


def test_only_slices_of_the_same_coordinates_are_lines(
    pictures: tuple[SlicePicture, ...],
) -> None:
    axial = [
        replace(one, geometry=_axial(10.0 * number), frame_of_reference_uid="1.7")
        for number, one in enumerate(pictures, 1)
    ]
    axial[1] = replace(axial[1], frame_of_reference_uid="1.8")
    view = sagittal_of(sagittal("1.7"), DISCS, enumerate(axial, 1))
    assert view is not None
    assert [line.number for line in view.lines] == [1, 3, 4, 5]


def test_discs_are_drawn_where_they_lie_cranial_first() -> None:
    view = sagittal_of(sagittal(), DISCS, ())
    assert view is not None
    assert [shape.disc.level.level for shape in view.discs] == [
        Level.L3_L4, Level.L4_L5, Level.L5_S1,
    ]  # fmt: skip
    assert view.discs[1].path == "M60.50,136.50 95.50,136.50 95.50,144.50 60.50,144.50Z"
    tops = [shape.top for shape in view.discs]
    assert tops == sorted(tops)
    left, top, width, height = view.view_box
    assert 0 <= left < 60
    assert left + width <= view.width_mm
    assert top >= 0
    assert top + height <= view.height_mm
    assert view.letters == ("A", "P", "H", "F")


def test_the_part_shown_is_that_of_the_discs_with_names() -> None:
    view = sagittal_of(sagittal(), DISCS, ())
    unnamed = sagittal_of(sagittal(), (*DISCS, disc(None, z=70.0)), ())
    assert view is not None
    assert unnamed is not None
    assert unnamed.view_box == view.view_box
    assert len(unnamed.discs) == 4
    assert sagittal_of(sagittal(), (disc(None),), ()) is not None


def test_without_a_picture_or_a_disc_there_is_nothing_to_show() -> None:
    assert sagittal_of(None, DISCS, ()) is None
    assert sagittal_of(sagittal(), (), ()) is None
