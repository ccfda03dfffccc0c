"""The network's input: orientation, place, anti-aliasing and the coil gradient."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbargrade.errors import StudyError
from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.model import FloatImage
from lumbargrade.study.patch import (
    SAGITTAL_VIEW,
    OverviewSpec,
    PatchSpec,
    extract_patch,
    overview,
    patch_frame,
    region_of,
)

SPEC = PatchSpec()
CENTER_MM = np.array([3.0, 12.0, 0.0])


def anatomy(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Intensity at patient place (x to the left, y to the back): nothing is symmetric."""
    sac = ((x - 3) / 9) ** 2 + ((y - 12) / 7) ** 2 < 1
    left_blob = (x - 25) ** 2 + (y - 20) ** 2 < 36
    back_bar = (np.abs(y - 40) < 3) & (np.abs(x + 10) < 8)
    waves = 20 * np.sin(x / 5) * np.cos(y / 7)
    values: np.ndarray = 100 + waves + 300 * sac + 200 * left_blob + 250 * back_bar
    return values


def acquire(
    row_direction: tuple[float, float, float],
    column_direction: tuple[float, float, float],
    spacing_mm: tuple[float, float] = (0.6875, 0.6875),
    shape: tuple[int, int] = (256, 256),
) -> tuple[FloatImage, SliceGeometry]:
    """Sample the anatomy on a grid that is centred on the patient's origin."""
    row, column = np.array(row_direction), np.array(column_direction)
    rows, columns = shape
    position = -(row * spacing_mm[1] * (columns - 1) + column * spacing_mm[0] * (rows - 1)) / 2
    geometry = SliceGeometry(
        tuple(position.tolist()), row_direction, column_direction, spacing_mm, rows, columns
    )
    c, r = np.meshgrid(np.arange(columns) * spacing_mm[1], np.arange(rows) * spacing_mm[0])
    place = position[:, None, None] + row[:, None, None] * c + column[:, None, None] * r
    return anatomy(place[0], place[1]).astype(np.float32), geometry


def patch_of(pixels: FloatImage, geometry: SliceGeometry, margin_px: int = 0) -> FloatImage:
    column, row, _ = geometry.to_pixel(CENTER_MM)
    return extract_patch(pixels, geometry, (column, row), SPEC, margin_px)


X, Y = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0)
MINUS_X, MINUS_Y = (-1.0, 0.0, 0.0), (0.0, -1.0, 0.0)


@pytest.mark.parametrize(
    ("row_direction", "column_direction"),
    [
        (MINUS_X, Y),
        (X, MINUS_Y),
        (MINUS_X, MINUS_Y),
        (Y, X),
        (MINUS_Y, X),
        (Y, MINUS_X),
        (MINUS_Y, MINUS_X),
    ],
)
def test_every_storage_order_of_the_same_anatomy_gives_the_same_patch(
    row_direction: tuple[float, float, float], column_direction: tuple[float, float, float]
) -> None:
    usual = patch_of(*acquire(X, Y))
    other = patch_of(*acquire(row_direction, column_direction))
    np.testing.assert_allclose(other, usual, atol=2e-3)


def test_the_patients_left_is_on_the_right_and_the_back_at_the_bottom() -> None:
    pixels, geometry = acquire(MINUS_X, MINUS_Y)
    patch = patch_of(pixels, geometry)
    column, row, _ = geometry.to_pixel(CENTER_MM)
    frame = patch_frame(geometry, (column, row), SPEC)
    blob_u, blob_v = frame.from_pixel(*geometry.to_pixel(np.array([25.0, 20.0, 0.0]))[:2])
    assert blob_u > 64
    assert blob_v > 64
    assert patch[round(blob_v), round(blob_u)] > 2 * patch[round(blob_v), 127 - round(blob_u)]


def test_a_tilted_slice_keeps_its_sides() -> None:
    tilted = (0.0, float(np.cos(0.4)), float(-np.sin(0.4)))
    pixels, geometry = acquire(X, tilted)
    flipped = geometry.__class__(
        tuple(geometry.to_patient(geometry.columns - 1, 0).tolist()),
        MINUS_X,
        tilted,
        geometry.pixel_spacing_mm,
        geometry.rows,
        geometry.columns,
    )
    np.testing.assert_allclose(
        patch_of(pixels[:, ::-1].copy(), flipped), patch_of(pixels, geometry), atol=2e-3
    )


def test_the_margin_does_not_change_the_middle() -> None:
    pixels, geometry = acquire(X, Y)
    wide = patch_of(pixels, geometry, margin_px=16)
    assert wide.shape == (160, 160)
    np.testing.assert_allclose(wide[16:-16, 16:-16], patch_of(pixels, geometry), atol=2e-3)


def test_spacing_of_the_scanner_does_not_move_or_scale_the_patch() -> None:
    coarse = patch_of(*acquire(X, Y, (0.9, 0.6), (200, 300)))
    fine = patch_of(*acquire(X, Y, (0.3, 0.3), (640, 640)))
    assert float(np.abs(coarse - fine).mean()) < 0.03


def test_an_exponential_coil_gradient_is_divided_out() -> None:
    pixels, geometry = acquire(X, Y)
    r, c = np.mgrid[0:256, 0:256]
    shaded = (pixels * np.exp(r / 60 - c / 150)).astype(np.float32)
    difference = np.abs(patch_of(shaded, geometry) - patch_of(pixels, geometry))
    assert float(difference.mean()) < 0.02


def test_the_scale_of_the_intensities_does_not_matter() -> None:
    pixels, geometry = acquire(X, Y)
    np.testing.assert_allclose(
        patch_of(pixels * 37, geometry), patch_of(pixels, geometry), atol=1e-4
    )


def test_fine_stripes_are_averaged_and_not_aliased() -> None:
    stripes = np.tile(np.array([0, 200], dtype=np.float32), (1024, 512))
    stripes[:200] = 400
    geometry = SliceGeometry((-100, -100, 0), X, Y, (0.2, 0.2), 1024, 1024)
    patch = extract_patch(stripes, geometry, (512, 300), SPEC)
    striped = patch[90:110, 20:100]
    assert float(striped.std(axis=1).max()) < 0.02


def test_a_black_slice_gives_a_black_patch() -> None:
    _, geometry = acquire(X, Y)
    patch = extract_patch(np.zeros((256, 256), np.float32), geometry, (128, 128), SPEC)
    assert not patch.any()


def test_a_field_narrower_than_the_square_is_refused() -> None:
    pixels, geometry = acquire(X, Y, shape=(256, 60))
    with pytest.raises(StudyError, match=r"41 x 176 mm is smaller than the 75 mm square"):
        patch_of(pixels, geometry)


def test_a_square_that_hangs_out_of_the_slice_is_refused() -> None:
    pixels, geometry = acquire(X, Y)
    with pytest.raises(StudyError, match="lies outside the slice"):
        extract_patch(pixels, geometry, (20, 128), SPEC)
    extract_patch(pixels, geometry, (50, 128), SPEC)


@given(st.floats(-300, 300), st.floats(-300, 300), st.sampled_from([(X, Y), (MINUS_Y, X)]))
def test_frame_to_pixel_and_back(
    u: float, v: float, axes: tuple[tuple[float, float, float], tuple[float, float, float]]
) -> None:
    geometry = SliceGeometry((0, 0, 0), *axes, (0.7, 0.4), 300, 200)
    frame = patch_frame(geometry, (100.25, 90.5), SPEC)
    back = frame.from_pixel(*frame.to_pixel(u, v))
    assert back == pytest.approx((u, v), abs=1e-6)


def test_region_is_the_square_in_pixels_and_mm() -> None:
    geometry = SliceGeometry((-100, -90, -40), X, Y, (0.5, 0.75), 400, 300)
    region = region_of(geometry, (140.0, 200.0), SPEC, "locator", 0.9)
    assert region.center_mm == pytest.approx((5.0, 10.0, -40.0))
    assert region.box_px == pytest.approx((90.0, 125.0, 100.0, 150.0))
    assert (region.source, region.confidence, region.size_mm) == ("locator", 0.9, 75.0)


def test_overview_is_centred_padded_and_mapped_both_ways() -> None:
    pixels, geometry = acquire(MINUS_X, Y, (0.6875, 0.6875), (256, 256))
    picture, frame = overview(pixels, geometry, OverviewSpec())
    assert picture.shape == (128, 128)
    assert picture.dtype == np.float32
    assert not picture[:15].any()
    assert not picture[:, -15:].any()
    column, row, _ = geometry.to_pixel(CENTER_MM)
    u, v = frame.from_pixel(column, row)
    assert (u, v) == pytest.approx((63.5 + 3 / 2, 63.5 + 12 / 2))
    assert picture[round(v), round(u)] > 1.5 * picture[round(v), round(u) - 10]
    assert frame.to_pixel(u, v) == pytest.approx((column, row))


Z, MINUS_Z = (0.0, 0.0, 1.0), (0.0, 0.0, -1.0)


@pytest.mark.parametrize(
    ("row_direction", "column_direction"),
    [(Y, MINUS_Z), (MINUS_Y, MINUS_Z), (Y, Z), (MINUS_Z, Y), (Z, MINUS_Y)],
)
def test_a_sagittal_overview_shows_the_front_on_its_left_and_the_head_at_its_top(
    row_direction: tuple[float, float, float], column_direction: tuple[float, float, float]
) -> None:
    """However it is stored: a bright blob 30 mm to the back and 20 mm to the head."""
    row, column = np.array(row_direction), np.array(column_direction)
    position = tuple((-(row + column) * 1.0 * 99.5).tolist())
    geometry = SliceGeometry(position, row_direction, column_direction, (1.0, 1.0), 200, 200)
    c, r = np.meshgrid(np.arange(200.0), np.arange(200.0))
    place = np.array(position)[:, None, None] + row[:, None, None] * c + column[:, None, None] * r
    pixels = 100 + 900 * (np.hypot(place[1] - 30, place[2] - 20) < 6)
    spec = OverviewSpec(1.5, 192)
    picture, frame = overview(pixels.astype(np.float32), geometry, spec, SAGITTAL_VIEW)
    bright = np.argwhere(picture > 0.7 * picture.max()).mean(axis=0)
    assert bright == pytest.approx([95.5 - 20 / 1.5, 95.5 + 30 / 1.5], abs=0.5)
    at = geometry.to_patient(*frame.to_pixel(*bright[::-1]))
    assert at[1:] == pytest.approx([30.0, 20.0], abs=0.7)


def test_an_overview_may_be_centred_elsewhere() -> None:
    pixels, geometry = acquire(X, Y)
    spec = OverviewSpec(2.0, 64)
    moved, frame = overview(pixels, geometry, spec, center_px=(100.0, 150.0))
    assert frame.to_pixel(31.5, 31.5) == pytest.approx((100.0, 150.0))
    there, _ = overview(pixels, geometry, spec)
    assert float(np.abs(moved - there).mean()) > 0.05
