from __future__ import annotations

import numpy as np
import pytest

from lumbargrade.errors import EvaluationError
from lumbargrade.statistics.selective import CHOSEN_HERE, ask_until, error_of_others, risk_curve

DOUBT = np.array([0.5, 0.1, 0.4, 0.4, 0.2])
WRONG = np.array([True, False, True, False, False])


PATIENTS = np.arange(5)


def test_the_most_doubtful_are_asked_about_first_and_ties_together() -> None:
    curve = risk_curve(DOUBT, WRONG)
    assert curve.doubt.tolist() == [0.5, 0.4, 0.2, 0.1]
    assert curve.asked == pytest.approx([0, 0.2, 0.6, 0.8])
    assert curve.error == pytest.approx([2 / 5, 1 / 4, 0, 0])


def _doubtful(images: int) -> tuple[np.ndarray, np.ndarray]:
    """One image a patient; those in doubt of 0.5 are wrong half of the time, others never."""
    doubt = np.where(np.arange(images) % 5 == 0, 0.5, 0.1)
    return doubt, np.arange(images) % 10 == 0


@pytest.mark.parametrize(("images", "limit", "asked"), [(100, 0.2, 0.0), (100, 0.1, 0.2)])
def test_no_more_are_asked_than_needed(images: int, limit: float, asked: float) -> None:
    found = ask_until(*_doubtful(images), limit, np.arange(images))
    assert found.asked == pytest.approx(asked)
    doubt, wrong = _doubtful(images)
    assert error_of_others(doubt, wrong, found.doubt, np.arange(images)).high <= limit
    assert (found.doubt < _doubtful(images)[0]).mean() == pytest.approx(asked)


def test_that_nobody_need_be_asked_is_said_only_where_the_upper_end_is_below_the_limit() -> None:
    """Twenty right images of twenty patients: an error of up to 16 % fits them (Wilson)."""
    doubt, wrong = np.full(20, 0.1), np.zeros(20, dtype=bool)
    found = ask_until(doubt, wrong, 0.15, np.arange(20))
    assert found.asked == 1
    assert np.isnan(found.error.value)
    kept = ask_until(doubt, wrong, 0.17, np.arange(20))
    assert (kept.asked, kept.error.value) == (0, 0)
    upper = error_of_others(doubt, wrong, kept.doubt, np.arange(20)).high
    assert upper == pytest.approx(0.1611, abs=5e-5)


def test_of_a_cut_chosen_on_these_images_no_interval_is_given() -> None:
    kept = ask_until(np.full(20, 0.1), np.zeros(20, dtype=bool), 0.17, np.arange(20))
    assert np.isnan([kept.error.low, kept.error.high]).all()
    assert kept.error.reason == CHOSEN_HERE


def test_few_patients_show_no_limit_to_be_kept() -> None:
    doubt, wrong = np.full(900, 0.1), np.zeros(900, dtype=bool)
    assert ask_until(doubt, wrong, 0.5, np.arange(900) % 9).asked == 1
    assert ask_until(doubt, wrong, 0.5, np.arange(900) % 10).asked == 0


def test_if_no_cut_is_enough_a_reader_reads_everything() -> None:
    found = ask_until(DOUBT, np.ones(5, bool), 0.5, PATIENTS)
    assert found.asked == 1.0
    assert np.isnan(found.error.value)


def test_a_cut_holds_where_noise_alone_puts_a_doubt_above_it() -> None:
    doubt = np.array([0.1 + 0.2] * 12)
    assert (doubt > 0.3).all()
    assert error_of_others(doubt, np.zeros(12, bool), 0.3, np.arange(12)).value == 0


def test_a_cut_chosen_on_some_patients_holds_on_others() -> None:
    rng = np.random.default_rng(4)
    doubt = rng.uniform(0, 0.5, 6000)
    wrong = rng.uniform(size=6000) < doubt
    referral = ask_until(doubt[:3000], wrong[:3000], 0.1, np.arange(3000))
    fresh = error_of_others(doubt[3000:], wrong[3000:], referral.doubt, np.arange(3000))
    assert fresh.value < 0.1
    # Doubts up to 0.2 err in 10 %; that their upper end be so, a few more are asked about.
    assert referral.asked == pytest.approx(0.65, abs=0.08)
    assert error_of_others(doubt[:3000], wrong[:3000], referral.doubt, np.arange(3000)).high <= 0.1


def test_what_cannot_be_ranked_is_refused() -> None:
    with pytest.raises(EvaluationError, match="each with a finite doubt"):
        risk_curve(np.array([np.nan]), np.array([True]))
    with pytest.raises(EvaluationError, match="needs images"):
        risk_curve(np.array([]), np.array([], bool))
    with pytest.raises(EvaluationError, match="limit of the error is 5"):
        ask_until(DOUBT, WRONG, 5, PATIENTS)
