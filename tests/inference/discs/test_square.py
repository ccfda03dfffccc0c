"""A disc's square lies along the disc, in its own size, with CSF at 1."""

from __future__ import annotations

import numpy as np
import pytest
from tests.inference.sagittal.spines import disc_at

from lumbargrade.inference.discs.square import (
    BRIGHTEST,
    DISC_SQUARE,
    disc_squares,
)
from lumbargrade.study.geometry import SliceGeometry

EDGE = DISC_SQUARE.pixels


def geometry_of(flipped: bool = False, spacing: tuple[float, float] = (1.0, 1.0)) -> SliceGeometry:
    """A sagittal slice of 160 mm around the origin; flipped: from foot to head, back to front."""
    sign = -1.0 if flipped else 1.0
    rows, columns = (round(160 / step) for step in spacing)
    return SliceGeometry(
        (0.0, -80.0 * sign, 80.0 * sign), (0, sign, 0), (0, 0, -sign), spacing, rows, columns
    )


def painted(geometry: SliceGeometry, tilt_deg: float) -> np.ndarray:
    """A disc of 36 x 10 mm that is bright in front, on grey bone, with CSF behind it."""
    rows, columns = np.mgrid[0 : geometry.rows, 0 : geometry.columns]
    right, down = geometry.row_direction, geometry.column_direction
    step_down, step_right = geometry.pixel_spacing_mm
    y = geometry.to_patient(0, 0)[1] + columns * step_right * right[1] + rows * step_down * down[1]
    z = geometry.to_patient(0, 0)[2] + columns * step_right * right[2] + rows * step_down * down[2]
    turn = np.deg2rad(tilt_deg)
    back = np.cos(turn) * y + np.sin(turn) * z
    up = -np.sin(turn) * y + np.cos(turn) * z
    picture = np.full(rows.shape, 300.0)
    disc = (np.abs(back) < 18) & (np.abs(up) < 5)
    picture[disc] = np.where(back[disc] < 0, 500.0, 50.0)
    picture[back > 20] = 1000.0
    picture[(back > 0) & (back < 18) & (up > 10)] = 700.0
    return np.asarray(picture, dtype=np.float32)


@pytest.mark.parametrize("tilt", [0.0, 25.0, -30.0])
@pytest.mark.parametrize("flipped", [False, True])
@pytest.mark.parametrize("spacing", [(1.0, 1.0), (0.5, 0.8)])
def test_it_is_the_same_however_the_disc_and_the_slice_lie(
    tilt: float, flipped: bool, spacing: tuple[float, float]
) -> None:
    geometry = geometry_of(flipped, spacing)
    corners = disc_at((0, 0, 0), tilt).corners_mm[np.newaxis]
    found = disc_squares(painted(geometry, tilt), geometry, corners)
    (square,) = found.pictures
    middle, column = EDGE // 2, round(EDGE / 2 - DISC_SQUARE.backward / DISC_SQUARE.step)
    assert square.shape == (EDGE, EDGE)
    assert square.dtype == np.float32
    assert square[middle, column - 6] == pytest.approx(0.5, abs=0.03)  # front of the disc
    assert square[middle, column + 6] == pytest.approx(0.05, abs=0.03)  # back of the disc
    assert square[middle, -3] == pytest.approx(1.0, abs=0.01)  # CSF
    assert square[4, column + 6] == pytest.approx(0.7, abs=0.03)  # above, to the back
    assert square[-4, column + 6] == pytest.approx(0.3, abs=0.03)  # below
    assert found.outside.tolist() == [0.0]


def test_its_size_is_that_of_the_disc_and_its_brightness_does_not_matter() -> None:
    geometry = geometry_of()
    disc = disc_at((0, 0, 0)).corners_mm[np.newaxis]
    small = disc_squares(painted(geometry, 0), geometry, disc).pictures
    bright = disc_squares(3 * painted(geometry, 0), geometry, disc).pictures
    np.testing.assert_allclose(small, bright, atol=1e-4)
    large = disc_squares(painted(geometry, 0), geometry, 1.5 * disc).pictures
    column = round(EDGE / 2 - DISC_SQUARE.backward / DISC_SQUARE.step)
    heights = [(one[0, :, column - 6] > 0.4).sum() for one in (small, large)]
    assert heights[1] == pytest.approx(heights[0] / 1.5, abs=1.5)
    assert small.max() <= BRIGHTEST


def test_a_margin_changes_nothing_inside() -> None:
    geometry = geometry_of()
    corners = np.stack([disc_at((0, 0, z)).corners_mm for z in (0, 30)])
    plain = disc_squares(painted(geometry, 0), geometry, corners)
    wide = disc_squares(painted(geometry, 0), geometry, corners, margin_px=5)
    np.testing.assert_allclose(wide.pictures[:, 5:-5, 5:-5], plain.pictures, atol=1e-5)


def test_neighbours_share_the_brightness_of_csf() -> None:
    geometry = geometry_of()
    picture = painted(geometry, 0)
    corners = np.stack([disc_at((0, 0, z)).corners_mm for z in (-36, 0, 36)])
    picture[62:98, 100:] = 200.0  # no CSF behind the disc in the middle: a stenosis
    found = disc_squares(picture, geometry, corners).pictures[1]
    alone = disc_squares(picture, geometry, corners[1:2]).pictures[0]
    assert found[EDGE // 2, 10] == pytest.approx(0.5, abs=0.05)
    assert alone[EDGE // 2, 10] > 0.6


def test_what_lies_outside_the_slice_is_told() -> None:
    geometry = geometry_of()
    corners = disc_at((0, 75, 0)).corners_mm[np.newaxis]
    found = disc_squares(painted(geometry, 0), geometry, corners)
    assert 0.3 < found.outside[0] < 0.8


def test_no_discs_give_no_squares() -> None:
    found = disc_squares(np.ones((9, 9), np.float32), geometry_of(), np.zeros((0, 4, 3)), 2)
    assert found.pictures.shape == (0, EDGE + 4, EDGE + 4)
    assert len(found.outside) == 0


def test_a_black_slice_is_black() -> None:
    corners = disc_at((0, 0, 0)).corners_mm[np.newaxis]
    geometry = geometry_of()
    black = np.zeros((geometry.rows, geometry.columns), np.float32)
    assert disc_squares(black, geometry, corners).pictures.max() == 0.0
