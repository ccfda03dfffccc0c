"""The model beside readers, on the same images."""

from __future__ import annotations

import numpy as np
import pytest

from lumbargrade.errors import EvaluationError
from lumbargrade.evaluation.measures.beside import Beside, BesideReaders, beside_readers
from lumbargrade.evaluation.measures.readers import pairwise
from lumbargrade.evaluation.measures.system_figures import Options
from lumbargrade.statistics.agreement.many_raters import COEFFICIENTS, MISSING
from lumbargrade.statistics.agreement.readings_matrix import ReadingsMatrix

OPTIONS = Options(resamples=400)


def _matrix(names: tuple[str, ...], ratings: np.ndarray, each: int = 4) -> ReadingsMatrix:
    patients = np.array([f"P{image // each}" for image in range(len(ratings))])
    return ReadingsMatrix(names, ratings, patients, 4)


def _erring(rates: tuple[float, ...], images: int = 400, seed: int = 6) -> np.ndarray:
    """Graders (n, r) who err at random, each at a rate of their own."""
    rng = np.random.default_rng(seed)
    truth = rng.choice(4, (images, 1), p=(0.5, 0.25, 0.15, 0.1))
    wrong = rng.random((images, len(rates))) < np.array(rates)
    return np.where(wrong, (truth + rng.integers(1, 4, wrong.shape)) % 4, truth)


def _ac1(found: BesideReaders) -> Beside:
    return found.rows[list(COEFFICIENTS).index("ac1")]


def with_a_reader_of_easy_images() -> ReadingsMatrix:
    """Net, Ann and Bob read 380 images, on which net agrees less by 0.007; Cy read 20 easy ones.

    Of the 360 others Bob errs on 37 of 90 of each grade, and net on the same and on two more.
    On the 20 all give grade 0.
    """
    truth, number = np.divmod(np.arange(360), 90)
    bob = np.where(number < 37, (truth + 1) % 4, truth)
    net = np.where(number < 37 + (truth < 2), (truth + 2) % 4, truth)
    hard = np.column_stack([net, truth, bob, np.full(360, MISSING)])
    return _matrix(("net", "Ann", "Bob", "Cy"), np.vstack([hard, np.zeros((20, 4), np.int64)]))


def test_a_reader_of_twenty_easy_images_moves_nothing() -> None:
    matrix = with_a_reader_of_easy_images()
    mean, first, *others = beside_readers(matrix, "net", OPTIONS)
    assert (mean.readers, mean.images, mean.patients) == (("Ann", "Bob", "Cy"), 380, 95)
    assert (first.readers, first.images, first.patients) == (("Ann", "Bob"), 380, 95)
    assert [(one.readers, one.images, one.patients) for one in others] == [
        (("Ann", "Cy"), 20, 5),
        (("Bob", "Cy"), 20, 5),
    ]
    assert _ac1(first).difference.value == pytest.approx(-0.007, abs=3e-4)
    assert _ac1(mean).difference.value == pytest.approx(-0.007 * 380 / 420, abs=3e-4)
    assert all(_ac1(one).difference.value == 0 for one in others)
    # What was printed before: means over pairs of other images on either side.
    values = {
        pair.readers: pair.coefficients[0].resampled.value for pair in pairwise(matrix, OPTIONS)
    }
    sides = [
        np.mean([value for pair, value in values.items() if ("net" in pair) is with_net])
        for with_net in (True, False)
    ]
    assert sides[0] - sides[1] == pytest.approx(-0.177, abs=0.003)


def test_sides_are_over_the_images_that_all_three_graded() -> None:
    ratings = _erring((0.4, 0.2, 0.1))
    rng = np.random.default_rng(1)
    ratings[rng.random(ratings.shape) < 0.2] = MISSING
    matrix = _matrix(("net", "Ann", "Bob"), ratings)
    (found,) = beside_readers(matrix, "net", OPTIONS)
    whole = (ratings != MISSING).all(1)
    assert found.images == whole.sum()
    alone = ReadingsMatrix(matrix.readers, ratings[whole], matrix.patients[whole], 4)
    pairs = pairwise(alone, OPTIONS)
    for row, one, other, readers in zip(found.rows, *(p.coefficients for p in pairs), strict=True):
        assert row.model.value == pytest.approx((one.resampled.value + other.resampled.value) / 2)
        assert row.readers.value == pytest.approx(readers.resampled.value)
        assert row.difference.value == pytest.approx(row.model.value - row.readers.value)
    assert _ac1(found).difference.high < 0  # the worst of the three was called the model


def test_what_is_hard_for_all_cancels_out() -> None:
    rng = np.random.default_rng(6)
    hard = np.repeat(rng.random(80) < 0.3, 5)[:, None]
    truth = rng.choice(4, (400, 1))
    wrong = rng.random((400, 3)) < np.where(hard, 0.7, 0.05)
    ratings = np.where(wrong, (truth + rng.integers(1, 4, wrong.shape)) % 4, truth)
    (found,) = beside_readers(_matrix(("net", "Ann", "Bob"), ratings, 5), "net", OPTIONS)
    model, readers, difference = (
        end.high - end.low
        for end in (_ac1(found).model, _ac1(found).readers, _ac1(found).difference)
    )
    assert difference < 0.9 * np.hypot(model, readers)


def test_a_mean_leaves_out_on_both_sides_who_has_no_kappa() -> None:
    mean, first, *others = beside_readers(with_a_reader_of_easy_images(), "net", OPTIONS)
    kappa = list(COEFFICIENTS).index("kappa")
    assert all(np.isnan(one.rows[kappa].difference.value) for one in others)
    assert mean.rows[kappa].difference.value == pytest.approx(first.rows[kappa].difference.value)


def test_readers_without_an_image_of_the_model_are_left_out() -> None:
    ratings = _erring((0.2, 0.2, 0.2, 0.2))
    ratings[:200, 0] = ratings[200:, 3] = MISSING  # the model graded nothing that Cy read
    found = beside_readers(_matrix(("net", "Ann", "Bob", "Cy"), ratings), "net", OPTIONS)
    assert [one.readers for one in found] == [("Ann", "Bob")]
    ratings[200:, 1] = MISSING
    assert beside_readers(_matrix(("net", "Ann", "Bob", "Cy"), ratings), "net", OPTIONS) == ()


@pytest.mark.parametrize(("readers", "model"), [(3, "Dee"), (2, "Ann")])
def test_beside_nobody_is_refused(readers: int, model: str) -> None:
    matrix = _matrix(("net", "Ann", "Bob")[:readers], _erring((0.1,) * readers))
    with pytest.raises(
        EvaluationError, match=f"'{model}' cannot be compared with readers: name one"
    ):
        beside_readers(matrix, model, OPTIONS)
