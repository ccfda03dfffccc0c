"""From a model's logits to scores, sides and flips."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.real.changes.change import CHANGES, View, mirrored
from benchmarks.real.changes.flips import MIRROR, SIDES, flips
from benchmarks.real.drawing.places import geometry_of
from benchmarks.real.drawing.slices import RealSlice
from benchmarks.real.labels.expected import (
    LDH,
    LNRC,
    MODEL,
    RATIO_DRAWN,
    WHOLE,
    aimed_rows,
    chosen_grades,
    expected_grades,
    grade_scores,
    model_measures,
)
from benchmarks.real.labels.sides import named_sides, seen_sides
from benchmarks.real.labels.weak import BULGE, HERNIATION, TITLES
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.bundle_json import Manifest

EVEN = np.zeros((1, 4), np.float32)
SURE = np.array([[0.0, 0.0, 0.0, 99.0]], np.float32)


@pytest.fixture(scope="module")
def manifest() -> Manifest:
    names = [one.name for one in load_bundle().manifest.outputs]
    plain = {name: 1.0 for name in names}
    even = {name: (1.0,) * 4 for name in names}
    return replace(load_bundle().manifest, temperatures=plain, decision_weights=even)


def test_the_expected_grade_is_the_mean_of_the_probabilities(manifest: Manifest) -> None:
    logits = {"LDH": EVEN, "LCCS": SURE, "LNRC_left": EVEN, "LNRC_right": SURE}
    found = expected_grades(manifest, logits)
    assert {name: one.item() for name, one in found.items()} == pytest.approx(
        {"LDH": 1.5, "LCCS": 3.0, "LNRC_left": 1.5, "LNRC_right": 3.0}
    )
    scores = grade_scores(found, {}, {})
    assert scores[LNRC].tolist() == pytest.approx([3.0])
    assert scores[LDH].tolist() == pytest.approx([1.5])


def test_the_chosen_grade_follows_the_decision_weights(manifest: Manifest) -> None:
    logits = dict.fromkeys(("LDH", "LCCS", "LNRC_left", "LNRC_right"), EVEN)
    rare = replace(manifest, decision_weights={**manifest.decision_weights, "LDH": (1, 1, 3, 1)})
    assert chosen_grades(rare, logits)["LDH"].tolist() == [2]
    assert chosen_grades(rare, logits)["LCCS"].tolist() == [0]


def test_measures_of_a_model_are_named_by_its_manifest() -> None:
    names = ("bulge_mm", "recess_room_left_mm", "disc_displacement_mm")
    with_measures = SimpleNamespace(measure_outputs=[SimpleNamespace(name=one) for one in names])
    values = np.array([[1.0, 5.0, 2.0], [3.0, 4.0, 0.5]], np.float32)
    own = model_measures(with_measures, {"measures": values})  # type: ignore[arg-type]
    assert own["bulge_mm"].tolist() == [1.0, 3.0]
    assert model_measures(with_measures, {}) == {}  # type: ignore[arg-type]
    scores = grade_scores({}, own, {"displacement_ratio": np.array([0.1, np.nan])})
    assert scores[f"{MODEL}bulge_mm"].tolist() == [1.0, 3.0]
    assert scores[f"{MODEL}recess_room_mm"].tolist() == [-5.0, -4.0]
    assert scores[f"{MODEL}{WHOLE}"].tolist() == [3.0, 3.5]
    assert aimed_rows(BULGE, scores)[0] == f"{MODEL}{WHOLE}"
    assert aimed_rows(BULGE, {}) == [RATIO_DRAWN]
    assert aimed_rows(HERNIATION, scores) == [LDH]
    assert all(aimed_rows(label, scores) for label in TITLES)


def test_a_herniation_has_the_side_that_its_note_gives_it(tmp_path: Path) -> None:
    notes = """patient_id,note
0001,"L4-L5: left paracentral disc protrusion. L5-S1: central disc protrusion."
0002,"L4-L5: diffuse bulge compressing the left nerve root. L5-S1: right disc extrusion."
"""
    (tmp_path / "notes.csv").write_text(notes, encoding="utf-8")
    slices = [
        RealSlice("", patient, level, "t1")
        for patient in ("P0001", "P0002")
        for level in ("L4-L5", "L5-S1")
    ]
    np.testing.assert_array_equal(named_sides(tmp_path, slices), [1.0, np.nan, np.nan, -1.0])


def test_sides_seen_are_above_zero_on_the_left() -> None:
    expected = {"LNRC_left": np.array([2.0, 0.5]), "LNRC_right": np.array([1.0, 1.5])}
    apex = {"displacement_apex_mm": np.array([4.0, np.nan])}
    seen = seen_sides(expected, apex, {})
    assert seen["apex, model's"][0] > 0
    assert seen["greater expected LNRC"].tolist() == [1.0, -1.0]
    assert len(seen_sides({}, {}, apex)) == 1


def bright_half(views: Sequence[View]) -> dict[str, NDArray[np.int64]]:
    """Grade each side by how bright it is; the patient's left is on the right of the picture."""
    halves = [np.hsplit(view.pixels, 2) for view in views]
    right, left = (np.array([int(pair[one].mean() > 0.5) for pair in halves]) for one in (0, 1))
    return {"LDH": left, "LNRC_left": left, "LNRC_right": right}


def test_grades_that_follow_the_mirror_do_not_flip() -> None:
    pixels = np.zeros((8, 8), np.float32)
    pixels[:, 4:] = 1.0
    view = View(pixels, geometry_of(pixels.astype(np.uint8)), np.array([3.5, 3.5]))
    even = replace(view, pixels=np.ones((8, 8), np.float32))
    found = flips(bright_half, [view, mirrored(view), even], [MIRROR])[MIRROR]
    assert found["LNRC_left"] == found["LNRC_right"] == found[SIDES] == 0.0
    assert found["LDH"] == pytest.approx(2 / 3)  # it has no side, and should not see one
    assert set(flips(bright_half, [view], ["gamma"])) == {"gamma"} <= set(CHANGES)
