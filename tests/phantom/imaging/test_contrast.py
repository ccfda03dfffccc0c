"""Signals of one patient: mild or random, and what they must keep."""

from __future__ import annotations

import numpy as np
import pytest

from lumbargrade.phantom.imaging.contrast import (
    T1_TIMING_MS,
    T2_TIMING_MS,
    draw_random_signals,
    draw_signals,
)
from lumbargrade.phantom.imaging.tissue import signals


def test_without_spread_the_table_is_left_as_it_is() -> None:
    drawn = draw_signals(T2_TIMING_MS, 0.0, np.random.default_rng(1))
    assert drawn == pytest.approx(signals(*T2_TIMING_MS))


def test_a_patients_factors_have_the_spread_and_one_kind_shares_one() -> None:
    table, rng = signals(*T2_TIMING_MS), np.random.default_rng(2)
    factors = []
    for _ in range(400):
        drawn = draw_signals(T2_TIMING_MS, 0.15, rng)
        factors.append([np.log(drawn[n] / table[n]) for n in ("muscle", "nucleus_1", "fat")])
        own = drawn["nucleus_4"] / table["nucleus_4"]
        assert own == pytest.approx(drawn["nucleus_1"] / table["nucleus_1"])
    assert np.std(factors, axis=0) == pytest.approx([0.15, 0.15, 0.075], rel=0.15)


def test_random_contrast_lies_between_t2_and_t1() -> None:
    rng = np.random.default_rng(3)
    fluid = [
        np.log(drawn["csf"] / drawn["fat"])
        for drawn in (draw_random_signals(T2_TIMING_MS, rng) for _ in range(300))
    ]
    t2, t1 = (np.log(s["csf"] / s["fat"]) for s in (signals(*T2_TIMING_MS), signals(*T1_TIMING_MS)))
    assert np.median(fluid) > (t1 + t2) / 2  # most remain like T2
    assert min(fluid) < t1 + 0.4 * (t2 - t1)
    assert draw_random_signals(T2_TIMING_MS, rng)["air"] == 0.0
