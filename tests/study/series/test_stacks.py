"""Slices of a stack are parallel and follow each other; the limits of both."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.study.series.spines import slice_at

from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.series.stacks import USUAL_THICKNESS_MM, stacks_of, thickness_mm


def at(along_mm: float, tilt_deg: float = 0.0, flipped: bool = False) -> SliceGeometry:
    """A slice whose centre lies ``along_mm`` from the scanner's along its own normal."""
    tilt = np.radians(tilt_deg)
    column = np.array((0.0, np.cos(tilt), np.sin(tilt)))
    row = np.array((1.0, 0.0, 0.0))
    normal = np.cross(row, column)
    if flipped:
        row = -row
    corner = along_mm * normal - 0.8 * (row * 99 + column * 119) / 2
    x, y, z = (float(value) for value in corner)
    return SliceGeometry((x, y, z), tuple(row), tuple(column), (0.8, 0.8), 120, 100)


@pytest.mark.parametrize(
    ("gap_mm", "stacks"), [(14.99, ((0, 1),)), (15.0, ((0, 1),)), (15.01, ((0,), (1,)))]
)
def test_the_largest_gap(gap_mm: float, stacks: tuple[tuple[int, ...], ...]) -> None:
    assert stacks_of([at(0), at(gap_mm)], 15.0) == stacks


@pytest.mark.parametrize(
    ("tilt_deg", "stacks"),
    [(1.99, ((0, 1),)), (2.01, ((0,), (1,))), (-1.99, ((0, 1),)), (-2.01, ((0,), (1,)))],
)
def test_the_largest_angle(tilt_deg: float, stacks: tuple[tuple[int, ...], ...]) -> None:
    assert stacks_of([at(0), at(4, tilt_deg)], 15.0) == stacks


def test_the_gap_is_measured_along_the_normal_of_a_tilted_stack() -> None:
    assert stacks_of([at(0, 40), at(14.9, 40)], 15.0) == ((0, 1),)
    assert stacks_of([at(0, 40), at(15.1, 40)], 15.0) == ((0,), (1,))


@pytest.mark.parametrize(("gap_mm", "count"), [(8.99, 1), (9.01, 2)])
def test_a_gap_wider_than_usual_parts_slices_that_are_evenly_spaced(
    gap_mm: float, count: int
) -> None:
    slices = [at(0), at(4), at(8), at(8 + gap_mm), at(12 + gap_mm)]  # 2 x 4 + 1 = 9
    assert len(stacks_of(slices, 20.0, evenly_spaced=True)) == count
    assert len(stacks_of(slices, 20.0)) == 1


def test_the_usual_gap_does_not_lift_the_largest() -> None:
    slices = [at(0), at(19.9), at(40), at(59.9)]
    assert stacks_of(slices, 20.0, evenly_spaced=True) == ((0, 1), (2, 3))


def test_slices_at_one_place_do_not_make_the_usual_gap_nothing() -> None:
    slices = [at(z) for z in (0, 0, 0, 4, 4, 8, 8)]
    assert stacks_of(slices, 20.0, evenly_spaced=True) == (tuple(range(7)),)
    assert stacks_of([at(0), at(0), at(0)], 20.0, evenly_spaced=True) == ((0, 1, 2),)


def test_stacks_are_caudal_to_cranial_in_any_order_and_any_direction_of_the_normal() -> None:
    slices = [at(8), at(100, 30), at(0, flipped=True), at(104, 30), at(4)]
    assert stacks_of(slices, 15.0) == ((2, 4, 0), (1, 3))


def test_no_slices_are_no_stacks() -> None:
    assert stacks_of([], 15.0) == ()


@pytest.mark.parametrize(
    ("said", "taken"),
    [(3.5, 3.5), (0.8, 0.8), (0.004, 4.0), (-4.0, 4.0), (400.0, 4.0), (0.0, 4.0), (None, 4.0)],
)
def test_a_thickness_that_cannot_be_is_the_usual_one(said: float | None, taken: float) -> None:
    item = slice_at((0, 0, 0))
    acquisition = replace(item.acquisition, slice_thickness_mm=said)
    assert USUAL_THICKNESS_MM == 4.0
    assert thickness_mm(replace(item, acquisition=acquisition)) == taken
