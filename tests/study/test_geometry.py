"""The place of a slice: what it accepts and how pixels map to the patient."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lumbargrade.study.geometry import UNIT_TOLERANCE, SliceGeometry, nearest_directions

SPACINGS = st.floats(0.1, 5)
PLACES = st.floats(-1000, 1000)


def turned(angles: tuple[float, float, float]) -> tuple[np.ndarray, np.ndarray]:
    """Return the first two axes of a rotation by three angles."""
    a, b, c = angles
    about_z = np.array([[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0], [0, 0, 1]])
    about_x = np.array([[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]])
    about_y = np.array([[np.cos(c), 0, np.sin(c)], [0, 1, 0], [-np.sin(c), 0, np.cos(c)]])
    rotation = about_z @ about_x @ about_y
    return rotation[:, 0], rotation[:, 1]


@given(
    st.tuples(*[st.floats(-3.2, 3.2)] * 3),
    st.tuples(*[PLACES] * 3),
    st.tuples(SPACINGS, SPACINGS),
    st.tuples(st.floats(-600, 600), st.floats(-600, 600)),
)
def test_to_pixel_inverts_to_patient(
    angles: tuple[float, float, float],
    position: tuple[float, float, float],
    spacing: tuple[float, float],
    pixel: tuple[float, float],
) -> None:
    row, column = turned(angles)
    geometry = SliceGeometry(
        position, tuple(row.tolist()), tuple(column.tolist()), spacing, 320, 256
    )
    back = geometry.to_pixel(geometry.to_patient(*pixel))
    assert back == pytest.approx((*pixel, 0.0), abs=1e-6)


def test_to_patient_is_the_equation_of_the_standard() -> None:
    # PS3.3 C.7.6.2.1.1: P = S + X * dj * j + Y * di * i, with j the column index.
    geometry = SliceGeometry((10, 20, 30), (0, 1, 0), (0, 0, -1), (0.5, 2.0), 100, 50)
    assert geometry.to_patient(3, 4) == pytest.approx((10, 20 + 3 * 2.0, 30 - 4 * 0.5))
    assert geometry.size_mm == (50.0, 100.0)
    assert geometry.normal == pytest.approx((-1, 0, 0))


@given(st.floats(-50, 50))
def test_distance_along_the_normal(distance: float) -> None:
    geometry = SliceGeometry((0, 0, 0), (1, 0, 0), (0, 1, 0), (1, 1), 10, 10)
    assert geometry.to_pixel(np.array([2, 3, distance])) == pytest.approx((2, 3, distance))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"row_direction": (1, 1, 0)}, "unit vectors"),
        ({"row_direction": (0, 1, 0)}, "right angle"),
        ({"pixel_spacing_mm": (0, 1)}, "spacing"),
        ({"pixel_spacing_mm": (float("nan"), 1)}, "spacing"),
        ({"rows": 0}, "no pixels"),
        ({"position_mm": (float("nan"), 0, 0)}, "finite"),
    ],
)
def test_impossible_geometry_is_refused(change: dict[str, Any], message: str) -> None:
    possible: dict[str, object] = {
        "position_mm": (0, 0, 0),
        "row_direction": (1, 0, 0),
        "column_direction": (0, 1, 0),
        "pixel_spacing_mm": (1, 1),
        "rows": 5,
        "columns": 5,
    }
    with pytest.raises(ValueError, match=message):
        SliceGeometry(**{**possible, **change})


@given(st.tuples(*[st.floats(-3.2, 3.2)] * 3), st.integers(2, 6), st.booleans())
def test_rounded_directions_come_back_as_right_angles(
    angles: tuple[float, float, float], decimals: int, cut_off: bool
) -> None:
    true, steps = turned(angles), 10**decimals
    whole = math.trunc if cut_off else round
    rounded = [tuple(whole(float(value) * steps) / steps for value in axis) for axis in true]
    # With 0.1 and its like alone, nothing tells two decimals from one.
    assume(any(round(10 * value, 6) % 1 for axis in rounded for value in axis))
    (a, b, c), (d, e, f) = rounded
    row, column = nearest_directions((a, b, c), (d, e, f))
    SliceGeometry((0, 0, 0), row, column, (1, 1), 10, 10)  # takes nothing but right angles
    for read, exact in zip((row, column), true, strict=True):
        assert float(np.linalg.norm(np.subtract(read, exact))) < 3 / steps


def test_directions_within_the_tolerance_stay_as_they_are() -> None:
    row, column = (1.0, 0.0, 0.0), (0.0, 1.0 - UNIT_TOLERANCE / 2, 0.0)
    assert nearest_directions(row, column) == (row, column)


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ((0.98, 0, 0), (0, 1, 0), "unit vectors"),
        ((1.02, 0, 0), (0, 1, 0), "unit vectors"),
        ((1, 0, 0), (0.06, 0.9982, 0), "right angle"),
        ((1, 0, 0.1), (0, 1, 0), "rounded to one decimal"),
        ((float("nan"), 0, 0), (0, 1, 0), "not a finite number"),
    ],
)
def test_more_than_rounding_is_refused(row: Any, column: Any, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        nearest_directions(row, column)
