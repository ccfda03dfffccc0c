from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from lumbargrade.statistics import bootstrap as intervals
from lumbargrade.statistics.accuracy import accuracy
from lumbargrade.statistics.agreement.two_raters import confusion_table, gwet, gwet_pull
from lumbargrade.statistics.bootstrap import (
    Estimate,
    PatientBootstrap,
    Resampled,
    cluster_error,
    left_out,
    patient_interval,
    student_interval,
)


def _clustered(patients: int, each: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Images of one patient share a tendency to be misread."""
    rng = np.random.default_rng(9)
    names = np.repeat([f"P{i}" for i in range(patients)], each)
    reference = rng.choice(4, patients * each, p=(0.6, 0.25, 0.1, 0.05))
    hard = np.repeat(rng.random(patients) < 0.3, each)
    wrong = rng.random(patients * each) < np.where(hard, 0.7, 0.05)
    return names, reference, np.where(wrong, (reference + 1) % 4, reference)


def test_draws_are_whole_patients() -> None:
    bootstrap = PatientBootstrap.of(np.array(["b", "a", "b"]), 50, seed=0)
    assert (bootstrap.draws.sum(1) == 2).all()
    assert bootstrap.patient.tolist() == [1, 0, 1]
    for weights in bootstrap.image_weights():
        assert np.array_equal(weights[:, 0], weights[:, 2])


def test_tables_equal_resampling_the_images() -> None:
    names, reference, predicted = _clustered(12, 3)
    bootstrap = PatientBootstrap.of(names, 20, seed=1)
    weights = np.concatenate(list(bootstrap.image_weights())).astype(int)
    for table, row in zip(bootstrap.tables(reference, predicted, 4), weights, strict=True):
        again = confusion_table(np.repeat(reference, row), np.repeat(predicted, row), 4)
        assert np.array_equal(table, again)


def test_spread_agrees_with_the_cluster_formula_and_not_with_the_plain_one() -> None:
    names, reference, predicted = _clustered(200, 6)
    bootstrap = PatientBootstrap.of(names, 2000, seed=1)
    spread = gwet(bootstrap.tables(reference, predicted, 4)).std()
    pull = gwet_pull(confusion_table(reference, predicted, 4))[reference, predicted]
    assert spread == pytest.approx(cluster_error(pull, names), rel=0.08)
    alone = PatientBootstrap.of(np.arange(1200).astype(str), 2000, seed=1)
    assert spread > 1.4 * gwet(alone.tables(reference, predicted, 4)).std()


def test_a_large_cohort_is_drawn_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    names = np.arange(77).astype(str)
    whole = PatientBootstrap.of(names, 30, seed=4).draws
    monkeypatch.setattr(intervals, "IMAGES_AT_ONCE", 200)
    assert np.array_equal(whole, PatientBootstrap.of(names, 30, seed=4).draws)


def test_what_varies_in_no_resample_has_no_interval() -> None:
    """A share of 1, or one that hangs on a single patient."""
    draws = np.array([0.67, np.nan, 0.67, 0.67 + 1e-16, 0.67 - 1e-15])
    found = Resampled(0.67, draws, 40, "share").estimate()
    assert (found.value, found.undefined, found.reason) == (0.67, 1, "no variation")
    assert np.isnan([found.low, found.high]).all()
    assert np.isnan(student_interval(1.0, 1e-17, 40)).all()


def test_an_interval_is_students_on_its_scale() -> None:
    """By hand: 2.093 is the table's quantile of 19 degrees of freedom."""
    low, high = _ends(patient_interval(0.5, 0.1, 20, "plain"))
    assert (low, high) == pytest.approx((0.5 - 0.2093, 0.5 + 0.2093), abs=1e-4)
    low, high = _ends(patient_interval(0.9, 0.04, 20, "share"))
    middle, reach = np.log(9), 2.0930 * 0.04 / 0.09
    expected = 1 / (1 + np.exp(-np.array([middle - reach, middle + reach])))
    assert (low, high) == pytest.approx(expected, abs=1e-4)
    low, high = _ends(patient_interval(0.8, 0.06, 20, "coefficient"))
    ends = np.arctanh(0.8) + np.array([-1, 1]) * 2.0930 * 0.06 / 0.36
    assert (low, high) == pytest.approx(np.tanh(ends), abs=1e-4)
    low, high = _ends(patient_interval(0.2, 0.05, 20, "amount"))
    reach = np.exp(2.0930 * 0.25)
    assert (low, high) == pytest.approx((0.2 / reach, 0.2 * reach), abs=1e-4)


def test_the_jackknife_of_a_mean_is_its_standard_error() -> None:
    values = np.random.default_rng(5).normal(size=30)
    error, freedom = left_out((values.sum() - values) / 29)
    assert error == pytest.approx(stats.sem(values))
    apart = values - values.mean()
    assert freedom == pytest.approx(3 * (apart**2).sum() ** 2 / (apart**4).sum() - 1)


def test_degrees_of_freedom_follow_who_makes_up_the_error() -> None:
    """Of normal deviations one less than the patients; of one patient among many 2, of none all."""
    normal = stats.norm.ppf((np.arange(400) + 0.5) / 400)
    assert left_out(normal)[1] == pytest.approx(399, rel=0.05)
    assert left_out(np.eye(400)[0])[1] == pytest.approx(2, abs=0.05)
    assert left_out(np.ones(400)) == (0.0, 399.0)
    assert np.isnan(left_out(np.ones(1))).all()
    narrow, wide = (patient_interval(0.5, 0.1, 20, "plain", freedom=n) for n in (19, 4))
    assert wide.high - 0.5 == pytest.approx(2.7764 * 0.1, abs=1e-4)
    assert narrow == patient_interval(0.5, 0.1, 20, "plain")


def _ends(found: Estimate) -> tuple[float, float]:
    return found.low, found.high


def test_the_interval_of_a_mean_is_scipys() -> None:
    """One image a patient: resamples give the plain error, and Student's interval is SciPy's."""
    values = np.random.default_rng(3).normal(size=25)
    bootstrap = PatientBootstrap.of(np.arange(25).astype(str), 20_000, seed=2)
    order = np.argsort(np.unique(np.arange(25).astype(str)).astype(int))
    means = bootstrap.draws @ values[np.argsort(order)] / 25
    found = Resampled(float(values.mean()), means, 25).estimate()
    theirs = stats.t.interval(0.95, 24, values.mean(), stats.sem(values))
    assert (found.low, found.high) == pytest.approx(theirs, abs=0.02)


@pytest.mark.parametrize(("carriers", "reason"), [(9, "9 patients, 10 needed"), (10, "")])
def test_too_few_patients_carry_no_interval(carriers: int, reason: str) -> None:
    found = patient_interval(0.5, 0.1, carriers, "share")
    assert found.reason == reason
    assert np.isfinite(found.low) == (reason == "")


def test_an_undefined_value_says_so() -> None:
    found = patient_interval(float("nan"), 0.1, 40, "share")
    assert found.reason == "undefined"


def test_no_coefficient_is_beyond_what_it_can_be() -> None:
    low, high = student_interval(-0.5, 0.6, 2)
    assert (low, high) == (-1.0, 1.0)


def test_same_seed_same_draws() -> None:
    names, *_ = _clustered(30, 2)
    first, again = (PatientBootstrap.of(names, 10, seed=4).draws for _ in range(2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, PatientBootstrap.of(names, 10, seed=5).draws)


def test_one_patient_has_a_value_and_no_interval() -> None:
    reference, predicted = np.array([0, 1, 2]), np.array([0, 1, 1])
    bootstrap = PatientBootstrap.of(np.array(["P1"] * 3), 1000, seed=0)
    draws = accuracy(bootstrap.tables(reference, predicted, 4))
    found = Resampled(2 / 3, draws, bootstrap.patients, "share").estimate()
    assert found.reason == "1 patient, 10 needed"
    assert found.value == pytest.approx(2 / 3)
    assert np.isnan((found.low, found.high)).all()


def test_undefined_resamples_are_left_out_and_counted() -> None:
    found = Resampled(0.5, np.array([0.4, np.nan, 0.6, 0.5]), 12).estimate()
    reach = 2.2010 * np.sqrt(2 / 3) / 10 * np.sqrt(12 / 11)
    assert found.undefined == 1
    assert _ends(found) == pytest.approx((0.5 - reach, 0.5 + reach), abs=1e-4)


def test_mostly_undefined_gives_no_interval() -> None:
    found = Resampled(0.5, np.array([0.4, np.nan, np.nan]), 12).estimate()
    assert (found.value, found.undefined) == (0.5, 2)
    assert found.reason == "undefined in most resamples"
    assert np.isnan(found.low)


def test_error_of_a_mean_is_the_textbooks_where_patients_have_one_image() -> None:
    values = np.random.default_rng(0).normal(size=50)
    error = cluster_error(values - values.mean(), np.arange(50))
    assert error == pytest.approx(values.std(ddof=1) / np.sqrt(50))


def test_repeated_images_add_nothing_to_the_error() -> None:
    pull = np.random.default_rng(0).normal(size=50)
    repeated = cluster_error(np.repeat(pull, 4), np.repeat(np.arange(50), 4))
    assert repeated == pytest.approx(cluster_error(pull, np.arange(50)))


def test_error_of_one_patient_is_undefined() -> None:
    assert np.isnan(cluster_error(np.array([1.0, -1.0]), np.array(["a", "a"])))


def test_student_interval_is_the_tables_and_ends_at_one() -> None:
    assert student_interval(0.5, 0.1, 10) == pytest.approx((0.5 - 0.2262, 0.5 + 0.2262), abs=1e-4)
    assert student_interval(0.95, 0.1, 10)[1] == 1
    assert np.isnan(student_interval(0.5, 0.1, 1)).all()
    assert np.isnan(student_interval(0.5, float("nan"), 10)).all()


def test_a_difference_is_taken_resample_by_resample() -> None:
    one = Resampled(0.8, np.array([0.7, 0.8, np.nan, 0.9]), 30, "share")
    other = Resampled(0.7, np.array([0.6, 0.6, 0.7, 0.6]), 12, "share")
    apart = one - other
    assert apart.draws == pytest.approx([0.1, 0.2, np.nan, 0.3], nan_ok=True)
    assert apart.value == pytest.approx(0.1)
    assert apart.carriers == 12
    assert apart.scale == "plain"
    assert apart.estimate().undefined == 1


def test_tables_without_each_patient_leave_out_those_without_an_image() -> None:
    names, reference, predicted = _clustered(6, 3)
    bootstrap = PatientBootstrap.of(names, 0, seed=0).of_images(names != "P2")
    kept = names != "P2"
    left = bootstrap.tables_without(reference[kept], predicted[kept], 4)
    for table, name in zip(left, ["P0", "P1", "P3", "P4", "P5"], strict=True):
        some = kept & (names != name)
        assert np.array_equal(table, confusion_table(reference[some], predicted[some], 4))
