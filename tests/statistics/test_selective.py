from __future__ import annotations

import numpy as np
import pytest

from lumbargrade.errors import EvaluationError
from lumbargrade.statistics.selective import ask_until, error_of_others, risk_curve

DOUBT = np.array([0.5, 0.1, 0.4, 0.4, 0.2])
WRONG = np.array([True, False, True, False, False])


PATIENTS = np.arange(5)


def test_the_most_doubtful_are_asked_about_first_and_ties_together() -> None:
    curve = risk_curve(DOUBT, WRONG)
    assert curve.doubt.tolist() == [0.5, 0.4, 0.2, 0.1]
    assert curve.asked == pytest.approx([0, 0.2, 0.6, 0.8])
    assert curve.error == pytest.approx([2 / 5, 1 / 4, 0, 0])


@pytest.mark.parametrize(("limit", "asked"), [(0.4, 0.0), (0.39, 0.2), (0.25, 0.2), (0.1, 0.6)])
def test_no_more_are_asked_than_needed(limit: float, asked: float) -> None:
    found = ask_until(DOUBT, WRONG, limit, PATIENTS)
    assert found.asked == pytest.approx(asked)
    assert found.error.value <= limit
    assert (found.doubt < DOUBT).mean() == pytest.approx(asked)


def test_if_no_cut_is_enough_a_reader_reads_everything() -> None:
    found = ask_until(DOUBT, np.ones(5, bool), 0.5, PATIENTS)
    assert found.asked == 1.0
    assert np.isnan(found.error.value)


def test_a_cut_chosen_on_some_patients_holds_on_others() -> None:
    rng = np.random.default_rng(4)
    doubt = rng.uniform(0, 0.5, 6000)
    wrong = rng.uniform(size=6000) < doubt
    referral = ask_until(doubt[:3000], wrong[:3000], 0.1, np.arange(3000))
    fresh = error_of_others(doubt[3000:], wrong[3000:], referral.doubt, np.arange(3000))
    assert fresh.low < 0.1 < fresh.high
    assert referral.asked == pytest.approx(0.6, abs=0.05)  # doubts up to 0.2 err in 10 %


def test_what_cannot_be_ranked_is_refused() -> None:
    with pytest.raises(EvaluationError, match="each with a finite doubt"):
        risk_curve(np.array([np.nan]), np.array([True]))
    with pytest.raises(EvaluationError, match="needs images"):
        risk_curve(np.array([]), np.array([], bool))
    with pytest.raises(EvaluationError, match="limit of the error is 5"):
        ask_until(DOUBT, WRONG, 5, PATIENTS)
