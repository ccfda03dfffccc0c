"""How often a set of grades holds the true one, with intervals over patients."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lumbargrade.evaluation.intervals import Estimate, PatientBootstrap, estimate
from lumbargrade.grading.sets import needs_reader

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
    sets: Integers, labels: Integers, groups: Mapping[str, Mask], bootstrap: PatientBootstrap
) -> tuple[SetCoverage, ...]:
    """Return the coverage in each group of images, such as each grade or each level.

    Parameters
    ----------
    sets : (n, 2) lowest and highest grade, both included.
    labels : (n,) true grades.
    groups : name -> (n,) which images are in it.
    bootstrap : resamples of the patients of these n images.
    """
    covered = (sets[:, 0] <= labels) & (labels <= sets[:, 1])
    asked = np.array(
        [needs_reader(range(low, high + 1)) for low, high in sets.tolist()], dtype=np.bool_
    )
    size = (sets[:, 1] - sets[:, 0] + 1).astype(np.float64)
    found = []
    for name, inside in groups.items():
        images = int(inside.sum())
        found.append(
            SetCoverage(
                group=name,
                images=images,
                patients=len(np.unique(bootstrap.patient[inside])),
                by_patient=_share_by_patient(covered, inside, bootstrap),
                by_image=share(covered, inside, bootstrap),
                mean_size=float(size[inside].mean()) if images else float("nan"),
                asked=share(asked, inside, bootstrap),
            )
        )
    return tuple(found)


def grade_groups(labels: Integers, grades: int) -> dict[str, Mask]:
    """Return all images, and those of each true grade 0..grades-1."""
    every = {"all": np.ones(len(labels), dtype=np.bool_)}
    return every | {f"grade {grade}": labels == grade for grade in range(grades)}


def share(hit: Mask, inside: Mask, bootstrap: PatientBootstrap) -> Estimate:
    """Return the share of hits among the images of a group, with its patient interval.

    NaN for an empty group; ``hit`` and ``inside`` are (n,).
    """
    hits, images = (_by_patient(mask, bootstrap) for mask in (hit & inside, inside))
    return _ratio(hits, images, bootstrap)


def _share_by_patient(hit: Mask, inside: Mask, bootstrap: PatientBootstrap) -> Estimate:
    hits, images = (_by_patient(mask, bootstrap) for mask in (hit & inside, inside))
    there = images > 0
    return _ratio(np.where(there, hits / np.where(there, images, 1), 0), there, bootstrap)


def _by_patient(mask: Mask, bootstrap: PatientBootstrap) -> NDArray[np.float64]:
    patients = bootstrap.draws.shape[1]
    return np.bincount(bootstrap.patient, mask, minlength=patients).astype(np.float64)


def _ratio(
    part: NDArray[np.float64], whole: NDArray[np.generic], bootstrap: PatientBootstrap
) -> Estimate:
    """Ratio of sums over patients (P,), and over the patients of each resample."""
    times = np.vstack([np.ones(len(part)), bootstrap.draws])
    tops, bottoms = times @ part, times @ whole.astype(np.float64)
    shares = tops / np.where(bottoms > 0, bottoms, np.nan)
    return estimate(float(shares[0]), shares[1:])
