"""A slice cut upright: whatever way the field of view or the patient is rotated in the plane."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.model import FloatImage
from lumbargrade.study.patch import PatchSpec, extract_patch, patch_frame, region_of
from lumbargrade.study.upright import UPRIGHT_WITHIN_DEG, upright

SPEC = PatchSpec()
CENTER_MM = np.array([3.0, 12.0, -20.0])
STORED = [
    ((1, 0, 0), (0, 1, 0)), ((-1, 0, 0), (0, 1, 0)), ((-1, 0, 0), (0, -1, 0)),
    ((0, 1, 0), (1, 0, 0)), ((0, -1, 0), (-1, 0, 0)), ((0, -1, 0), (1, 0, 0)),
]  # fmt: skip
"""Ways to store an axial slice: along rows and columns."""

ways = st.sampled_from(STORED)
angles = st.floats(-179, 179)
small = st.floats(-4.9, 4.9)
spacings = st.sampled_from([(0.6, 0.6), (0.9, 0.5)])
landmarks = st.tuples(st.floats(-30, 30), st.floats(-30, 30))


def about_z(degrees: float) -> np.ndarray:
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return np.array([[cosine, -sine, 0.0], [sine, cosine, 0.0], [0.0, 0.0, 1.0]])


def field(
    way: tuple[tuple[int, int, int], tuple[int, int, int]],
    turned_deg: float,
    spacing_mm: tuple[float, float] = (0.6, 0.6),
) -> SliceGeometry:
    """A field of view around the patient's origin, turned in its plane."""
    row, column = (about_z(turned_deg) @ np.array(one, dtype=float) for one in way)
    rows, columns = 300, 320
    corner = row * spacing_mm[1] * (columns - 1) + column * spacing_mm[0] * (rows - 1)
    position = (0.0, 0.0, -20.0) - corner / 2
    return SliceGeometry(
        tuple(position.tolist()), tuple(row.tolist()), tuple(column.tolist()), spacing_mm,
        rows, columns,
    )  # fmt: skip


def blank(geometry: SliceGeometry) -> FloatImage:
    return np.zeros((geometry.rows, geometry.columns), np.float32)


def place_in_patch(
    geometry: SliceGeometry, point_mm: np.ndarray, center_mm: np.ndarray, rotation_deg: float = 0.0
) -> np.ndarray:
    """Where in the cut patch (mm from its middle) a point of the patient comes to lie."""
    column, row, _ = geometry.to_pixel(center_mm)
    view = upright(blank(geometry), geometry, (column, row), rotation_deg)
    frame = patch_frame(view.geometry, view.center_px, SPEC)
    stored = geometry.to_pixel(point_mm)[:2]
    uv = frame.from_pixel(*view.geometry.to_pixel(view.stored.to_patient(*stored))[:2])
    return (np.array(uv) - (SPEC.pixels - 1) / 2) * SPEC.spacing_mm


@given(ways, angles, spacings, landmarks)
def test_a_landmark_lies_in_the_patch_where_it_lies_in_the_patient(
    way: tuple[tuple[int, int, int], tuple[int, int, int]],
    turned_deg: float,
    spacing_mm: tuple[float, float],
    beside_mm: tuple[float, float],
) -> None:
    found = place_in_patch(
        field(way, turned_deg, spacing_mm), CENTER_MM + np.array([*beside_mm, 0.0]), CENTER_MM
    )
    # A field that is turned by less than 5 degrees is left as it is.
    reach = np.hypot(*beside_mm) * math.radians(UPRIGHT_WITHIN_DEG)
    assert np.hypot(*(found - beside_mm)) <= reach + 1e-6
    nearest = (turned_deg + 45) % 90 - 45
    if abs(nearest) > UPRIGHT_WITHIN_DEG:
        assert found == pytest.approx(beside_mm, abs=1e-6)


@given(ways, st.floats(-60, 60), st.floats(-60, 60), landmarks)
def test_a_rotated_patient_lies_upright_in_the_patch(
    way: tuple[tuple[int, int, int], tuple[int, int, int]],
    field_deg: float,
    patient_deg: float,
    beside_mm: tuple[float, float],
) -> None:
    landmark = about_z(patient_deg) @ np.array([*beside_mm, 0.0])
    found = place_in_patch(field(way, field_deg), CENTER_MM + landmark, CENTER_MM, patient_deg)
    reach = np.hypot(*beside_mm) * math.radians(UPRIGHT_WITHIN_DEG)
    assert np.hypot(*(found - beside_mm)) <= reach + 1e-6


@given(ways, small)
def test_a_straight_slice_is_left_as_it_is(
    way: tuple[tuple[int, int, int], tuple[int, int, int]], turned_deg: float
) -> None:
    geometry = field(way, turned_deg)
    pixels = blank(geometry)
    view = upright(pixels, geometry, (100.25, 90.5))
    assert view.pixels is pixels
    assert view.geometry is geometry
    assert (view.center_px, view.angle_deg) == ((100.25, 90.5), 0.0)
    assert view.to_stored(7.3, 8.1) == (7.3, 8.1)


@pytest.mark.parametrize("way", STORED)
@pytest.mark.parametrize("degrees", [10.0, -30.0, 45.0, 52.0])
def test_a_field_rotated_with_the_patient_gives_the_same_patch_bit_for_bit(
    way: tuple[tuple[int, int, int], tuple[int, int, int]], degrees: float
) -> None:
    straight, rotated = field(way, 0.0), field(way, degrees)
    pixels = np.random.default_rng(3).random((300, 320), np.float32)
    center = (150.0, 140.0)
    view = upright(pixels, rotated, center, degrees)
    np.testing.assert_array_equal(
        extract_patch(view.pixels, view.geometry, view.center_px, SPEC),
        extract_patch(pixels, straight, center, SPEC),
    )
    assert view.angle_deg == 0.0


def smooth(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Intensities at places of the patient, with nothing symmetric."""
    waves = 100 + 30 * np.sin(x / 5) * np.cos(y / 7)
    blob = 300 * np.exp(-((x - 20) ** 2 + (y - 18) ** 2) / 60)
    values: np.ndarray = waves + blob
    return values


def acquired(geometry: SliceGeometry) -> FloatImage:
    column, row = np.meshgrid(np.arange(geometry.columns), np.arange(geometry.rows))
    place = (
        np.array(geometry.position_mm)[:, None, None]
        + np.array(geometry.row_direction)[:, None, None] * column * geometry.pixel_spacing_mm[1]
        + np.array(geometry.column_direction)[:, None, None] * row * geometry.pixel_spacing_mm[0]
    )
    return smooth(place[0], place[1]).astype(np.float32)


@pytest.mark.parametrize("way", STORED)
@pytest.mark.parametrize("degrees", [10.0, -30.0, 44.0, 46.0])
def test_a_rotated_field_of_view_shows_the_same_patch(
    way: tuple[tuple[int, int, int], tuple[int, int, int]], degrees: float
) -> None:
    usual, rotated = field(STORED[0], 0.0), field(way, degrees)
    center = usual.to_pixel(CENTER_MM)[:2]
    expected = extract_patch(acquired(usual), usual, center, SPEC)
    view = upright(acquired(rotated), rotated, rotated.to_pixel(CENTER_MM)[:2])
    found = extract_patch(view.pixels, view.geometry, view.center_px, SPEC)
    assert float(np.abs(found - expected).mean()) < 0.01
    assert abs(view.angle_deg) == pytest.approx(min(abs(degrees), 90 - abs(degrees)))


@given(ways, st.floats(-60, 60), st.floats(-60, 60), spacings)
def test_the_region_drawn_on_the_slice_is_the_square_that_was_cut(
    way: tuple[tuple[int, int, int], tuple[int, int, int]],
    field_deg: float,
    patient_deg: float,
    spacing_mm: tuple[float, float],
) -> None:
    geometry = field(way, field_deg, spacing_mm)
    center = (150.0, 140.0)
    view = upright(blank(geometry), geometry, center, patient_deg)
    region = replace(region_of(geometry, center, SPEC, "locator"), angle_deg=view.angle_deg)
    frame = patch_frame(view.geometry, view.center_px, SPEC)
    low, high = -0.5, SPEC.pixels - 0.5
    cut = [(low, low), (high, low), (high, high), (low, high)]
    expected = np.array([view.to_stored(*frame.to_pixel(*one)) for one in cut])
    apart = np.linalg.norm(expected[:, None] - np.array(region.corners_px)[None], axis=2)
    assert apart.min(axis=1).max() < 1e-6
    assert sorted(apart.argmin(axis=1)) == [0, 1, 2, 3]
