"""Simulated cohorts on which intervals are tried: alike images, rare grades, few errors.

Patients differ in how ill they are and in how hard they are to read, so that images of one
patient resemble each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from lumbargrade.evaluation.records import ImageRecord
from lumbargrade.statistics.conformal import ordinal_scores, prediction_sets

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

GRADES = 4
SOFT = 0.5
"""Standard deviation of what the model believes about the severity that it sees."""


@dataclass(frozen=True)
class Scenario:
    """Where cohorts come from.

    Attributes
    ----------
    steps : severity (mean 0, standard deviation 1) from which each grade above 0 is given.
    blur : standard deviation of a grader's error in severity, for a patient of usual difficulty.
    shared : that of the error which the images of a patient have in common.
    images : of a patient, on average; every patient has one at least.
    """

    steps: tuple[float, float, float]
    blur: float
    shared: float
    images: int = 6


SCENARIOS: Mapping[str, Scenario] = {
    "common": Scenario((0.0, 0.8, 1.5), 0.55, 0.25),
    "rare": Scenario((0.9, 1.9, 2.6), 0.45, 0.25),
    "near-perfect": Scenario((0.2, 1.0, 1.7), 0.10, 0.08),
    "one image": Scenario((0.0, 0.8, 1.5), 0.55, 0.25, images=1),
}


@dataclass(frozen=True)
class Cohort:
    """Images (n) of some patients, what two models and two readers say of them, and two measures.

    Attributes
    ----------
    first, second : of the models, with the same images and reference.
    ratings : (n, 3) of the first model and of two readers, -1 where a reader gave none.
    patients : (n,) whose image it is.
    measures : (n, 2) in mm, by two measurers.
    """

    first: tuple[ImageRecord, ...]
    second: tuple[ImageRecord, ...]
    ratings: Integers
    patients: NDArray[np.str_]
    measures: Floats


def simulate(rng: np.random.Generator, patients: int, scenario: Scenario) -> Cohort:
    """Simulate one cohort."""
    count = np.maximum(rng.poisson(scenario.images, patients), 1)
    each = count if scenario.images > 1 else np.ones(patients, dtype=np.int64)
    whose = np.repeat(np.arange(patients), each)
    ill, hard, wide = rng.normal(size=(3, patients))[:, whose]
    severity = 0.8 * ill + 0.6 * rng.normal(size=len(whose))
    reference = np.digitize(severity, scenario.steps)
    blur = scenario.blur * np.exp(0.5 * wide)

    def seen(shared: float) -> Floats:
        own = rng.normal(size=patients)[whose]
        error = shared * (hard + own) / np.sqrt(2) + blur * rng.normal(size=len(whose))
        return np.asarray(severity + error)

    names = np.array([f"P{number}" for number in range(patients)])[whose]
    models = [_records(seen(scenario.shared), reference, names, scenario) for _ in range(2)]
    readers = [np.digitize(seen(scenario.shared), scenario.steps) for _ in range(2)]
    readers[1] = np.where(rng.random(len(whose)) < 0.2, -1, readers[1])
    given = np.array([one.predicted for one in models[0]])
    first = 10 + 2 * ill + rng.normal(size=len(whose))
    apart = 0.3 + 0.4 * rng.normal(size=patients)[whose] + 0.6 * rng.normal(size=len(whose))
    return Cohort(
        models[0],
        models[1],
        np.stack([given, *readers], axis=1).astype(np.int64),
        names,
        np.stack([first, first - apart], axis=1),
    )


def _records(
    seen: Floats, reference: Integers, names: NDArray[np.str_], scenario: Scenario
) -> tuple[ImageRecord, ...]:
    below = ndtr((np.array(scenario.steps) - seen[:, None]) / SOFT)
    ends = np.zeros((len(seen), 1))
    probabilities = np.diff(np.concatenate([ends, below, ends + 1], axis=1), axis=1)
    given = np.digitize(seen, scenario.steps)
    sets = prediction_sets(ordinal_scores(probabilities), np.full(GRADES, 0.6))
    return tuple(
        ImageRecord(
            image=str(number),
            patient=str(names[number]),
            scanner="s",
            external=False,
            reference=int(reference[number]),
            predicted=int(given[number]),
            probabilities=tuple(probabilities[number].tolist()),
            grade_set=tuple(range(sets[number, 0], sets[number, 1] + 1)),
        )
        for number in range(len(seen))
    )
