"""How alike two measurers are, measure by measure, each figure with its interval."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lumbargrade.evaluation.measures.system_figures import Options
from lumbargrade.evaluation.morphometry.measurer import Measurer, Place, unit_of
from lumbargrade.statistics.bland_altman import agreement
from lumbargrade.statistics.bootstrap import Estimate, PatientBootstrap
from lumbargrade.statistics.intraclass import resampled_agreement
from lumbargrade.statistics.patients import CohortImage

Floats = NDArray[np.float64]

FIGURES = ("bias", "lower_limit", "upper_limit", "median_distance", "icc")
"""Keys of ``MeasureFigures.figures``: mean of the first less the second, the limits of
agreement of that difference, the median of its size, and ICC(2,1)."""


@dataclass(frozen=True)
class MeasureFigures:
    """One measure by two measurers in one part of the patients.

    Attributes
    ----------
    measure, unit : its name, and its unit (UCUM).
    first, second : who measured; a difference is the first less the second.
    part : of the test.
    values : (n, 2) of first and second, where both are known; a measure with sides has up to
        two in a slice.
    slices, patients : from how many these are.
    first_only, second_only : values that only one of them has.
    figures : by the names of :data:`FIGURES`; NaN where undefined.
    """

    measure: str
    unit: str
    first: str
    second: str
    part: str
    values: Floats
    slices: int
    patients: int
    first_only: int
    second_only: int
    figures: Mapping[str, Estimate]


def compare_measurers(
    measurers: Sequence[Measurer],
    images: Iterable[CohortImage],
    parts: Sequence[str],
    options: Options,
) -> Iterator[MeasureFigures]:
    """Yield the figures of every two measurers, in each part, for each measure that both have.

    ``images`` are those of the cohort; measures of other images are left out.
    """
    whose = {one.image: one for one in images}
    for first, second in itertools.combinations(measurers, 2):
        theirs = {place.measure for place in second.values}
        shared = [
            name for name in dict.fromkeys(one.measure for one in first.values) if name in theirs
        ]
        for part, measure in itertools.product(parts, shared):
            inside = {
                place: whose[place.image].patient
                for place in dict.fromkeys((*first.values, *second.values))
                if place.measure == measure
                and place.image in whose
                and whose[place.image].part == part
            }
            if inside:
                yield _figures_of((first, second), part, inside, options)


def _figures_of(
    both: tuple[Measurer, Measurer], part: str, places: Mapping[Place, str], options: Options
) -> MeasureFigures:
    """``places`` are of one measure, each with its patient."""
    first, second = (
        {place: value for place in places if (value := one.values.get(place)) is not None}
        for one in both
    )
    common = [place for place in first if place in second]
    values = np.array([(first[one], second[one]) for one in common], dtype=np.float64)
    patients = np.array([places[one] for one in common], dtype=np.str_)
    measure = next(iter(places)).measure
    return MeasureFigures(
        measure=measure,
        unit=unit_of(measure),
        first=both[0].name,
        second=both[1].name,
        part=part,
        values=values.reshape(-1, 2),
        slices=len({(one.image, one.frame) for one in common}),
        patients=len(set(patients.tolist())),
        first_only=len(first) - len(common),
        second_only=len(second) - len(common),
        figures=_estimates(values, patients, options),
    )


def _estimates(values: Floats, patients: NDArray[np.str_], options: Options) -> dict[str, Estimate]:
    if not len(values):
        return dict.fromkeys(FIGURES, Estimate(float("nan"), float("nan"), float("nan")))
    bootstrap = PatientBootstrap.of(patients, options.resamples, options.seed)
    apart = agreement(values[:, 0] - values[:, 1], bootstrap)
    found = (
        *(apart.bias, apart.lower, apart.upper, apart.median_distance),
        resampled_agreement(values, bootstrap),
    )
    return {
        name: one.estimate(options.confidence) for name, one in zip(FIGURES, found, strict=True)
    }
