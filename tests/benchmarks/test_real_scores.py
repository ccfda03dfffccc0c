"""Scores by anatomy: the worse side, the direction, and fixed combinations."""

from __future__ import annotations

import numpy as np

from benchmarks.real.labels.scores import COMBINED, WORSE, combined, standardised, worse_sides
from lumbargrade.morphometry.kinds import KINDS

NAN = np.nan


def test_every_measure_but_the_place_of_the_apex_has_a_direction() -> None:
    assert set(WORSE) == set(KINDS) - {"displacement_apex_mm"}
    assert all(part in WORSE for parts in COMBINED.values() for part in parts)


def test_the_worse_side_counts_and_a_side_that_is_missing_does_not() -> None:
    found = worse_sides(
        {
            "recess_depth_mm_left": np.array([3.0, 4.0, NAN, NAN]),
            "recess_depth_mm_right": np.array([2.0, 5.0, 1.0, NAN]),
            "flavum_thickness_mm_left": np.array([3.0, 4.0, 5.0, 6.0]),
            "flavum_thickness_mm_right": np.array([4.0, 3.0, 5.0, 6.0]),
            "sac_area_mm2": np.array([100.0, 50.0, 75.0, NAN]),
        }
    )
    np.testing.assert_array_equal(found["recess_depth_mm"], [-2.0, -4.0, -1.0, NAN])
    np.testing.assert_array_equal(found["flavum_thickness_mm"], [4.0, 4.0, 5.0, 6.0])
    np.testing.assert_array_equal(found["sac_area_mm2"], [-100.0, -50.0, -75.0, NAN])


def test_a_combination_is_the_mean_of_what_is_known() -> None:
    scores = {
        "sac_area_mm2": np.array([0.0, 1.0, 2.0, 3.0, 100.0]),
        "sac_depth_mm": np.array([0.0, NAN, 2.0, 4.0, NAN]),
    }
    found = combined(scores)["narrow sac"]
    parts = [standardised(one) for one in scores.values()]
    assert found[0] == (parts[0][0] + parts[1][0]) / 2
    assert found[1] == parts[0][1]
    assert found[4] == 3.0  # one wild outline decides nothing
    assert np.isnan(combined({"sac_area_mm2": np.array([NAN])})["narrow sac"]).all()
