"""The example of the paper, a simulation with known truth, and the bounds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from lumbargrade.statistics.agreement.dawid_skene import Floats, dawid_skene

TABLE_1 = """
1111111 3334334 1122122 2223121 2223222 2223322 1222111 3333433 2222223 2322223 4444444 2223343
1111111 2223212 1211111 1112111 1111111 1111111 2222221 2221322 2222222 2222221 2223222 2212222
1111111 1111111 2322222 1111111 1111111 1121121 1111111 3333233 1111111 2222222 2223232 4334343
2212232 2323233 3333432 1111111 1111111 1212111 2322222 1211111 2222222
"""
"""45 patients, graded 1-4 by five anaesthetists; the first three grades are all of the first."""


def counts_of(table: str) -> Floats:
    read = np.array([[int(grade) for grade in word] for word in table.split()]) - 1
    counts = np.zeros((len(read), 5, 4))
    for column, reader in enumerate((0, 0, 0, 1, 2, 3, 4)):
        counts[np.arange(len(read)), reader, read[:, column]] += 1
    return counts


def test_the_example_of_the_paper() -> None:
    """Dawid and Skene 1979: the marginal probabilities, and observer 1."""
    found = dawid_skene(counts_of(TABLE_1))
    assert found.prevalence.round(2).tolist() == [0.40, 0.42, 0.11, 0.07]
    assert found.readers[0].round(2).tolist() == [
        [0.89, 0.11, 0.00, 0.00],
        [0.07, 0.88, 0.05, 0.00],
        [0.00, 0.34, 0.66, 0.00],
        [0.00, 0.00, 0.56, 0.44],
    ]


def simulated(images: int, readers: Floats, prevalence: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """Counts (n, r, q) of readers who err as their tables say, and the truth (n,)."""
    random = np.random.default_rng(3)
    grades = len(prevalence)
    truth = random.choice(grades, images, p=prevalence)
    counts = np.zeros((images, len(readers), grades))
    for number, table in enumerate(readers):
        for image, grade in enumerate(truth):
            counts[image, number, random.choice(grades, p=table[grade])] = 1
    return counts, truth


def test_what_was_put_in_is_found() -> None:
    prevalence = np.array([0.5, 0.3, 0.2])
    sure = np.array([[0.9, 0.1, 0.0], [0.1, 0.8, 0.1], [0.0, 0.2, 0.8]])
    lazy = np.array([[0.7, 0.2, 0.1], [0.5, 0.4, 0.1], [0.1, 0.3, 0.6]])
    readers = np.array([sure, sure, lazy, sure])
    counts, truth = simulated(4000, readers, prevalence)
    found = dawid_skene(counts)
    assert found.prevalence == pytest.approx(prevalence, abs=0.03)
    assert found.readers == pytest.approx(readers, abs=0.06)
    votes = counts.sum(1).argmax(1)
    assert (found.probabilities.argmax(1) == truth).mean() > (votes == truth).mean()
    for low, high in ((0.5, 0.7), (0.7, 0.9), (0.9, 1.0)):  # they mean what they say
        said = found.probabilities
        inside = (said > low) & (said <= high)
        true = np.eye(3)[truth][inside].mean()
        assert true == pytest.approx(said[inside].mean(), abs=0.05)


def test_readers_who_never_differ_are_believed() -> None:
    counts = np.zeros((4, 3, 4))
    for image, grade in enumerate((0, 0, 1, 3)):
        counts[image, :, grade] = 1
    found = dawid_skene(counts)
    assert found.probabilities.tolist() == counts[:, 0].tolist()
    assert found.prevalence.tolist() == [0.5, 0.25, 0.0, 0.25]
    assert found.readers[:, 2].tolist() == [[0.0] * 4] * 3  # nobody can say of grade 2


def test_what_was_not_read_says_nothing() -> None:
    counts = counts_of(TABLE_1)
    absent = np.concatenate([counts, np.zeros((45, 1, 4))], axis=1)
    assert dawid_skene(absent).probabilities == pytest.approx(dawid_skene(counts).probabilities)


@given(
    arrays(float, st.tuples(*map(st.integers, (1, 1, 2), (6, 4, 4))), elements=st.integers(0, 2))
)
def test_probabilities_stay_probabilities(counts: Floats) -> None:
    counts[..., 0] += 1 * (counts.sum((1, 2)) == 0)[:, None]
    found = dawid_skene(counts)
    assert found.probabilities.sum(1) == pytest.approx(1)
    assert found.prevalence.sum() == pytest.approx(1)
    assert ((found.probabilities >= 0) & np.isfinite(found.probabilities)).all()
    assert np.isfinite(found.log_likelihood)


def test_impossible_counts_are_refused() -> None:
    for wrong in (np.zeros((2, 2)), np.full((1, 1, 2), np.nan), np.full((1, 1, 2), -1.0)):
        with pytest.raises(ValueError, match="counts must be finite and not negative"):
            dawid_skene(wrong)
    for empty in (np.zeros((1, 1, 2)), np.zeros((0, 1, 2))):
        with pytest.raises(ValueError, match="an image that nobody has read"):
            dawid_skene(empty)
