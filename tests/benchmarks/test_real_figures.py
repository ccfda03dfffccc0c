"""The figures of the benchmark, against scikit-learn and against what must be so."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import (
    accuracy_score,
    balanced_accuracy_score,
    cohen_kappa_score,
    roc_auc_score,
)

from benchmarks.real.folds.figures import Graded, bare_figures, merged_lowest, resampled_figures


def drawn(grades: int, seed: int = 3, count: int = 240) -> Graded:
    """Three levels a patient; the first level is healthy more often, grades are half known."""
    random = np.random.default_rng(seed)
    level = np.arange(count) % 3
    labels = np.clip(random.integers(0, grades, count) - (level == 0), 0, grades - 1)
    logits = random.normal(size=(count, grades)) + 1.5 * np.eye(grades)[labels]
    odds = np.exp(logits)
    return Graded(
        np.array([f"{one // 3:04d}" for one in range(count)]),
        np.array(["L3-L4", "L4-L5", "L5-S1"])[level],
        labels,
        odds / odds.sum(1, keepdims=True),
    )


@pytest.mark.parametrize("grades", [3, 5])
def test_figures_equal_those_of_scikit_learn(grades: int) -> None:
    one = drawn(grades)
    found = bare_figures(one.labels, one.probabilities, one.levels)
    ends = (one.labels == 0) | (one.labels == grades - 1)
    area = roc_auc_score(one.labels[ends] > 0, one.probabilities[ends] @ np.arange(grades))
    given = one.probabilities.argmax(1)
    for name, value in {
        "AUC": area,
        "kappa, linear": cohen_kappa_score(one.labels, given, weights="linear"),
        "kappa, quadratic": cohen_kappa_score(one.labels, given, weights="quadratic"),
        "accuracy": accuracy_score(one.labels, given),
        "accuracy of the commonest grade": np.bincount(one.labels).max() / len(one.labels),
        "balanced accuracy": balanced_accuracy_score(one.labels, given),
    }.items():
        assert found[name] == pytest.approx(value, abs=1e-12), name


def test_the_area_within_level_is_of_pairs_of_one_level() -> None:
    one = drawn(3)
    score, pairs, won = one.score, 0, 0.0
    for low in np.flatnonzero(one.labels == 0):
        for high in np.flatnonzero((one.labels == 2) & (one.levels == one.levels[low])):
            pairs += 1
            won += float(score[high] > score[low])
    found = bare_figures(one.labels, one.probabilities, one.levels)
    assert found["AUC within level"] == pytest.approx(won / pairs, abs=1e-12)


def test_knowing_the_level_alone_earns_nothing_within_level() -> None:
    one = drawn(3)
    by_level = {level: one.labels[one.levels == level].mean() for level in np.unique(one.levels)}
    high = np.array([by_level[level] for level in one.levels]) / 2
    probabilities = np.stack([1 - high, np.zeros_like(high), high], axis=1)
    found = bare_figures(one.labels, probabilities, one.levels)
    assert found["AUC"] > 0.55
    assert found["AUC within level"] == pytest.approx(0.5)


def test_unknown_labels_are_left_out_and_are_not_grade_0() -> None:
    one = drawn(3)
    more = bare_figures(
        np.concatenate([one.labels, np.full(30, -1)]),
        np.concatenate([one.probabilities, one.probabilities[:30]]),
        np.concatenate([one.levels, one.levels[:30]]),
    )
    assert more == bare_figures(one.labels, one.probabilities, one.levels)


def test_grades_1_and_2_become_one_and_their_probabilities_add_up() -> None:
    one = drawn(5)
    merged = merged_lowest(one)
    assert merged.probabilities.shape == (240, 4)
    np.testing.assert_allclose(merged.probabilities.sum(1), 1.0)
    np.testing.assert_allclose(merged.probabilities[:, 0], one.probabilities[:, :2].sum(1))
    assert set(zip(one.labels.tolist(), merged.labels.tolist(), strict=True)) == {
        (0, 0),
        (1, 0),
        (2, 1),
        (3, 2),
        (4, 3),
    }


def test_a_network_less_itself_is_0_in_every_resample() -> None:
    one = drawn(3)
    first, second = (resampled_figures(one, 50, 0) for _ in range(2))
    for name, found in first.items():
        gap = (found - second[name]).estimate()
        assert gap.value == 0.0, name
        assert np.isnan(gap.low), name  # no resample varies
        assert found.estimate().low <= found.value <= found.estimate().high
