"""Would it show if a reader were replaced by the model? Obuchowski's individual equivalence.

Two readers agree on a share of images. Replace one of the two by the model: the share changes. The
individual equivalence index is the first less the second: the share of images on which agreement
is lost by the replacement. At 0 the model is one of the readers, as far as agreement tells; below
0 it agrees with them more than they do with each other. No reference standard is needed, and so
nothing is said about who is right: a model that shares the readers' errors is interchangeable.

The index is a mean over images, each by itself: of an image that m readers and the model graded,
the share of the m (m - 1) / 2 pairs of readers that agree, less the share of the m readers who
agree with the model. So readers who did not read every image move neither side alone.

Sources: Obuchowski, Stat Med 2001;20:2845; Obuchowski, Subhas and Schoenhagen, Acad Radiol
2014;21:1483.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from lumbargrade.statistics.agreement.many_raters import MISSING

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

KINDS: Mapping[str, int] = MappingProxyType({"exact": 0, "within_one": 1})
"""When two grades agree -> how far apart they may be."""


@dataclass(frozen=True)
class Replaced:
    """Agreement on each image, among readers and with one of them replaced by the model.

    Attributes
    ----------
    readers : (n,) share of the pairs of readers who agree; NaN where fewer than two or no model
        graded the image.
    model : (n,) share of the readers who agree with the model; NaN in the same places.
    """

    readers: Floats
    model: Floats

    @property
    def lost(self) -> Floats:
        """(n,) what is lost by the replacement; its mean is the index."""
        return self.readers - self.model


def replaced(model: Integers, readers: Integers, apart: int = 0) -> Replaced:
    """Return the agreement of each image.

    ``model`` is (n,) and ``readers`` (n, r) grades, ``MISSING`` where there is none; two grades
    agree that are at most ``apart`` from each other.
    """
    there = readers != MISSING
    known = there.sum(1)
    near = (np.abs(readers[:, :, None] - readers[:, None, :]) <= apart).astype(np.float64)
    near *= there[:, :, None] & there[:, None, :]
    pairs = np.where(known > 1, known * (known - 1), 1)
    among = (near.sum((1, 2)) - known) / pairs
    with_model = ((np.abs(readers - model[:, None]) <= apart) & there).sum(1)
    used = (known > 1) & (model != MISSING)
    return Replaced(
        np.where(used, among, np.nan),
        np.where(used, with_model / np.maximum(known, 1), np.nan),
    )
