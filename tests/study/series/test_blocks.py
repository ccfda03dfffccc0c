"""Disc blocks: where one disc ends and the next begins."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from tests.study.series.test_stacks import at

from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.model import Acquisition, Slice
from lumbargrade.study.series.blocks import order_by_disc


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
