"""Bias and limits of agreement, beside the published examples and by their properties."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.statistics.method_comparisons import CARDIAC_OUTPUT, PEAK_FLOW, repeated_pairs

from lumbargrade.statistics.bland_altman import LIMIT, Agreement, agreement, weighted_median
from lumbargrade.statistics.bootstrap import PatientBootstrap


def _agreement(
    difference: np.ndarray, patients: np.ndarray | None = None, resamples: int = 20
) -> Agreement:
    names = np.arange(len(difference)).astype(str) if patients is None else patients
    return agreement(difference, PatientBootstrap.of(names, resamples, seed=1))


def test_one_pair_a_subject_is_the_example_of_1986() -> None:
    """Mean difference -2.1 l/min, standard deviation 38.8, limits at 2 of them -79.7 and 75.5."""
    found = _agreement(PEAK_FLOW[:, 0] - PEAK_FLOW[:, 1])
    spread = (found.upper.value - found.lower.value) / 2 / LIMIT
    assert found.bias.value == pytest.approx(-2.1, abs=0.05)
    assert spread == pytest.approx(38.8, abs=0.05)
    assert found.bias.value - 2 * spread == pytest.approx(-79.7, abs=0.1)
    assert found.bias.value + 2 * spread == pytest.approx(75.5, abs=0.1)


def test_repeated_pairs_are_the_example_of_2007() -> None:
    """Mean squares 4.2090856 and 0.170714026, total variance 0.98133606, limits -1.34 and 2.54."""
    difference = CARDIAC_OUTPUT[:, 1] - CARDIAC_OUTPUT[:, 2]
    found = _agreement(difference, CARDIAC_OUTPUT[:, 0].astype(str))
    assert found.bias.value == pytest.approx(0.6021667, abs=1e-7)
    variance = ((found.upper.value - found.bias.value) / LIMIT) ** 2
    assert variance == pytest.approx(0.98133606, abs=1e-7)
    assert found.lower.value == pytest.approx(-1.3394565, abs=1e-6)
    assert found.upper.value == pytest.approx(2.5437899, abs=1e-6)
    # Those of pairs taken as independent are narrower, as the paper says.
    assert found.upper.value - found.lower.value > 2 * LIMIT * difference.std(ddof=1)


def test_a_patient_drawn_twice_is_two_patients() -> None:
    first, second, patients = repeated_pairs(12, seed=3)
    difference = second - first
    bootstrap = PatientBootstrap.of(patients, 30, seed=4)
    found = agreement(difference, bootstrap)
    for number, row in enumerate(bootstrap.draws):
        drawn = np.repeat(np.arange(len(row)), row)
        images = [np.flatnonzero(bootstrap.patient == one) for one in drawn]
        again = np.concatenate([difference[some] for some in images])
        names = np.repeat(np.arange(len(images)), [len(some) for some in images]).astype(str)
        once = _agreement(again, names, resamples=0)
        for name in ("bias", "lower", "upper", "median_distance"):
            value = getattr(once, name).value
            assert getattr(found, name).draws[number] == pytest.approx(value), name


def test_the_limits_hold_as_many_new_differences_as_they_say() -> None:
    """Of new slices of new patients; each limit is that of a normal spread of 0.8 and 0.5."""
    first, second, patients = repeated_pairs(4000, seed=5, offset=0.3)
    found = _agreement(second - first, patients)
    reach = LIMIT * np.hypot(0.8, 0.5)
    assert found.lower.value == pytest.approx(0.3 - reach, abs=0.05)
    assert found.upper.value == pytest.approx(0.3 + reach, abs=0.05)


@pytest.mark.parametrize("name", ["bias", "lower", "upper"])
def test_intervals_by_patient_cover_the_truth(name: str) -> None:
    reach = LIMIT * np.hypot(0.8, 0.5)
    truth = {"bias": 0.3, "lower": 0.3 - reach, "upper": 0.3 + reach}[name]
    covered = 0
    for seed in range(150):
        first, second, patients = repeated_pairs(60, seed, offset=0.3)
        found = getattr(_agreement(second - first, patients, 300), name).estimate()
        covered += found.low <= truth <= found.high
    assert covered / 150 > 0.95 - 3 * np.sqrt(0.95 * 0.05 / 150)


def test_a_limit_reaches_further_outward_and_mirrors() -> None:
    """A spread of few is more often too small than too large; both limits are treated alike."""
    first, second, patients = repeated_pairs(12, seed=3)
    found, mirrored = _agreement(second - first, patients), _agreement(first - second, patients)
    lower, upper = found.lower.estimate(), found.upper.estimate()
    assert upper.high - upper.value > upper.value - upper.low > 0
    assert lower.value - lower.low > lower.high - lower.value > 0
    other = mirrored.lower.estimate()
    assert (upper.low, upper.high) == pytest.approx((-other.high, -other.low))


def test_limits_of_few_patients_or_of_equal_differences_say_why_they_have_no_interval() -> None:
    few = _agreement(np.arange(9.0))
    assert few.upper.estimate().reason == "9 patients, 10 needed"
    assert _agreement(np.full(12, 0.5)).lower.estimate().reason == "no variation"
    assert _agreement(np.array([1.0])).lower.estimate().reason == "undefined"


@given(
    st.lists(st.floats(-100, 100), min_size=2, max_size=12),
    st.floats(-1000, 1000),
    st.integers(1, 4),
)
def test_shift_and_mirror(values: list[float], shift: float, patients: int) -> None:
    difference = np.array(values)
    names = (np.arange(len(values)) % patients).astype(str)
    found, moved = _agreement(difference, names), _agreement(difference + shift, names)
    mirrored = _agreement(-difference, names)
    for name, other in (("bias", "bias"), ("lower", "upper"), ("upper", "lower")):
        value = getattr(found, name).value
        expected = pytest.approx(np.array([value + shift, -value]), abs=1e-6, nan_ok=True)
        assert np.array([getattr(moved, name).value, getattr(mirrored, other).value]) == expected
    assert mirrored.median_distance.value == found.median_distance.value


def test_one_patient_has_a_bias_and_no_limits() -> None:
    found = _agreement(np.array([1.0, 2.0, 4.0]), np.array(["a", "a", "a"]))
    assert found.bias.value == pytest.approx(7 / 3)
    assert np.isnan([found.lower.value, found.upper.value]).all()
    assert np.isnan(found.bias.estimate().low)
    assert found.median_distance.value == 2.0


@given(st.lists(st.tuples(st.floats(0, 50), st.integers(0, 4)), min_size=1, max_size=12))
def test_the_weighted_median_is_numpys_of_the_repeated(rows: list[tuple[float, int]]) -> None:
    values, times = (np.array(column) for column in zip(*sorted(rows), strict=True))
    if times.sum():
        (found,) = weighted_median(values, times[None].astype(float))
        assert found == np.median(np.repeat(values, times))
