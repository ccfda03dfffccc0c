"""Priors: reproducible, correlated, and more disease on request."""

from __future__ import annotations

import numpy as np

from lumbargrade.phantom.anatomy.priors import draw_patient


def mean_ratio(severe: bool) -> float:
    patients = [draw_patient(np.random.default_rng(seed), severe) for seed in range(60)]
    return float(np.mean([level.herniation_ratio for p in patients for level in p.levels]))


def test_the_same_seed_gives_the_same_patient() -> None:
    assert draw_patient(np.random.default_rng(3)) == draw_patient(np.random.default_rng(3))


def test_a_severe_cohort_is_more_severe() -> None:
    assert mean_ratio(severe=True) > 1.3 * mean_ratio(severe=False)


def test_herniation_and_stenosis_come_together() -> None:
    levels = [
        level
        for seed in range(150)
        for level in draw_patient(np.random.default_rng(seed)).levels[3:4]
    ]
    ratio = [level.herniation_ratio for level in levels]
    area = [level.sac_area_mm2 for level in levels]
    assert np.corrcoef(ratio, area)[0, 1] < -0.3
