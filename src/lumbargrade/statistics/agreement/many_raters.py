"""Chance-corrected agreement of two or more raters, not all of whom read every image.

A coefficient is a ratio of sums over images, so it is kept as such sums
(:class:`AgreementSums`): over all images for the value, over the images of each patient
for a bootstrap. An image that one rater alone has read says nothing about agreement, but
something about how often each grade is given, and so about chance.

Sources: Gwet, Handbook of Inter-Rater Reliability, 4th ed., chapters 3 to 5 (AC1, AC2
and weighted Fleiss kappa with missing ratings, and their variance); Fleiss, Psychol Bull
1971;76:378. With two raters and nothing missing, AC1 and AC2 are those of ``two_raters``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lumbargrade.statistics.agreement.weights import Weights, agreement_weights

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

MISSING = -1
"""A grade that a rater did not give."""

Chance = Literal["gwet", "fleiss"]
"""Whose agreement by chance: AC1 and AC2, or kappa."""

COEFFICIENTS: Mapping[str, tuple[Chance, Weights]] = MappingProxyType(
    {
        "ac1": ("gwet", "identity"),
        "ac2_linear": ("gwet", "linear"),
        "ac2_quadratic": ("gwet", "quadratic"),
        "ac2_ordinal": ("gwet", "ordinal"),
        "kappa": ("fleiss", "identity"),
        "kappa_linear": ("fleiss", "linear"),
        "kappa_quadratic": ("fleiss", "quadratic"),
    }
)
"""Name -> whose chance, and weights. The kappa of two readers is Cohen's, who lets each
have habits of their own; that of all readers is Fleiss's."""


@dataclass(frozen=True)
class AgreementSums:
    """What the coefficients need of some images, or of many groups of images at once.

    Attributes
    ----------
    agreed : (...) sum of the shares of pairs of raters that agree, weighted.
    paired : (...) images with two ratings or more.
    rated : (...) images with a rating.
    use : (..., q) sum of the shares of ratings that are each grade.
    """

    agreed: Floats
    paired: Floats
    rated: Floats
    use: Floats


def images_as_sums(ratings: Integers, grades: int, weights: Weights) -> AgreementSums:
    """Return the sums of every image by itself.

    ``ratings`` are (n, r) grades 0..q-1, one column a rater; ``MISSING`` where there is none.
    """
    counts = (ratings[..., None] == np.arange(grades)).sum(1).astype(np.float64)
    rated = counts.sum(1)
    pairs = np.where(rated > 1, rated * (rated - 1), 1)
    agreed = (counts * (counts @ agreement_weights(grades, weights) - 1)).sum(1) / pairs
    return AgreementSums(
        agreed=np.where(rated > 1, agreed, 0),
        paired=(rated > 1).astype(np.float64),
        rated=(rated > 0).astype(np.float64),
        use=counts / np.maximum(rated, 1)[:, None],
    )


def add_up(images: AgreementSums, times: Floats) -> AgreementSums:
    """Add up the sums of n images, each counted ``times`` (..., n)."""
    return AgreementSums(
        times @ images.agreed, times @ images.paired, times @ images.rated, times @ images.use
    )


def add_up_without(images: AgreementSums, patients: NDArray[np.generic]) -> AgreementSums:
    """Add up the sums of n images, without those of each patient (P,) in turn.

    ``patients`` (n,) is each image's patient, as name or number.
    """
    _, index = np.unique(patients, return_inverse=True)

    def left(of_images: Floats) -> Floats:
        by_patient = np.zeros((index.max(initial=-1) + 1, *of_images.shape[1:]))
        np.add.at(by_patient, index, of_images)
        return np.asarray(by_patient.sum(0) - by_patient)

    parts = (images.agreed, images.paired, images.rated, images.use)
    return AgreementSums(*map(left, parts))


def coefficient(sums: AgreementSums, weights: Weights, chance: Chance = "gwet") -> Floats:
    """Return the coefficient (...); NaN where no image was read twice.

    Also NaN for Fleiss kappa where only one grade was ever given.
    """
    observed, expected, _ = _parts(sums, agreement_weights(sums.use.shape[-1], weights), chance)
    room = 1 - expected
    return np.asarray((observed - expected) / np.where(room > 1e-12, room, np.nan))


def coefficient_pull(images: AgreementSums, weights: Weights, chance: Chance = "gwet") -> Floats:
    """Return how far each image (n,) draws the coefficient from its value; the sum is 0.

    An image without any rating does not take part: its pull is 0, so leave such images
    out before counting them. ``bootstrap.cluster_error`` makes the standard error of it.
    """
    grades = images.use.shape[-1]
    whole = add_up(images, np.ones(len(images.agreed)))
    observed, expected, by_grade = _parts(whole, agreement_weights(grades, weights), chance)
    value = coefficient(whole, weights, chance)
    share = whole.rated / whole.paired if whole.paired > 0 else np.nan
    agreed = share * (images.agreed - observed * images.paired)
    by_chance = 2 * (1 - value) * (images.use @ by_grade - expected * images.rated)
    return np.asarray((agreed - by_chance) / (1 - expected))


def published_pull(images: AgreementSums, weights: Weights, chance: Chance = "gwet") -> Floats:
    """Return the pull (n,) that Gwet's variance formula implies, for independent images.

    His formula counts, on top of :func:`coefficient_pull`, whether an image was read
    twice as if that moved the coefficient. Where all images were, the two are the same;
    where many were not, his error is too wide. It is here because it is the published
    one, which other programs print.
    """
    value = coefficient(add_up(images, np.ones(len(images.agreed))), weights, chance)
    paired = images.paired / images.paired.mean() if images.paired.any() else np.nan
    return np.asarray(coefficient_pull(images, weights, chance) + value * (paired - 1))


def _parts(sums: AgreementSums, weight: Floats, chance: Chance) -> tuple[Floats, Floats, Floats]:
    """Observed and expected agreement (...), and what one rating of a grade expects (..., q)."""
    observed = sums.agreed / np.where(sums.paired > 0, sums.paired, np.nan)
    use = sums.use / np.where(sums.rated > 0, sums.rated, np.nan)[..., None]
    grades = len(weight)
    scale = weight.sum() / (grades * (grades - 1))
    by_grade = scale * (1 - use) if chance == "gwet" else use @ weight
    return observed, (use * by_grade).sum(-1), by_grade
