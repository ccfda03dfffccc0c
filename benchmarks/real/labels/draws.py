"""Draws of a few patients to learn from, and the mean of what is learned from each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.real.halves import Half
from benchmarks.real.labels.ranking import Area, Ranked, bare, over_all, resampled, within_level
from lumbargrade.statistics.bootstrap import PatientBootstrap, Resampled
from lumbargrade.statistics.format_estimates import show_interval

PATIENTS = (25, 50, 100, 200)
AREAS: Mapping[str, Area] = {"AUC": over_all, "within level": within_level}

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Draw:
    """Whose slices (n,) are learned from and whose are tested."""

    train: Flags
    test: Flags


def draw_patients(
    patients: NDArray[np.str_], tune: Flags, count: int, half: Half, seed: int
) -> Draw:
    """Draw patients of the half to tune on; test on the other half, or on the rest of this one.

    Examples
    --------
    >>> names = np.array(["a", "a", "b", "c"])
    >>> drawn = draw_patients(names, np.array([True, True, True, False]), 1, Half.REPORT, 0)
    >>> len(set(names[drawn.train].tolist())), drawn.test.tolist()
    (1, [False, False, False, True])
    """
    names = np.unique(patients[tune])
    chosen = np.random.default_rng([seed, count]).permutation(names)[:count]
    train = np.isin(patients, chosen)
    return Draw(train, ~tune if half is Half.REPORT else tune & ~train)


def mean_area(area: Area, tested: Sequence[Ranked], half: Half, resamples: int) -> str:
    """Return the mean area over draws and how far the draws differ.

    On the half to report on all draws are tested on the same slices, and the interval is over
    its patients.
    """
    each = [bare(area, one) for one in tested]
    apart = f"draws {np.nanmin(each):.2f} to {np.nanmax(each):.2f}"
    if half is Half.TUNE:
        return f"{np.nanmean(each):.3f} ({apart})"
    bootstrap = PatientBootstrap.of(tested[0].patients, resamples, seed=0)
    found = [resampled(area, one, bootstrap) for one in tested]
    mean = Resampled(
        float(np.mean(each)),
        np.mean([one.draws for one in found], axis=0),
        bootstrap.patients,
        "share",
    )
    return f"{mean.value:.3f} ({show_interval(mean.estimate())}; {apart})"
