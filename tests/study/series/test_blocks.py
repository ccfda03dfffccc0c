"""Disc blocks: where one disc ends and the next begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from tests.study.series.spines import block, discs, flat, slice_at, turned
from tests.study.series.test_stacks import at

from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.model import Acquisition, Slice
from lumbargrade.study.series.blocks import order_by_disc, spine_axis


def blocks_of(geometries: Sequence[SliceGeometry]) -> tuple[int | None, ...]:
    slices = [
        Slice("1.2", str(n), 1, "", geometry, Acquisition(), lambda: np.zeros((1, 1), np.float32))
        for n, geometry in enumerate(geometries)
    ]
    return order_by_disc(slices)[1]


@pytest.mark.parametrize(("gap_mm", "blocks"), [(19.9, (0, 0)), (20.1, (0, 1))])
def test_two_slices_are_of_one_disc_up_to_a_gap_of_20_mm(
    gap_mm: float, blocks: tuple[int, ...]
) -> None:
    assert blocks_of([at(0), at(gap_mm)]) == blocks


@pytest.mark.parametrize(("gap_mm", "second"), [(9.7, 0), (9.9, 1)])
def test_a_gap_of_twice_the_usual_and_1_mm_parts_discs(gap_mm: float, second: int) -> None:
    lower = [at(4.4 * n) for n in range(3)]
    upper = [at(8.8 + gap_mm + 4.4 * n) for n in range(3)]
    assert blocks_of([*lower, *upper]) == (0, 0, 0, *[second] * 3)


@pytest.mark.parametrize(("tilt_deg", "second"), [(1.9, 0), (-1.9, 0), (2.1, 1), (-2.1, 1)])
def test_an_angle_of_2_degrees_parts_discs(tilt_deg: float, second: int) -> None:
    lower = [at(4.4 * n) for n in range(4)]
    upper = [at(17.6 + 4.4 * n, tilt_deg) for n in range(4)]
    assert blocks_of([*lower, *upper]) == (0, 0, 0, 0, *[second] * 4)


@pytest.mark.parametrize(("height_mm", "block"), [(35.9, 0), (36.1, None)])
def test_a_block_higher_than_36_mm_leaves_all_unknown(height_mm: float, block: int | None) -> None:
    assert blocks_of([at(n * height_mm / 9) for n in range(10)]) == (block,) * 10


@pytest.mark.parametrize(("middle_mm", "second"), [(13.9, 0), (14.1, 1)])
def test_blocks_with_middles_14_mm_apart_are_two_discs(middle_mm: float, second: int) -> None:
    """As of a disc that was planned twice, with another angle."""
    lower = [at(4.0 * n, 10) for n in (-1, 0, 1)]
    middle_mm /= np.cos(np.radians(-10.0))  # heights are compared along the scanner's axis
    upper = [at(middle_mm + 4.0 * n, -10) for n in (-1, 0, 1)]
    blocks = blocks_of([*lower, *upper])
    assert blocks == (0, 0, 0, *[second] * 3)


def test_frames_of_reference_share_no_block_and_no_order() -> None:
    lower, upper = flat(discs()[:2]), flat(discs()[2:])
    other = [replace(item, frame_of_reference_uid="2") for item in upper]
    ordered, blocks = order_by_disc([*other, *lower])
    assert set(blocks) == {None}
    assert [item.source_file for item in ordered] == [s.source_file for s in (*lower, *upper)]
    renamed = [replace(item, frame_of_reference_uid="2") for item in (*lower, *upper)]
    assert order_by_disc(renamed)[1] == tuple(n for n in range(5) for _ in range(3))


def test_a_fan_of_slices_without_a_gap_tells_no_discs() -> None:
    fan = [slice_at((0, 0, 4.4 * n), 30 - 2.2 * n, f"f{n:02d}") for n in range(20)]
    assert set(order_by_disc(fan)[1]) == {None}
    lowest = [slice_at((0, 0, 4.4 * n), 30 - 2.2 * n, f"f{n}") for n in range(4)]
    assert order_by_disc([*lowest, *block((0, -5, 40), 10, "b")])[1] == (0,) * 4 + (1,) * 3
    near = block((0, 0, 26), 10, "b", count=4)
    assert set(order_by_disc([*lowest, *near])[1]) == {None}


def test_slices_across_the_spine_are_ordered_along_it() -> None:
    """Of a spine that lies at 40 degrees in the scanner."""
    angle = np.radians(40.0)
    cosine, sine = float(np.cos(angle)), float(np.sin(angle))
    rotation = np.array(((cosine, 0, sine), (0, 1, 0), (-sine, 0, cosine)))
    upright = [one for own in discs() for one in own]
    expected = [item.source_file for item in upright]
    lying = [turned(item, rotation, (300.0, 20.0, 0.0)) for item in reversed(upright)]
    ordered, blocks = order_by_disc(lying)
    assert [item.source_file for item in ordered] == expected
    assert blocks == tuple(n for n in range(5) for _ in range(3))
    assert spine_axis(lying) == pytest.approx(rotation @ spine_axis(upright))
