"""Averages over a slice and its mirror image: sides exchanged, maps as they are."""

from __future__ import annotations

import numpy as np

from lumbargrade.grading.finding import Side
from lumbargrade.inference.answers.mirror import both_ways, mirror_averaged, mirror_names
from lumbargrade.inference.bundle_json import OutputSpec

OUTPUTS = (
    OutputSpec("LDH", "LDH", None, 2),
    OutputSpec("LNRC_left", "LNRC", Side.LEFT, 2),
    OutputSpec("LNRC_right", "LNRC", Side.RIGHT, 2),
    OutputSpec("disc", "", None, 2),
)


def test_both_ways_are_the_pictures_and_their_mirror_images() -> None:
    for shape in ((2, 3, 3), (2, 6, 3, 3)):
        pictures = np.arange(np.prod(shape), dtype=np.float32).reshape(shape)
        both = both_ways(pictures)
        np.testing.assert_array_equal(both[:2], pictures)
        np.testing.assert_array_equal(both[2, ..., 0], pictures[0, ..., -1])


def test_left_becomes_right_and_the_rest_stays() -> None:
    assert mirror_names(OUTPUTS) == {
        "LDH": "LDH",
        "LNRC_left": "LNRC_right",
        "LNRC_right": "LNRC_left",
        "disc": "disc",
    }


def test_logits_are_averaged_with_their_sides_exchanged() -> None:
    given = {
        "LDH": np.array([[0.0, 1.0], [0.0, 3.0]], np.float32),
        "LNRC_left": np.array([[0.0, 4.0], [0.0, 1.0]], np.float32),
        "LNRC_right": np.array([[0.0, 2.0], [0.0, 8.0]], np.float32),
        "LDH_map": np.arange(16, dtype=np.float32).reshape(2, 2, 2, 2),
        "other": np.array([[2.0], [4.0]], np.float32),
    }
    found = mirror_averaged(given, mirror_names(OUTPUTS))
    assert found["LDH"].tolist() == [[0.0, 2.0]]
    assert found["LNRC_left"].tolist() == [[0.0, 6.0]]
    assert found["LNRC_right"].tolist() == [[0.0, 1.5]]
    assert found["other"].tolist() == [[3.0]]
    np.testing.assert_array_equal(found["LDH_map"], given["LDH_map"][:1])
