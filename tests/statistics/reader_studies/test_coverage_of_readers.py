"""Intervals about readers hold the truth; ``benchmarks/reader_studies.py`` is the long run."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.reader_studies import Counted, count, truth_of
from benchmarks.simulated_readers import Design, readers_of
from lumbargrade.evaluation.reader_studies.assisted import CHANGE, RATIO
from lumbargrade.evaluation.reader_studies.interchange import LOST
from lumbargrade.evaluation.reader_studies.noninferiority import DIFFERENCE
from lumbargrade.evaluation.reader_studies.study import LIKE_THESE, THESE

REPEATS = 40
THREE_ERRORS = 3 * np.sqrt(0.95 * 0.05 / REPEATS)


@pytest.fixture(scope="module")
def counts() -> dict[tuple[str, str, str], Counted]:
    these = readers_of(np.random.default_rng(7), 4)
    everybody = readers_of(np.random.default_rng(8), 30)
    truths = {THESE: truth_of(these, 3000), LIKE_THESE: truth_of(everybody, 1000)}
    return count(these, Design(40, images=2), range(REPEATS), truths)


@pytest.mark.parametrize(
    ("measure", "of", "about"),
    [
        ("exact", LOST, THESE),
        ("ac1", DIFFERENCE, THESE),
        ("ac1", DIFFERENCE, LIKE_THESE),
        ("ac1", CHANGE, THESE),
        ("kappa_linear", CHANGE, LIKE_THESE),
        ("seconds a grade", RATIO, THESE),
        ("area 0 / 1-3", "readers, plain", LIKE_THESE),
    ],
)
def test_intervals_hold_the_truth(
    counts: dict[tuple[str, str, str], Counted], measure: str, of: str, about: str
) -> None:
    found = counts[measure, of, about]
    assert found.printed > REPEATS / 2
    assert found.held / found.printed > 0.95 - THREE_ERRORS
