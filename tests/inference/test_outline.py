"""What the outline network says becomes outlines and measures, the same in the mirror."""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType

import numpy as np
import pytest

from lumbargrade.grading.finding import Plane
from lumbargrade.inference.answers.mirror import both_ways
from lumbargrade.inference.bundle_json import OUTLINE_PATCH
from lumbargrade.inference.engine import Engine
from lumbargrade.inference.outline import (
    draw,
    draw_slices,
    drawn_from,
    measured,
    mirror_average,
)
from lumbargrade.morphometry.layers import LAYERS, MIRRORED
from lumbargrade.morphometry.lines import area
from lumbargrade.morphometry.outlines import Root
from lumbargrade.study.geometry import SliceGeometry

SAC_MM2 = np.pi * 5 * 4


def geometry(edge: int) -> SliceGeometry:
    return SliceGeometry((0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (1.0, 1.0), edge, edge)


def test_a_bundle_with_an_outline_network_draws(drawing_engine: Engine) -> None:
    (drawn,) = draw(drawing_engine, np.zeros((1, 128, 128), dtype=np.float32))
    assert drawn.cut.plane is Plane.DISC
    assert sum(drawn.cut.probabilities) == pytest.approx(1)
    assert drawn.outlines.sac is not None
    assert drawn.outlines.canal_back is not None
    assert area(drawn.outlines.sac) == pytest.approx(SAC_MM2, rel=0.03)
    assert drawn.outlines.roots_in_sac == ()
    assert not drawn.outlines.facets


def test_a_bundle_without_one_draws_nothing(engine: Engine) -> None:
    assert draw(engine, np.zeros((1, 128, 128), dtype=np.float32)) == []
    assert draw_slices(engine, []) == []


def test_measures_carry_their_errors(drawing_engine: Engine) -> None:
    (drawn,) = draw(drawing_engine, np.zeros((1, 128, 128), dtype=np.float32))
    assert drawing_engine.bundle.manifest.outliner is not None
    found = {
        (one.name, one.side): one
        for one in measured(drawn, drawing_engine.bundle.manifest.outliner.errors)
    }
    sac = found["sac_area_mm2", None]
    assert sac.value == pytest.approx(SAC_MM2, rel=0.03)
    assert sac.error == 7.5
    assert found["sac_depth_mm", None].error is None
    ratio = found["displacement_ratio", None]
    assert ratio.value is None
    assert "facet joint" in ratio.reason


@pytest.mark.parametrize(("error", "given"), [(1.0, True), (3.0, False)])
def test_a_count_that_is_mostly_wrong_is_not_given(
    drawing_engine: Engine, error: float, given: bool
) -> None:
    (drawn,) = draw(drawing_engine, np.zeros((1, 128, 128), dtype=np.float32))
    some = replace(drawn.outlines, roots_in_sac=(Root((0.0, 2.0), 1.5),))
    found = measured(replace(drawn, outlines=some), {"root_clusters": error})
    (count,) = [one for one in found if one.name == "root_clusters"]
    assert (count.value is not None) == given
    if not given:
        assert count.reason == "the model's count differs from a person's by 3 in the median"


def test_a_slice_that_is_too_small_says_why_and_its_neighbour_is_drawn(
    drawing_engine: Engine,
) -> None:
    slices = [
        (np.ones((edge, edge), dtype=np.float32), geometry(edge), (edge / 2, edge / 2))
        for edge in (70, 120)
    ]
    small, drawn = draw_slices(drawing_engine, slices)
    assert isinstance(small, str)
    assert small.startswith("no outlines were drawn: field of view 70 x 70 mm is smaller than")
    assert not isinstance(drawn, str)


def test_the_mirrored_answer_is_the_mirrored_average() -> None:
    """Whatever the network says, a mirrored slice gets the mirrored masks, and the same plane."""
    rng = np.random.default_rng(4)
    layers = rng.normal(0, 3, (2, len(LAYERS), 8, 8)).astype(np.float32)
    planes = rng.normal(0, 2, (2, 3)).astype(np.float32)
    masks, cut = mirror_average(layers, planes)
    again, cut_again = mirror_average(layers[::-1].copy(), planes[::-1].copy())
    np.testing.assert_allclose(again[0], masks[0][list(MIRRORED), :, ::-1], atol=1e-6)
    np.testing.assert_allclose(cut_again, cut, atol=1e-6)
    assert float(masks.min()) >= 0
    assert float(masks.max()) <= 1


def test_both_ways_are_the_squares_and_their_mirror_images() -> None:
    squares = np.arange(18, dtype=np.float32).reshape(2, 3, 3)
    both = both_ways(squares)
    np.testing.assert_array_equal(both[:2], squares)
    np.testing.assert_array_equal(both[2], squares[0][:, ::-1])


def test_the_most_probable_plane_is_the_one(tiny: ModuleType) -> None:
    drawn = drawn_from(tiny.masks(), np.array([0.2, 0.5, 0.3], dtype=np.float32), False)
    assert drawn.cut.plane is Plane.ENDPLATE
    assert drawn.outlines.roots_in_sac is None
    assert OUTLINE_PATCH.spacing_mm == pytest.approx(0.65625)
