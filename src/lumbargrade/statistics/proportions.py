"""Intervals of a share that stay honest near 0 and 1, where a bootstrap says nothing.

Sources: Wilson, J Am Stat Assoc 1927;22:209; Korn and Graubard, Surv Methodol
1998;24:193 (clusters by their effective number of images, less for few clusters); Brown, Cai
and DasGupta, Stat Sci 2001;16:101 (why Wilson's and not the exact one, which holds the truth
too often). A share is counted in whole images, so near 0 and 1 no interval holds the truth in
just 95 %: it is rather more there.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, stdtrit

from lumbargrade.statistics.bootstrap import NO_SPREAD, Estimate, cluster_error
from lumbargrade.statistics.patients import too_few


def wilson_interval(share: float, images: float, confidence: float = 0.95) -> tuple[float, float]:
    """Return Wilson's interval of a share of ``images`` independent images.

    Examples
    --------
    >>> [round(end, 3) for end in wilson_interval(1.0, 10)]
    [0.722, 1.0]
    """
    if not images > 0:
        return float("nan"), float("nan")
    quantile = float(ndtri((1 + confidence) / 2))
    pull = quantile**2 / images
    middle = (share + pull / 2) / (1 + pull)
    reach = quantile * float(np.sqrt(share * (1 - share) / images + pull / images / 4)) / (1 + pull)
    # Rounding must not leave out a share of 0 or 1 that was seen.
    low = 0.0 if share == 0 else max(middle - reach, 0.0)
    return low, 1.0 if share == 1 else min(middle + reach, 1.0)


def clustered_share(
    hit: NDArray[np.bool_], clusters: NDArray[np.generic], confidence: float = 0.95
) -> Estimate:
    """Return the share of hits with Wilson's interval for images in clusters (patients).

    The interval is that of so many independent images as would have the error that the
    clusters have, times the squared quotient of Student's quantiles for images and for clusters
    (Korn and Graubard's degrees of freedom), never more than there are images. Where every
    patient has the same share of hits, they show no error: then patients count and not images.

    Both are (n,); without an image the share is undefined, and of fewer patients than
    ``patients.ENOUGH_PATIENTS`` it has no interval.
    """
    if len(hit) == 0:
        return Estimate(float("nan"), float("nan"), float("nan"))
    share = float(hit.mean())
    error = cluster_error(np.asarray(hit - share, dtype=np.float64), clusters)
    return _wilson(share, error, len(np.unique(clusters)), len(hit), confidence)


def share_by_patient(
    hit: NDArray[np.bool_], clusters: NDArray[np.generic], confidence: float = 0.95
) -> Estimate:
    """Return the mean over patients of each one's share of hits; as :func:`clustered_share`.

    It is the share for a random image of a random patient.
    """
    if len(hit) == 0:
        return Estimate(float("nan"), float("nan"), float("nan"))
    _, index = np.unique(clusters, return_inverse=True)
    shares = np.bincount(index, hit) / np.bincount(index)
    share = float(shares.mean())
    error = cluster_error(shares - share, np.arange(len(shares)))
    return _wilson(share, error, len(shares), len(hit), confidence)


def _wilson(share: float, error: float, patients: int, images: int, confidence: float) -> Estimate:
    if reason := too_few(patients):
        return Estimate(share, float("nan"), float("nan"), reason=reason)
    effective = float(patients)
    if error > NO_SPREAD:
        of_images, of_patients = stdtrit((images - 1, patients - 1), (1 + confidence) / 2)
        effective = share * (1 - share) / error**2 * float(of_images / of_patients) ** 2
    return Estimate(share, *wilson_interval(share, min(effective, images), confidence))
