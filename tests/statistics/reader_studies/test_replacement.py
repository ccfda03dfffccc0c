from __future__ import annotations

import itertools

import numpy as np
import pytest

from lumbargrade.statistics.agreement.many_raters import MISSING
from lumbargrade.statistics.reader_studies.replacement import KINDS, replaced


@pytest.mark.parametrize("apart", KINDS.values())
def test_each_image_counts_its_pairs(apart: int) -> None:
    rng = np.random.default_rng(2)
    readers, model = rng.integers(-1, 4, (60, 4)), rng.integers(-1, 4, 60)
    found = replaced(model, readers, apart)
    for image, row in enumerate(readers):
        known = [grade for grade in row if grade != MISSING]
        if len(known) < 2 or model[image] == MISSING:
            assert np.isnan(found.lost[image])
            continue
        pairs = [abs(one - two) <= apart for one, two in itertools.combinations(known, 2)]
        with_model = [abs(one - model[image]) <= apart for one in known]
        assert found.readers[image] == pytest.approx(np.mean(pairs))
        assert found.model[image] == pytest.approx(np.mean(with_model))


def test_a_copy_of_a_random_reader_is_interchangeable() -> None:
    """Truth known: a model that reads as any reader loses nothing, one that guesses does."""
    rng = np.random.default_rng(3)
    truth = rng.integers(0, 4, 40_000)
    read = np.where(rng.random((40_000, 4)) < 0.8, truth[:, None], rng.integers(0, 4, (40_000, 4)))
    assert replaced(read[:, 0], read[:, 1:]).lost.mean() == pytest.approx(0, abs=0.01)
    guess = rng.integers(0, 4, 40_000)
    # Two readers agree in 0.8^2 + (1 - 0.8^2) / 4, a guess with a reader in a quarter.
    expected = 0.64 + 0.36 / 4 - 0.25
    assert replaced(guess, read).lost.mean() == pytest.approx(expected, abs=0.01)
