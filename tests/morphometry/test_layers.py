"""Outlines become layers and come back, on each side and in the mirror."""

from __future__ import annotations

import numpy as np
import pytest

from lumbargrade.grading.finding import Side
from lumbargrade.morphometry.layers import (
    INPUT_LAYERS,
    LAYERS,
    MIRRORED,
    SIDES,
    Square,
    from_layers,
    input_layers,
    to_layers,
)
from lumbargrade.morphometry.lines import area
from lumbargrade.morphometry.outlines import Line, Outlines, Root

SQUARE = Square(128, 0.65625)


def ellipse(x: float, y: float, width: float, height: float) -> Line:
    turn = np.linspace(0, 2 * np.pi, 90, endpoint=False)
    return np.column_stack([x + width / 2 * np.cos(turn), y + height / 2 * np.sin(turn)])


def anatomy() -> Outlines:
    """A disc in front of a canal with a sac; the left side lies a little further out."""
    wall = np.array([[-12.0, -5.0], [-9.0, 2.0], [0.0, 13.0], [10.0, 2.0], [13.0, -5.0]])
    return Outlines(
        disc=ellipse(0, -22, 52, 36),
        sac=ellipse(0.5, 3, 12, 9),
        canal_back=wall,
        facets={
            side: ellipse(16 * sign, 6, 8, 14) for side, sign in zip(SIDES, (-1, 1.1), strict=True)
        },
        joints={
            side: np.array([[11.0 * sign, 2.0], [15.0 * sign, 6.0], [17.0 * sign, 12.0]])
            for side, sign in zip(SIDES, (-1, 1.1), strict=True)
        },
        traversing_roots={Side.LEFT: Root((9.0, -2.0), 4.0)},
        exiting_roots={Side.RIGHT: Root((-22.0, -6.0), 5.0)},
        roots_in_sac=(Root((-3.0, 4.0), 1.6), Root((3.0, 4.0), 1.6)),
    )


def test_what_was_drawn_is_known_and_nothing_else() -> None:
    masks, known = to_layers(anatomy(), SQUARE)
    missing = {name for name, there in zip(LAYERS, known, strict=True) if not there}
    assert missing == {"root_right", "exit_left", "clusters"}
    assert masks.shape == (len(LAYERS), 128, 128)
    assert masks.min() >= 0
    assert masks.max() <= 1
    assert not masks[~known].any()


def test_the_canal_ends_where_the_disc_begins() -> None:
    masks, _ = to_layers(anatomy(), SQUARE)
    disc, canal = masks[LAYERS.index("disc")], masks[LAYERS.index("canal")]
    assert float((disc + canal).max()) <= 1 + 1e-6
    assert canal.sum() * SQUARE.spacing_mm**2 == pytest.approx(250, rel=0.25)


def test_outlines_come_back_from_their_layers() -> None:
    given = anatomy()
    masks, _ = to_layers(given, SQUARE)
    back = from_layers(masks, SQUARE, roots_in_sac=True)
    assert given.disc is not None
    assert back.disc is not None
    assert given.sac is not None
    assert back.sac is not None
    assert area(back.disc) == pytest.approx(area(given.disc), rel=0.01)
    assert area(back.sac) == pytest.approx(area(given.sac), rel=0.01)
    for side in SIDES:
        assert area(back.facets[side]) == pytest.approx(area(given.facets[side]), rel=0.02)
        np.testing.assert_allclose(back.joints[side][0], given.joints[side][0], atol=0.4)
    left = back.traversing_roots[Side.LEFT]
    np.testing.assert_allclose(left.centre_mm, (9.0, -2.0), atol=0.2)
    assert left.diameter_mm == pytest.approx(4.0, abs=0.3)
    assert set(back.traversing_roots) == {Side.LEFT}
    assert set(back.exiting_roots) == {Side.RIGHT}
    assert back.roots_in_sac is not None
    assert len(back.roots_in_sac) == 2
    assert back.canal_back is not None
    apex = back.canal_back[back.canal_back[:, 1].argmax()]
    np.testing.assert_allclose(apex, (0.0, 13.0), atol=0.9)


def test_clusters_come_back_each() -> None:
    given = Outlines(clusters=(ellipse(-5, 3, 5, 4), ellipse(5, 3, 6, 4)))
    masks, _ = to_layers(given, SQUARE)
    back = from_layers(masks, SQUARE, roots_in_sac=True)
    assert back.clusters is not None
    assert sorted(area(one) for one in back.clusters) == pytest.approx([15.7, 18.8], rel=0.05)


def test_a_contrast_without_roots_has_none_drawn() -> None:
    masks, _ = to_layers(anatomy(), SQUARE)
    assert from_layers(masks, SQUARE, roots_in_sac=False).roots_in_sac is None


def test_nothing_likely_is_nothing_drawn() -> None:
    empty = np.full((len(LAYERS), 128, 128), 0.1, dtype=np.float32)
    back = from_layers(empty, SQUARE, roots_in_sac=True)
    assert back == Outlines(roots_in_sac=(), clusters=())


def test_a_pair_on_the_wrong_sides_is_left_out() -> None:
    """A measure under the wrong side would be worse than none."""
    masks, _ = to_layers(anatomy(), SQUARE)
    for part in ("facet", "joint"):
        left, right = (LAYERS.index(f"{part}_{side}") for side in ("left", "right"))
        masks[[left, right]] = masks[[right, left]]
    ends = [LAYERS.index(f"joint_end_{side}") for side in ("left", "right")]
    masks[ends] = masks[ends[::-1]]
    back = from_layers(masks, SQUARE, roots_in_sac=True)
    assert back.facets == {}
    assert back.joints == {}
    assert set(back.traversing_roots) == {Side.LEFT}


def test_a_shape_too_large_for_a_root_is_none() -> None:
    given = Outlines(exiting_roots={Side.LEFT: Root((20.0, 0.0), 15.0)})
    masks, _ = to_layers(given, SQUARE)
    assert from_layers(masks, SQUARE, roots_in_sac=True).exiting_roots == {}


def test_a_shape_in_doubt_is_left_out_and_its_neighbours_stay() -> None:
    masks, _ = to_layers(anatomy(), SQUARE)
    masks[LAYERS.index("sac")] *= 0.75
    back = from_layers(masks, SQUARE, roots_in_sac=True)
    assert back.sac is None
    assert back.disc is not None


def test_a_mirror_swaps_the_sides_of_the_layers() -> None:
    assert [LAYERS[index] for index in MIRRORED][:3] == ["disc", "sac", "canal"]
    assert LAYERS[MIRRORED[LAYERS.index("root_left")]] == "root_right"
    masks, _ = to_layers(anatomy(), SQUARE)
    mirrored = masks[list(MIRRORED), :, ::-1]
    back = from_layers(mirrored, SQUARE, roots_in_sac=True)
    np.testing.assert_allclose(back.joints[Side.RIGHT][0], (-12.1, 2.0), atol=0.4)
    assert set(back.traversing_roots) == {Side.RIGHT}


def test_the_smallest_root_is_drawn_large_enough_to_be_learned() -> None:
    one = Outlines(roots_in_sac=(Root((0.0, 0.0), 0.3),))
    masks, _ = to_layers(one, SQUARE)
    drawn = masks[LAYERS.index("roots_in_sac")].sum() * SQUARE.spacing_mm**2
    assert drawn == pytest.approx(np.pi * 0.6**2, rel=0.15)


def test_input_layers_hold_left_and_right_and_both_kinds_of_roots() -> None:
    masks = np.random.default_rng(0).random((2, len(LAYERS), 4, 4), dtype=np.float32)
    merged = dict(zip(INPUT_LAYERS, input_layers(masks).swapaxes(0, 1), strict=True))
    layer = {name: masks[:, index] for index, name in enumerate(LAYERS)}
    np.testing.assert_array_equal(merged["canal"], layer["canal"])
    both = np.maximum(layer["facet_left"], layer["facet_right"])
    np.testing.assert_array_equal(merged["facets"], both)
    roots = np.max([layer[f"{part}_{side}"] for part in ("root", "exit") for side in SIDES], axis=0)
    np.testing.assert_array_equal(merged["roots"], roots)
    mirrored = masks[:, list(MIRRORED), :, ::-1]
    np.testing.assert_array_equal(input_layers(mirrored), input_layers(masks)[..., ::-1])
