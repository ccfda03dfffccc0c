"""Conformal sets of neighbouring grades, calibrated by patient.

Scores grow an interval of grades from the one that is given, as in ordinal adaptive
prediction sets (Lu, Angelopoulos, Pomerantz, MICCAI 2022). Here a grade's score is what
the interval holds *before* the grade is added, so that a set is never empty and always
holds the grade that is shown.

Images of a patient resemble each other, so patients and not images are exchangeable. The
thresholds are quantiles in which each patient weighs the same however many images there
are (hierarchical conformal prediction: Lee, Barber, Willett, arXiv 2306.06342). For a
random image of a fresh patient, the set then holds the true grade with at least the
nominal probability; with thresholds by grade, also among the images of each grade. Counted
over images, patients who have many weigh more, and the coverage may differ a little:
``statistics.set_coverage`` gives both.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lumbargrade.grading.sets import SET_COVERAGE

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_ROUNDING = 1e-9
"""Shares closer than this are equal: sums of 1/n are not exact."""


def ordinal_scores(weighed: Floats) -> Floats:
    """Return how far each grade (n, q) is from the one that is given: 0 for that one.

    From the heaviest grade, the interval always takes the heavier neighbour next, the
    higher grade where both are alike. A grade's score is the interval's share of the
    total when it is taken.

    ``weighed`` are (n, q) probabilities times decision weights, not negative, not all 0.

    Examples
    --------
    >>> ordinal_scores(np.array([[0.25, 0.5, 0.125, 0.125]])).tolist()
    [[0.5, 0.0, 0.75, 0.875]]
    """
    share: Floats = weighed / weighed.sum(axis=1, keepdims=True)
    images, grades = share.shape
    row = np.arange(images)
    # A margin of -1 on both sides is never taken before a grade is.
    padded = np.pad(share, ((0, 0), (1, 1)), constant_values=-1.0)
    low = weighed.argmax(axis=1)
    high = low.copy()
    held = share[row, low]
    scores: Floats = np.zeros_like(share)
    for _ in range(grades - 1):
        below, above = padded[row, low], padded[row, high + 2]
        up = above >= below
        taken = np.where(up, high + 1, low - 1)
        scores[row, taken] = held
        held = held + np.where(up, above, below)
        low, high = np.where(up, low, taken), np.where(up, taken, high)
    return scores


def patient_quantile(
    scores: Floats, patients: NDArray[np.generic], coverage: float = SET_COVERAGE
) -> float:
    """Return the threshold that a random image of a fresh patient stays under.

    The smallest t for which the images with a score of at most t weigh ``coverage``, where each of
    K patients weighs 1 / (K + 1) and shares it among their images (Lee, Barber, Willett). The rest,
    1 / (K + 1), is the fresh patient's. Infinite where there are too few patients (fewer than 9 for
    90 %).

    Parameters
    ----------
    scores : (n,) of the true grade of each image.
    patients : (n,) whose image it is.
    """
    _, index, counts = np.unique(patients, return_inverse=True, return_counts=True)
    order = np.argsort(scores, kind="stable")
    weights = 1 / counts[index[order]] / (len(counts) + 1)
    enough = np.flatnonzero(np.cumsum(weights) >= coverage - _ROUNDING)
    return float(scores[order][enough[0]]) if len(enough) else float("inf")


def grade_thresholds(
    scores: Floats, labels: Integers, patients: NDArray[np.generic], coverage: float = SET_COVERAGE
) -> tuple[float, ...]:
    """Return one threshold per grade, so that the images of each grade are covered.

    A grade that fewer than 9 patients have (at 90 %) cannot be calibrated by itself: it takes the
    largest threshold of the grades that can, since rare grades are as a rule the harder ones, and
    its coverage is then not guaranteed. If no grade can, all take the threshold of all images
    together. The thresholds (q,) are rounded up to 6 decimals; empty where all patients together
    are too few.

    Parameters
    ----------
    scores : (n, q) of :func:`ordinal_scores`.
    labels : (n,) true grades, all known.
    patients : (n,) whose image it is.
    """
    own = scores[np.arange(len(labels)), labels]
    of_grade = [
        patient_quantile(own[labels == grade], patients[labels == grade], coverage)
        for grade in range(scores.shape[1])
    ]
    finite = [value for value in of_grade if np.isfinite(value)]
    fallback = max(finite) if finite else patient_quantile(own, patients, coverage)
    if not np.isfinite(fallback):
        return ()
    found = [value if np.isfinite(value) else fallback for value in of_grade]
    return tuple(float(np.ceil(value * 1e6) / 1e6) for value in found)


def prediction_sets(scores: Floats, thresholds: Floats) -> Integers:
    """Return the lowest and the highest grade of each image's set, (n, 2), both included.

    The set spans every grade whose score is at most its threshold: with one threshold a
    grade, a gap is filled, which can only raise the coverage.

    Parameters
    ----------
    scores : (n, q) of :func:`ordinal_scores`.
    thresholds : (q,), not negative; one number in all places for sets that are calibrated
        over all grades.
    """
    inside = scores <= thresholds
    highest = inside.shape[1] - 1 - inside[:, ::-1].argmax(axis=1)
    return np.stack([inside.argmax(axis=1), highest], axis=1).astype(np.int64)
