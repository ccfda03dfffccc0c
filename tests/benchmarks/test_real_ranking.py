"""Areas under the curve, against scikit-learn and against a count of pairs."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from benchmarks.real.labels.ranking import (
    Ranked,
    at_level,
    bare,
    over_all,
    resampled,
    within_level,
)
from lumbargrade.statistics.bootstrap import PatientBootstrap


def drawn(seed: int = 1, count: int = 150) -> Ranked:
    """Three levels a patient; the label and the score are commoner and higher at the last."""
    random = np.random.default_rng(seed)
    level = np.arange(count) % 3
    positive = random.random(count) < 0.2 + 0.2 * level
    score = np.round(random.normal(size=count) + positive + 0.7 * level, 1)  # with ties
    patients = np.array([f"P{one // 3:04d}" for one in range(count)])
    return Ranked(
        patients, np.array(["L3-L4", "L4-L5", "L5-S1"])[level], positive, score.astype(np.float64)
    )


def test_areas_equal_those_of_scikit_learn() -> None:
    one = drawn()
    assert bare(over_all, one) == pytest.approx(roc_auc_score(one.positive, one.score))
    own = one.where(one.levels == "L4-L5")
    wanted = roc_auc_score(own.positive, own.score)
    assert bare(at_level("L4-L5"), one) == pytest.approx(wanted)


def test_within_level_counts_pairs_of_one_level() -> None:
    one = drawn()
    pairs, won = 0, 0.0
    for low in np.flatnonzero(~one.positive):
        for high in np.flatnonzero(one.positive & (one.levels == one.levels[low])):
            pairs += 1
            won += (one.score[high] > one.score[low]) + (one.score[high] == one.score[low]) / 2
    assert bare(within_level, one) == pytest.approx(won / pairs)


def test_the_level_alone_earns_nothing_within_level() -> None:
    one = drawn()
    alone = Ranked(
        one.patients, one.levels, one.positive, (one.levels == "L5-S1").astype(np.float64)
    )
    assert bare(over_all, alone) > 0.55
    assert bare(within_level, alone) == pytest.approx(0.5)


def test_a_patient_drawn_twice_counts_twice() -> None:
    one = drawn()
    bootstrap = PatientBootstrap.of(one.patients, 20, 0)
    found = resampled(within_level, one, bootstrap)
    (weights,) = bootstrap.image_weights()
    rows = np.repeat(np.arange(len(one.score)), weights[3].astype(int))
    twice = Ranked(one.patients[rows], one.levels[rows], one.positive[rows], one.score[rows])
    assert found.draws[3] == pytest.approx(bare(within_level, twice))
    assert found.estimate().low < found.value < found.estimate().high


def test_nothing_to_compare_is_not_defined() -> None:
    one = drawn()
    assert np.isnan(bare(within_level, one.where(one.positive)))
