"""The ROC curve, the area under it, and how sure that area is.

The placement of a positive image is the share of negative images below it, ties counted
half; of a negative one, the share of positive images above it. The area is the mean of
either, and their spread gives its variance. Scores that float noise alone tells apart are tied.

Sources: DeLong et al., Biometrics 1988;44:837 (independent images); Obuchowski,
Biometrics 1997;53:567 (images in clusters, which may hold both kinds).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lumbargrade.statistics.bootstrap import Estimate, PatientBootstrap, patient_interval
from lumbargrade.statistics.ties import levelled

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Names = NDArray[np.generic]
Booleans = NDArray[np.bool_]

PAIRS_AT_ONCE = 30_000_000
"""Images x patients held at a time when areas are resampled: 120 MB."""


@dataclass(frozen=True)
class RocCurve:
    """Points of the curve from (0, 0) to (1, 1), for plotting.

    Attributes
    ----------
    false_positive_rate, sensitivity : (k,) never falling; NaN where a class is missing.
    threshold : (k,) falling; an image counts as positive from it upward. The first is
        infinite: nothing is called positive.
    """

    false_positive_rate: Floats
    sensitivity: Floats
    threshold: Floats


def area_under_curve(positive: Booleans, score: Floats, weights: Floats | None = None) -> Floats:
    """Return the area under the ROC curve, ties counted half.

    Parameters
    ----------
    positive : (n,) which images are truly positive.
    score : (n,) higher = more likely positive.
    weights : (..., n) how often each image counts (a bootstrap's resamples); 1 by default.

    Returns
    -------
    NDArray
        (...); NaN where there is no positive or no negative image, or a score is NaN (a
        reader gives grades and no probabilities).

    Examples
    --------
    >>> float(area_under_curve(np.array([False, True]), np.array([0.1, 0.9])))
    1.0
    """
    weight = np.ones(len(score)) if weights is None else np.asarray(weights, dtype=np.float64)
    if len(score) == 0 or np.isnan(score).any():
        return np.full(weight.shape[:-1], np.nan)
    order, starts = _ranked(score)
    ordered, truth = weight[..., order], positive[order]
    ups = np.add.reduceat(ordered * truth, starts, axis=-1)
    downs = np.add.reduceat(ordered * ~truth, starts, axis=-1)
    below = np.cumsum(downs, axis=-1) - downs / 2
    pairs = ups.sum(-1) * downs.sum(-1)
    return np.asarray((ups * below).sum(-1) / np.where(pairs > 0, pairs, np.nan))


def resampled_areas(positive: Booleans, score: Floats, bootstrap: PatientBootstrap) -> Floats:
    """Return :func:`area_under_curve` in every resample (B,), from sums over patients.

    Every pair of a positive and a negative image counts as often as its two patients were
    drawn, so pairs are counted once for each two patients and not again in each resample.
    """
    draws = bootstrap.draws
    if np.isnan(score).any() or positive.all() or not positive.any():
        return np.full(len(draws), np.nan)
    up, down = bootstrap.patient[positive], bootstrap.patient[~positive]
    patients = draws.shape[1]
    if max(len(up), len(down)) * patients > PAIRS_AT_ONCE:
        drawn = [area_under_curve(positive, score, some) for some in bootstrap.image_weights()]
        return np.concatenate([np.zeros(0), *drawn])
    score = levelled(score)
    with_up, with_down = np.unique(up), np.unique(down)
    wins = _wins(score[positive], np.searchsorted(with_up, up), score[~positive], down, with_down)
    times_up, times_down = (draws[:, some].astype(np.float32) for some in (with_up, with_down))
    won = np.einsum("bp,bp->b", times_up @ wins, times_down, dtype=np.float64)
    count_up, count_down = (np.bincount(one, minlength=patients) for one in (up, down))
    pairs = (draws @ count_up).astype(np.float64) * (draws @ count_down)
    return np.asarray(won / np.where(pairs > 0, pairs, np.nan))


def _wins(
    up_score: Floats, up: Integers, down_score: Floats, down: Integers, with_down: Integers
) -> NDArray[np.float32]:
    """Count the pairs that the positive image wins, by its patient and the negative one's.

    ``up`` counts 0.. over the patients who have a positive image. Sums of halves below
    2**23 are exact in float32.
    """
    order = np.argsort(down_score, kind="stable")
    ranked = down_score[order]
    seen = np.zeros((len(down) + 1, len(with_down)), dtype=np.float32)
    seen[np.arange(1, len(down) + 1), np.searchsorted(with_down, down[order])] = 1
    np.cumsum(seen, axis=0, out=seen)
    by_patient = np.argsort(up, kind="stable")
    mine = up_score[by_patient]
    below = seen[np.searchsorted(ranked, mine, "left")]
    below += seen[np.searchsorted(ranked, mine, "right")]
    starts = np.searchsorted(up[by_patient], np.arange(up.max() + 1))
    return np.asarray(np.add.reduceat(below, starts, axis=0) / 2, dtype=np.float32)


def area_error(positive: Booleans, score: Floats, clusters: Names | None = None) -> float:
    """Return the standard error of :func:`area_under_curve`.

    ``clusters`` (n,) is each image's patient, as name or number; without it every image stands
    alone, which is DeLong's formula. NaN where fewer than two clusters hold a positive image, or a
    negative one.
    """
    whose = np.arange(len(score)) if clusters is None else clusters
    _, index = np.unique(whose, return_inverse=True)
    known, with_up, with_down = (
        len(np.unique(part)) for part in (index, index[positive], index[~positive])
    )
    if min(with_up, with_down) < 2 or np.isnan(score).any():
        return float("nan")
    area = float(area_under_curve(positive, score))
    off = _placements(positive, score) - area
    up = np.bincount(index, off * positive, known) / positive.sum()
    down = np.bincount(index, off * ~positive, known) / (~positive).sum()
    variance = with_up / (with_up - 1) * (up @ up) + with_down / (with_down - 1) * (down @ down)
    variance += 2 * known / (known - 1) * (up @ down)
    return float(np.sqrt(max(variance, 0.0)))


def area_interval(area: float, error: float, carriers: int, confidence: float = 0.95) -> Estimate:
    """Return an area with its interval on the logit scale, which stays between 0 and 1.

    ``carriers`` are the patients who have a positive image, or those who have a negative one,
    whichever are fewer: Student's quantile has one degree of freedom less. There is no interval
    of too few patients, nor of an area of exactly 0 or 1: its error is 0, which says nothing.
    """
    return patient_interval(area, error, carriers, "share", confidence)


def roc_curve(positive: Booleans, score: Floats) -> RocCurve:
    """Return the curve, one point for each score that occurs.

    ``positive`` and ``score`` are (n,) as for the area; the scores are finite.
    """
    order, starts = _ranked(-score)
    ups = np.add.reduceat(positive[order], starts, dtype=np.int64) if len(score) else np.zeros(0)
    downs = np.add.reduceat(~positive[order], starts, dtype=np.int64) if len(score) else ups
    return RocCurve(
        false_positive_rate=_running_share(downs),
        sensitivity=_running_share(ups),
        threshold=np.r_[np.inf, score[order][starts]],
    )


def _placements(positive: Booleans, score: Floats) -> Floats:
    """Return the placement (n,) of every image among those of the other kind."""
    score = levelled(score)
    ups, downs = np.sort(score[positive]), np.sort(score[~positive])
    below = np.searchsorted(downs, score) + np.searchsorted(downs, score, side="right")
    not_above = np.searchsorted(ups, score) + np.searchsorted(ups, score, side="right")
    return np.where(positive, below / 2 / len(downs), 1 - not_above / 2 / len(ups))


def _ranked(score: Floats) -> tuple[Integers, Integers]:
    """Return the order of rising scores, and where in it each new score starts."""
    level = levelled(score)
    order = np.argsort(level, kind="stable")
    ranked = level[order]
    starts = np.flatnonzero(np.r_[True, ranked[1:] != ranked[:-1]]) if len(score) else order
    return order, starts.astype(np.int64)


def _running_share(counts: NDArray[np.generic]) -> Floats:
    running = np.r_[0.0, np.cumsum(counts.astype(np.float64))]
    return running / running[-1] if running[-1] > 0 else np.full(len(running), np.nan)
