"""How often a set of grades holds the true one, with intervals over patients."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lumbargrade.grading.sets import needs_reader
from lumbargrade.statistics.bootstrap import Estimate
from lumbargrade.statistics.proportions import clustered_share, share_by_patient

Integers = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class SetCoverage:
    """The sets of one group of images.

    Attributes
    ----------
    group : such as ``"grade 2"`` or ``"L4/L5"``.
    images, patients : how many are in it.
    by_patient : coverage of a random image of a random patient, which is what the sets
        are calibrated for.
    by_image : coverage with every image counted once.
    mean_size : grades in a set, on average; NaN for an empty group.
    asked : share of the images about which a reader is asked.
    """

    group: str
    images: int
    patients: int
    by_patient: Estimate
    by_image: Estimate
    mean_size: float
    asked: Estimate


def coverage_by_group(
    sets: Integers,
    labels: Integers,
    groups: Mapping[str, Mask],
    patients: NDArray[np.generic],
    confidence: float = 0.95,
) -> tuple[SetCoverage, ...]:
    """Return the coverage in each group of images, such as each grade or each level.

    Parameters
    ----------
    sets : (n, 2) lowest and highest grade, both included.
    labels : (n,) true grades.
    groups : name -> (n,) which images are in it.
    patients : (n,) each image's patient.
    """
    covered = (sets[:, 0] <= labels) & (labels <= sets[:, 1])
    asked = np.array(
        [needs_reader(range(low, high + 1)) for low, high in sets.tolist()], dtype=np.bool_
    )
    size = (sets[:, 1] - sets[:, 0] + 1).astype(np.float64)
    return tuple(
        SetCoverage(
            group=name,
            images=int(inside.sum()),
            patients=len(np.unique(patients[inside])),
            by_patient=share_by_patient(covered[inside], patients[inside], confidence),
            by_image=clustered_share(covered[inside], patients[inside], confidence),
            mean_size=float(size[inside].mean()) if inside.any() else float("nan"),
            asked=clustered_share(asked[inside], patients[inside], confidence),
        )
        for name, inside in groups.items()
    )


def grade_groups(labels: Integers, grades: int) -> dict[str, Mask]:
    """Return all images, and those of each true grade 0..grades-1."""
    every = {"all": np.ones(len(labels), dtype=np.bool_)}
    return every | {f"grade {grade}": labels == grade for grade in range(grades)}
