"""Slices lie along the discs or in one stack, in the order and turn of a real protocol."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.phantom.anatomies import anatomy_with

from lumbargrade.phantom.anatomy.spine import plane_of_level
from lumbargrade.phantom.imaging.scanner import Protocol, draw_protocol, find_scanner
from lumbargrade.phantom.plan import plan_axial, plan_sagittal
from lumbargrade.study.geometry import SliceGeometry

ANATOMY = anatomy_with()


def planned(stack: bool, seed: int = 3) -> tuple[Protocol, tuple[SliceGeometry, ...]]:
    drawn = draw_protocol(find_scanner("verio-3t"), np.random.default_rng(1))
    protocol = replace(drawn, parallel_stack=stack)
    return protocol, plan_axial(ANATOMY, protocol, np.random.default_rng(seed))


def heights(slices: tuple[SliceGeometry, ...]) -> list[float]:
    return [slice_.center_mm[2] for slice_ in slices]


@pytest.mark.parametrize("seed", range(5))
def test_a_block_of_three_lies_along_every_disc(seed: int) -> None:
    protocol, slices = planned(stack=False, seed=seed)
    assert len(slices) == 15
    for block, index in enumerate(range(4, -1, -1)):  # L5/S1 first
        plane = plane_of_level(index)
        normal, origin = ANATOMY.spine.normal(plane), ANATOMY.spine.origins_mm[plane]
        three = slices[3 * block : 3 * block + 3]
        for slice_ in three:
            angle = np.degrees(np.arccos(np.clip(normal @ slice_.normal, -1, 1)))
            assert angle < 8.0
        steps = [
            float(three[1].normal @ (np.subtract(three[i + 1].center_mm, three[i].center_mm)))
            for i in range(2)
        ]
        assert steps[0] == pytest.approx(steps[1])
        assert 1.0 <= steps[0] / protocol.slice_thickness_mm <= 1.15
        offset = float(three[1].normal @ (origin - np.asarray(three[1].position_mm)))
        assert abs(offset) < 3.0  # the middle one cuts the disc


def test_one_stack_is_parallel_and_evenly_spaced() -> None:
    protocol, slices = planned(stack=True)
    assert len(slices) == 15
    normals = np.array([slice_.normal for slice_ in slices])
    np.testing.assert_allclose(normals, normals[:1].repeat(15, axis=0))
    steps = np.diff([float(normals[0] @ slice_.position_mm) for slice_ in slices])
    np.testing.assert_allclose(steps, steps[0])
    assert steps[0] >= max(5.0, protocol.slice_thickness_mm)


@pytest.mark.parametrize("stack", [True, False])
def test_axial_slices_run_upward_with_left_on_the_right_of_the_picture(stack: bool) -> None:
    protocol, slices = planned(stack)
    if stack:
        assert heights(slices) == sorted(heights(slices))
    for slice_ in slices:
        assert slice_.row_direction[0] > 0.99  # columns run to the patient's left
        assert slice_.column_direction[1] > 0.5  # rows run to the back
        assert slice_.pixel_spacing_mm == (protocol.pixel_spacing_mm,) * 2
        assert (slice_.rows, slice_.columns) == (protocol.scanner.matrix,) * 2


def test_sagittal_slices_run_from_right_to_left() -> None:
    slices = plan_sagittal(ANATOMY, np.random.default_rng(3))
    assert len(slices) == 9
    np.testing.assert_allclose(np.diff([s.position_mm[0] for s in slices]), 4.5)
    for slice_ in slices:
        assert (slice_.row_direction, slice_.column_direction) == ((0, 1, 0), (0, 0, -1))
        assert slice_.pixel_spacing_mm[0] * slice_.rows == pytest.approx(250.0)
    middle = slices[4]
    for index in range(5):  # the middle slice shows every disc
        column, row, depth = middle.to_pixel(ANATOMY.spine.origins_mm[plane_of_level(index)])
        assert 0 < column < 256
        assert 0 < row < 256
        assert abs(depth) < 10
