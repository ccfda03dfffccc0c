"""Small changes of a picture, and how they are undone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.real.changes.change import (
    CHANGES,
    View,
    mirrored,
    other_side,
    scaled,
    turned,
    undone,
)
from benchmarks.real.changes.read import PLANE, Read, read_views, sided
from benchmarks.real.drawing.places import geometry_of
from benchmarks.real.meters.robustness import (
    Changed,
    back,
    changed_share,
    differences,
    real_views,
)
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.engine import Engine

NAN = float("nan")


def view() -> View:
    """A bright square of 20 pixels, its middle at column 50, row 60 of 120 x 100."""
    pixels = np.zeros((120, 100), np.float32)
    pixels[50:70, 40:60] = 100.0
    pixels[:5, :30] = 40.0
    return View(pixels, geometry_of(pixels.astype(np.uint8)), np.array([49.5, 59.5]))


def test_a_mirror_twice_is_the_picture() -> None:
    one = view()
    twice = mirrored(mirrored(one))
    np.testing.assert_array_equal(twice.pixels, one.pixels)
    np.testing.assert_array_equal(twice.centre, one.centre)


def test_a_scaled_picture_grows_about_the_centre() -> None:
    one = scaled(1.5)(view())
    rows, columns = np.nonzero(one.pixels > 50)
    assert np.ptp(rows) == pytest.approx(30, abs=2)
    assert rows.mean() == pytest.approx(59.5, abs=0.2)
    assert columns.mean() == pytest.approx(49.5, abs=0.2)


def test_a_turn_keeps_the_centre_and_turns_back() -> None:
    one = turned(30.0)(view())
    assert (one.pixels > 50).sum() == pytest.approx(400, rel=0.03)
    again = turned(-30.0)(one)
    assert np.abs(again.pixels - view().pixels).mean() < 3


def test_every_change_keeps_the_size_and_does_the_same_twice() -> None:
    one = view()
    for changes in CHANGES.values():
        for change in changes:
            first, second = change.of(one), change.of(one)
            assert first.pixels.shape == one.pixels.shape
            assert first.pixels.dtype == np.float32
            np.testing.assert_array_equal(first.pixels, second.pixels)
            moved = not np.array_equal(first.centre, one.centre)
            assert moved or not np.array_equal(first.pixels, one.pixels)


def test_lengths_areas_and_sides_are_undone() -> None:
    (mirror,) = CHANGES["mirror"]
    larger = CHANGES["scale 5 %"][0]
    read = {"recess_depth_mm_left": 2.1, "sac_area_mm2": 110.25, "displacement_ratio": 0.5}
    found = undone(read, larger)
    assert found["recess_depth_mm_left"] == pytest.approx(2.0)
    assert found["sac_area_mm2"] == pytest.approx(100.0)
    assert found["displacement_ratio"] == 0.5
    swapped = undone({**read, "displacement_apex_mm": 3.0}, mirror)
    assert swapped["recess_depth_mm_right"] == 2.1
    assert swapped["displacement_apex_mm"] == -3.0
    assert other_side("LDH") == "LDH"


def test_changed_grades_and_measures_are_counted() -> None:
    (mirror,) = CHANGES["mirror"]
    before = Read({"LNRC_left": 1, "LNRC_right": 0}, {"a_mm_left": 1.0, "a_mm_right": NAN})
    same = back(
        Read({"LNRC_left": 0, "LNRC_right": 1}, {"a_mm_right": 1.5, "a_mm_left": 2.0}), mirror
    )
    gone = Read({"LNRC_left": None, "LNRC_right": 0}, {"a_mm_left": 3.0, "a_mm_right": 1.0})
    found = [Changed(before, same), Changed(before, gone)]
    assert changed_share(found, "LNRC_left") == 0.5
    assert changed_share(found, "LNRC_right") == 0.0
    assert differences(found, "a_mm_left").tolist() == [0.5, 2.0]
    assert differences(found, "a_mm_right").tolist() == []
    assert sided("LDH", None) == "LDH"


def test_a_mirrored_real_slice_gets_the_mirrored_answer(real_data: Path) -> None:
    engine = Engine(load_bundle())
    if engine.bundle.manifest.outliner is None:
        pytest.skip("the model in the package draws no outlines")
    views = real_views(engine, real_data)[2:4]
    (mirror,) = CHANGES["mirror"]
    plain = read_views(engine, views)
    turned_back = [back(one, mirror) for one in read_views(engine, [mirror.of(v) for v in views])]
    for one, other in zip(plain, turned_back, strict=True):
        assert one.grades[PLANE] == other.grades[PLANE]
        assert one.measures["sac_area_mm2"] == pytest.approx(other.measures["sac_area_mm2"], 0.01)
