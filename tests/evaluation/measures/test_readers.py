"""Agreement within a matrix of readers: values of outsiders, intervals beside each other."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score
from tests.statistics.agreement.test_many_raters import HANDBOOK

from lumbargrade.evaluation.measures.readers import (
    ReaderAgreement,
    overall,
    pairwise,
)
from lumbargrade.evaluation.measures.system_figures import Options
from lumbargrade.statistics.agreement.many_raters import COEFFICIENTS, MISSING
from lumbargrade.statistics.agreement.readings_matrix import ReadingsMatrix

OPTIONS = Options(resamples=600)


def _matrix(
    patients: int = 80, each: int = 6, readers: int = 3, missing: float = 0.1
) -> ReadingsMatrix:
    """Readers who all err on some patients, each in his or her own way; reader 0 errs most."""
    rng = np.random.default_rng(6)
    truth = rng.choice(4, (patients * each, 1), p=(0.5, 0.25, 0.15, 0.1))
    hard = np.repeat(rng.random(patients) < 0.3, each)[:, None]
    rates = np.where(hard, 0.7, 0.05) + np.linspace(0.2, 0, readers)
    wrong = rng.random((patients * each, readers)) < rates
    ratings = np.where(wrong, (truth + rng.integers(1, 4, wrong.shape)) % 4, truth)
    ratings[rng.random(ratings.shape) < missing] = MISSING
    names = np.repeat([f"P{number}" for number in range(patients)], each)
    return ReadingsMatrix(("net", "A", "B")[:readers], ratings, names, 4)


def _named(found: ReaderAgreement) -> dict[str, float]:
    return {one.name: one.resampled.value for one in found.coefficients}


def test_every_pair_over_the_images_that_both_read() -> None:
    matrix = _matrix()
    pairs = pairwise(matrix, OPTIONS)
    assert [pair.readers for pair in pairs] == [("net", "A"), ("net", "B"), ("A", "B")]
    both = (matrix.ratings[:, 1:] != MISSING).all(1)
    first, second = matrix.ratings[both, 1], matrix.ratings[both, 2]
    found = _named(pairs[2])
    assert pairs[2].images == both.sum()
    for name, weights in (("kappa", None), ("kappa_linear", "linear")):
        assert found[name] == pytest.approx(cohen_kappa_score(first, second, weights=weights))


def test_intervals_of_clustered_images_agree_and_are_wider_than_the_plain_one() -> None:
    # With gaps the published formula of all readers is too wide (see raters.published_pull).
    found = [*pairwise(_matrix(), OPTIONS), overall(_matrix(missing=0), OPTIONS)]
    for one in (one for part in found for one in part.coefficients):
        widths = [end.high - end.low for end in (one.clustered, one.bootstrap, one.independent)]
        assert widths[0] == pytest.approx(widths[1], rel=0.25), one.name
        assert widths[0] > widths[2], one.name
        if one.name == "ac1":
            assert widths[0] > 1.2 * widths[2]
        for end in (one.clustered, one.bootstrap, one.independent):
            assert end.low < one.resampled.value < end.high


def test_overall_is_the_published_example() -> None:
    matrix = ReadingsMatrix(("A", "B", "C", "D"), HANDBOOK, np.arange(12).astype(str), 5)
    found = overall(matrix, OPTIONS)
    assert (found.images, found.patients) == (11, 11)
    ac1, kappa = (found.coefficients[list(COEFFICIENTS).index(name)] for name in ("ac1", "kappa"))
    assert ac1.resampled.value == pytest.approx(0.77544, abs=5e-6)
    assert (ac1.independent.low, ac1.independent.high) == pytest.approx((0.46081, 1), abs=1e-5)
    assert kappa.resampled.value == pytest.approx(0.76117, abs=5e-6)


def test_images_that_nobody_read_change_nothing() -> None:
    matrix = _matrix(missing=0.5)
    more = np.vstack([matrix.ratings, np.full((50, 3), MISSING)])
    patients = np.r_[matrix.patients, np.repeat("P0", 50)]
    padded = overall(ReadingsMatrix(matrix.readers, more, patients, 4), OPTIONS)
    for one, other in zip(padded.coefficients, overall(matrix, OPTIONS).coefficients, strict=True):
        assert one.clustered == other.clustered
        assert one.independent == other.independent


def test_one_patient_has_values_and_only_the_plain_interval() -> None:
    for found in (*pairwise(_matrix(1, 40), OPTIONS), overall(_matrix(1, 40), OPTIONS)):
        for one in found.coefficients:
            assert np.isfinite((one.resampled.value, one.independent.low)).all()
            assert np.isnan((one.clustered.low, one.bootstrap.low)).all()


def test_readers_without_a_common_image_are_undefined() -> None:
    matrix = ReadingsMatrix(
        ("A", "B"), np.array([[0, MISSING], [MISSING, 1]]), np.array(["P", "Q"]), 4
    )
    for found in (*pairwise(matrix, OPTIONS), overall(matrix, OPTIONS)):
        assert (found.images, found.patients) == (0, 0)
        assert np.isnan([one.resampled.value for one in found.coefficients]).all()
        assert found.coefficients[0].bootstrap.undefined == OPTIONS.resamples


def test_constant_readers_have_no_kappa_and_full_ac1() -> None:
    matrix = ReadingsMatrix(
        ("A", "B"), np.zeros((6, 2), dtype=np.int64), np.arange(6).astype(str), 4
    )
    for found in (*pairwise(matrix, OPTIONS), overall(matrix, OPTIONS)):
        values = _named(found)
        assert values["ac1"] == 1
        assert np.isnan([values["kappa"], values["kappa_linear"]]).all()


def test_the_chance_level_stands_with_every_set_of_readers() -> None:
    matrix = _matrix()
    pair = pairwise(matrix, OPTIONS)[2]
    both = (matrix.ratings[:, 1:] != MISSING).all(1)
    use = [np.bincount(matrix.ratings[both, one], minlength=4) / both.sum() for one in (1, 2)]
    agreed = float(use[0] @ use[1])
    by_gwet = float((np.mean(use, 0) * (1 - np.mean(use, 0))).sum() / 3)
    assert pair.chance["ac1"] == pytest.approx((agreed - by_gwet) / (1 - by_gwet))
    assert set(pair.chance) == set(overall(matrix, OPTIONS).chance) == set(COEFFICIENTS)
