"""Axial slices and a sagittal one of a made-up body, where they cross."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.inference.levels.bodies import axial, sagittal

from lumbargrade.errors import StudyError
from lumbargrade.inference.levels.crossing import crossing, fits_of


@pytest.mark.parametrize("moved_mm", [-30.0, 0.0, 12.0])
def test_the_slices_fit_where_the_patient_lay(moved_mm: float) -> None:
    slices = [axial(z, moved_mm) for z in (-50.0, -20.0, 15.0, 45.0)]
    found = crossing(slices, sagittal())
    assert found is not None
    assert found.shift_mm == pytest.approx(-moved_mm, abs=2.0)
    assert found.fit > 0.9
    assert found.lead > 0.2
    assert (found.here > 0.9) == (moved_mm == 0.0)


def test_an_angled_stack_at_the_edge_of_the_picture_fits_where_it_lies() -> None:
    """Moved up or down, its slices run out of the sagittal picture in part."""
    found = crossing([axial(z, angle_deg=40.0) for z in (-92.0, -88.0, -84.0)], sagittal())
    assert found is not None
    assert found.shift_mm == 0.0
    assert found.fit > 0.9
    assert found.lead > 0.08


def test_the_brightness_of_a_picture_says_nothing() -> None:
    picture = sagittal()
    darker = replace(picture, pixels=(7.0 + 0.2 * picture.pixels).astype(np.float32))
    found = crossing([axial(0.0), axial(30.0)], darker)
    assert found is not None
    assert found.fit > 0.9


def test_pictures_that_do_not_cross_say_nothing() -> None:
    picture = sagittal()
    beside = replace(axial(0.0), geometry=picture.geometry)
    assert crossing([beside], picture) is None


def test_a_damaged_picture_is_passed_over() -> None:
    def broken() -> NDArray[np.float32]:
        raise StudyError("damaged")

    damaged = replace(axial(0.0), load_pixels=broken)
    assert crossing([damaged], sagittal()) is None
    assert fits_of([damaged, axial(20.0)], sagittal()) == pytest.approx(
        fits_of([axial(20.0)], sagittal())
    )


def test_slices_outside_the_sagittal_picture_do_not_fit() -> None:
    found = crossing([axial(400.0)], sagittal())
    assert found is not None
    assert found.fit == 0.0
