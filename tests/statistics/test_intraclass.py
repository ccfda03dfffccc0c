"""Intraclass correlations, beside the published examples and by their properties."""

from __future__ import annotations

import numpy as np
import pytest
from tests.statistics.method_comparisons import SHROUT_FLEISS, repeated_pairs

from lumbargrade.statistics.bootstrap import PatientBootstrap
from lumbargrade.statistics.intraclass import (
    MeanSquares,
    absolute_agreement,
    consistency,
    one_way,
    resampled_agreement,
)


def test_the_example_of_shrout_and_fleiss() -> None:
    """Their Table 3 (mean squares) and Table 4 (single ratings)."""
    found = MeanSquares.of(SHROUT_FLEISS)
    squares = (found.things, found.within, found.raters, found.error)
    assert np.round(squares, 2).tolist() == [11.24, 6.26, 32.49, 1.02]
    forms = [float(form(found)) for form in (one_way, absolute_agreement, consistency)]
    assert np.round(forms, 2).tolist() == [0.17, 0.29, 0.71]


def test_the_example_of_mcgraw_and_wong() -> None:
    """Paired scores with a constant offset: consistent (1), and .67 in absolute agreement."""
    found = MeanSquares.of(np.array([(2.0, 4.0), (4.0, 6.0), (6.0, 8.0)]))
    assert float(consistency(found)) == pytest.approx(1)
    assert float(absolute_agreement(found)) == pytest.approx(2 / 3)


def test_the_means_of_mean_squares_are_their_variance_components() -> None:
    """Things vary by 9, raters by 4, errors by 1: 9 / (9 + 4 + 1), and 9 / (9 + 1)."""
    rng = np.random.default_rng(1)
    kinds: dict[str, list[float]] = {"agreement": [], "consistency": []}
    for _ in range(400):
        values = rng.normal(0, 3, (40, 1)) + rng.normal(0, 2, 12) + rng.normal(0, 1, (40, 12))
        found = MeanSquares.of(values)
        kinds["agreement"].append(float(absolute_agreement(found)))
        kinds["consistency"].append(float(consistency(found)))
    assert np.median(kinds["agreement"]) == pytest.approx(9 / 14, abs=0.03)
    assert np.median(kinds["consistency"]) == pytest.approx(0.9, abs=0.01)


def test_of_two_raters_it_is_a_concordance() -> None:
    """2 s12 / (s1^2 + s2^2 + d^2 - s_d^2 / n): Lin's, but for the last term."""
    one, other, _ = repeated_pairs(30, seed=2, offset=1.0)
    covariance = np.cov(one, other)
    bias, spread = (one - other).mean(), (one - other).var(ddof=1)
    below = covariance[0, 0] + covariance[1, 1] + bias**2 - spread / len(one)
    found = float(absolute_agreement(MeanSquares.of(np.column_stack([one, other]))))
    assert found == pytest.approx(2 * covariance[0, 1] / below)


def test_offset_lowers_agreement_and_not_consistency() -> None:
    one, other, _ = repeated_pairs(30, seed=2)
    found = [MeanSquares.of(np.column_stack([one, other + shift])) for shift in (0.0, 4.0)]
    assert float(absolute_agreement(found[1])) < float(absolute_agreement(found[0])) - 0.1
    assert float(consistency(found[1])) == pytest.approx(float(consistency(found[0])))


@pytest.mark.parametrize("form", [one_way, absolute_agreement, consistency])
def test_neither_scale_nor_origin_nor_order_matters(form: object) -> None:
    assert callable(form)
    one, other, _ = repeated_pairs(20, seed=7, offset=0.5)
    values = np.column_stack([one, other])
    expected = float(form(MeanSquares.of(values)))
    for changed in (values[:, ::-1], values[::-1], 1000 * values - 5e4, 1e-4 * values):
        assert float(form(MeanSquares.of(changed))) == pytest.approx(expected)


def test_weights_act_as_repetition() -> None:
    one, other, _ = repeated_pairs(10, seed=8)
    values = np.column_stack([one, other])
    times = np.random.default_rng(1).integers(0, 4, (9, len(values)))
    ours = absolute_agreement(MeanSquares.of(values, times.astype(float)))
    theirs = [
        float(absolute_agreement(MeanSquares.of(np.repeat(values, row, axis=0)))) for row in times
    ]
    assert ours.tolist() == pytest.approx(theirs)


def test_the_interval_is_of_patients() -> None:
    one, other, patients = repeated_pairs(60, seed=9)
    values = np.column_stack([one, other])
    found = resampled_agreement(values, PatientBootstrap.of(patients, 400, seed=1))
    assert found.value == float(absolute_agreement(MeanSquares.of(values)))
    interval = found.estimate()
    assert interval.low < found.value < interval.high
    assert len(found.draws) == 400


def test_where_nothing_varies_it_is_undefined() -> None:
    names = np.array(["a", "b", "c"])
    bootstrap = PatientBootstrap.of(names, 20, seed=1)
    constant = resampled_agreement(np.full((3, 2), 7.3), bootstrap)
    assert np.isnan(constant.value)
    assert np.isnan(constant.draws).all()
    alone = PatientBootstrap.of(names[:1], 20, seed=1)
    single = resampled_agreement(np.array([[1.0, 2.0]]), alone)
    assert np.isnan(single.value)


def test_perfect_agreement_is_one() -> None:
    values = np.repeat(np.array([[1.0], [2.0], [5.0]]), 2, axis=1)
    assert float(absolute_agreement(MeanSquares.of(values))) == pytest.approx(1)
