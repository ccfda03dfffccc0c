"""The maps lie on the grader's square where the outlines lie on theirs."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import numpy as np
import pytest

from lumbargrade.errors import BundleError, StudyError
from lumbargrade.inference.bundle_json import OUTLINE_PATCH
from lumbargrade.inference.engine import Engine
from lumbargrade.inference.grader.inputs import (
    bundle_inputs,
    grader_inputs,
    outline_maps,
    place_maps,
    with_maps,
)
from lumbargrade.inference.outline import Placed
from lumbargrade.morphometry.layers import INPUT_LAYERS, LAYERS, MIRRORED
from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.patch import PatchSpec, extract_patch

SPEC = PatchSpec(75.0, 128)
MakeSlice = Callable[[int], Placed]


@pytest.fixture
def make_slice() -> MakeSlice:
    def make(edge: int) -> Placed:
        geometry = SliceGeometry(
            (0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (1.0, 1.0), edge, edge
        )
        pixels = np.random.default_rng(edge).random((edge, edge), dtype=np.float32)
        return pixels, geometry, (edge / 2, edge / 2)

    return make


def _masks(**drawn: tuple[float, float]) -> np.ndarray:
    """Masks with a straight edge at x mm in a layer: (x, value to the right of it)."""
    masks = np.zeros((len(LAYERS), 128, 128), dtype=np.float32)
    axis = (np.arange(128) + 0.5 - 64) * OUTLINE_PATCH.spacing_mm
    for name, (x, value) in drawn.items():
        masks[LAYERS.index(name)] = np.where(axis > x, value, 0.0)[None, :]
    return masks


def test_left_and_right_are_one_and_so_are_the_roots() -> None:
    masks = _masks(facet_left=(0, 0.5), facet_right=(0, 0.75), exit_left=(0, 0.25))
    masks[LAYERS.index("joint_left")] = 1.0
    maps = dict(zip(INPUT_LAYERS, place_maps([masks], SPEC)[0], strict=True))
    assert float(maps["facets"].max()) == pytest.approx(0.75)
    assert float(maps["roots"].max()) == pytest.approx(0.25)
    assert not any(maps[name].any() for name in ("disc", "sac", "canal"))


@pytest.mark.parametrize("x", [-20.0, 0.0, 13.0])
def test_an_edge_lies_at_the_same_mm_on_both_squares(x: float) -> None:
    for margin in (0, 28):
        line = place_maps([_masks(sac=(x, 1.0))], SPEC, margin)[0, 1, 64 + margin]
        # Up to where the outlines' square ends.
        axis = (np.arange(len(line)) - (len(line) - 1) / 2) * SPEC.spacing_mm
        covered_mm = float(line.sum()) * SPEC.spacing_mm
        end = min(axis[-1] + SPEC.spacing_mm / 2, OUTLINE_PATCH.size_mm / 2)
        assert covered_mm == pytest.approx(end - x, abs=0.7)
        assert float(line[axis < x - 1].max()) == 0.0
        assert float(line[(axis > x + 1) & (axis < 37)].min()) == pytest.approx(1.0)


def test_beyond_the_outlines_square_there_is_nothing() -> None:
    maps = place_maps([np.ones((len(LAYERS), 128, 128), np.float32)], SPEC, margin_px=28)
    axis = (np.arange(184) - 91.5) * SPEC.spacing_mm
    inside = np.abs(axis) <= OUTLINE_PATCH.size_mm / 2
    np.testing.assert_allclose(maps[0, 0], np.outer(inside, inside))


@pytest.mark.parametrize("pixels", [128, 33])
def test_mirrored_masks_give_exactly_mirrored_maps(pixels: int) -> None:
    masks = np.random.default_rng(0).random((len(LAYERS), 128, 128), dtype=np.float32)
    mirrored = np.ascontiguousarray(masks[list(MIRRORED), :, ::-1])
    plain, other = place_maps([masks, mirrored], PatchSpec(75.0, pixels), 3)
    np.testing.assert_array_equal(other, plain[..., ::-1])


def test_where_nothing_was_drawn_the_maps_are_empty() -> None:
    maps = place_maps([None, _masks(sac=(0, 1.0))], SPEC)
    assert not maps[0].any()
    assert maps[1].any()
    assert place_maps([None], SPEC).shape == (1, 5, 128, 128)


def test_inputs_are_the_patch_and_the_drawn_maps(
    drawing_engine: Engine, tiny: ModuleType, make_slice: MakeSlice
) -> None:
    slices = [make_slice(120), make_slice(80)]  # 80 mm do not hold the outlines' square
    inputs = grader_inputs(drawing_engine, slices, SPEC, 4, outlines=True)
    assert inputs.shape == (2, 6, 136, 136)
    assert inputs.dtype == np.float32
    for row, one in enumerate(slices):
        np.testing.assert_array_equal(inputs[row, 0], extract_patch(*one, SPEC, 4))
    np.testing.assert_allclose(inputs[0, 1:], place_maps([tiny.masks()], SPEC, 4)[0], atol=1e-4)
    assert not inputs[1, 1:].any()
    alone = grader_inputs(drawing_engine, slices, SPEC, 4)
    np.testing.assert_array_equal(alone, inputs[:, :1])
    np.testing.assert_array_equal(with_maps(inputs[:, 0], inputs[:, 1:]), inputs)


def test_a_bundle_gets_what_it_reads(
    engine: Engine, outline_grader: Engine, make_slice: MakeSlice
) -> None:
    slices = [make_slice(120)]
    assert bundle_inputs(engine, slices).shape == (1, 1, 128, 128)
    given = bundle_inputs(outline_grader, slices)
    np.testing.assert_array_equal(given, grader_inputs(outline_grader, slices, SPEC, outlines=True))


def test_without_an_outline_network_no_maps_can_be_made(
    engine: Engine, make_slice: MakeSlice
) -> None:
    with pytest.raises(BundleError, match="model tiny draws no outlines"):
        outline_maps(engine, [make_slice(120)], SPEC)


def test_a_square_that_does_not_fit_is_an_error(engine: Engine, make_slice: MakeSlice) -> None:
    with pytest.raises(StudyError, match="smaller than the 75 mm square"):
        bundle_inputs(engine, [make_slice(70)])
