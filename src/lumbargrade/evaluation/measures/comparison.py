"""Two graders of the same images, a model or a reader each; and one model on two sets.

Differences of graders are taken resample by resample of the same draws of patients, so that what
is hard for both cancels out. The test of McNemar is adjusted for patients with several
images.

Source: Obuchowski, Stat Med 1998;17:1495, in the short form of Yang et al., Biom J
2010;52:638.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc

from lumbargrade.errors import EvaluationError
from lumbargrade.evaluation.measures.measures import resample
from lumbargrade.evaluation.measures.system_figures import Options
from lumbargrade.evaluation.records import ImageRecord, Readings
from lumbargrade.grading.system import DICHOTOMIES
from lumbargrade.statistics.bootstrap import Estimate, PatientBootstrap, Resampled

COMPARED = ("ac1", "kappa_linear", "accuracy", "balanced_accuracy", "auc_any", "auc_marked")
"""Figures that tables of two graders, or of two sets, show."""


@dataclass(frozen=True)
class Difference:
    """One figure of both, and the first less the second."""

    first: Estimate
    second: Estimate
    difference: Estimate


@dataclass(frozen=True)
class McNemar:
    """Who is right where the other is not.

    Attributes
    ----------
    first_only, second_only : images that only one of the two got right.
    statistic : chi-squared with one degree of freedom, adjusted for patients; NaN where
        both were right on the same images, or with one patient.
    p_value : of no difference; NaN likewise.
    """

    first_only: int
    second_only: int
    statistic: float
    p_value: float


@dataclass(frozen=True)
class Comparison:
    """The first grader less the second, in one grading system.

    Attributes
    ----------
    system : code of the grading system.
    images, patients : that both graded and that have a reference; all figures are of these.
    first_only, second_only : images with a reference that only one of them graded.
    figures : keyed as ``SystemFigures.figures``.
    tests : ``exact`` (the very grade is right), and for each dichotomy its name.
    """

    system: str
    images: int
    patients: int
    first_only: int
    second_only: int
    figures: Mapping[str, Difference]
    tests: Mapping[str, McNemar]


@dataclass(frozen=True)
class Drop:
    """One figure inside and outside; ``difference`` is external minus internal."""

    system: str
    figure: str
    internal: Estimate
    external: Estimate
    difference: Estimate


def compare(
    first: Sequence[ImageRecord],
    second: Sequence[ImageRecord],
    system: str,
    grades: int,
    options: Options,
) -> Comparison:
    """Return every figure of two graders of the same images, and their differences.

    Each has one record an image, graded or not, in any order. A reader's have no probabilities;
    their area under the curve is then undefined. Raises EvaluationError if the two are not of the
    same images and patients with the same reference, or a grade or a probability is impossible.
    """
    pairs = _matched(first, second, system)
    known = [pair for pair in pairs if pair[0].reference is not None]
    both = [pair for pair in known if all(one.predicted is not None for one in pair)]
    one, other = (Readings.of([pair[side] for pair in both], grades, system) for side in (0, 1))
    bootstrap = PatientBootstrap.of(one.patients, options.resamples, options.seed)
    of_first, of_second = (resample(graded, bootstrap, grades) for graded in (one, other))
    return Comparison(
        system=system,
        images=len(both),
        patients=len(np.unique(one.patients)),
        first_only=sum(pair[0].predicted is not None for pair in known) - len(both),
        second_only=sum(pair[1].predicted is not None for pair in known) - len(both),
        figures={
            name: Difference(*_beside(found, of_second[name], options.confidence))
            for name, found in of_first.items()
        },
        tests=_tests(one, other),
    )


def drops(
    internal: Sequence[ImageRecord],
    external: Sequence[ImageRecord],
    system: str,
    grades: int,
    options: Options,
) -> list[Drop]:
    """Return the difference of each figure of :data:`COMPARED`.

    The two sets have no patient in common, so each has draws of its own.
    """
    inside = _resampled(internal, system, grades, options, options.seed)
    outside = _resampled(external, system, grades, options, options.seed + 1)
    found = []
    for name in COMPARED:
        far, near, apart = _beside(outside[name], inside[name], options.confidence)
        found.append(Drop(system, name, near, far, apart))
    return found


def clustered_mcnemar(
    first_right: NDArray[np.bool_], second_right: NDArray[np.bool_], clusters: NDArray[np.generic]
) -> McNemar:
    """Test whether two graders are right equally often on images in clusters (patients).

    With one image a patient and K patients this is McNemar's statistic times (K - 1) / K.
    All three are (n,).
    """
    lead = first_right.astype(np.int64) - second_right.astype(np.int64)
    _, index = np.unique(clusters, return_inverse=True)
    sums = np.bincount(index, lead)
    patients, spread = len(sums), float(sums @ sums)
    statistic = p_value = float("nan")
    if patients > 1 and spread > 0:
        statistic = (patients - 1) / patients * float(sums.sum()) ** 2 / spread
        p_value = float(chdtrc(1, statistic))
    return McNemar(int((lead > 0).sum()), int((lead < 0).sum()), statistic, p_value)


def _beside(
    first: Resampled, second: Resampled, confidence: float
) -> tuple[Estimate, Estimate, Estimate]:
    """Both, and the first less the second."""
    # One patient has no resamples, and so the difference has no interval.
    draws = min(len(first.draws), len(second.draws))
    apart = Resampled(
        first.value - second.value,
        first.draws[:draws] - second.draws[:draws],
        min(first.carriers, second.carriers),
        reason=first.reason or second.reason,
    )
    return first.estimate(confidence), second.estimate(confidence), apart.estimate(confidence)


def _tests(one: Readings, other: Readings) -> dict[str, McNemar]:
    def test(right: Callable[[Readings], NDArray[np.bool_]]) -> McNemar:
        return clustered_mcnemar(right(one), right(other), one.patients)

    tests = {"exact": test(lambda graded: graded.predicted == graded.reference)}
    for name, lowest in DICHOTOMIES.items():
        tests[name] = test(_same_side(lowest))
    return tests


def _same_side(lowest_positive: int) -> Callable[[Readings], NDArray[np.bool_]]:
    return lambda graded: (
        (graded.predicted >= lowest_positive) == (graded.reference >= lowest_positive)
    )


def _matched(
    first: Sequence[ImageRecord], second: Sequence[ImageRecord], system: str
) -> list[tuple[ImageRecord, ImageRecord]]:
    sides = [_by_image(records, system) for records in (first, second)]
    strangers = sorted(sides[0].keys() ^ sides[1].keys())
    if strangers:
        raise EvaluationError(
            f"{system}: image {strangers[0]} was graded by one of the two only, as were "
            f"{len(strangers)} in all: "
            "compare two graders of the same images"
        )
    pairs = [(one, sides[1][image]) for image, one in sides[0].items()]
    for one, other in pairs:
        for what in ("patient", "reference"):
            if getattr(one, what) != getattr(other, what):
                raise EvaluationError(
                    f"{system} of image {one.image}: {what} {getattr(one, what)} for one grader, "
                    f"{getattr(other, what)} for the other: use one reference for both"
                )
    return pairs


def _by_image(records: Sequence[ImageRecord], system: str) -> dict[str, ImageRecord]:
    found: dict[str, ImageRecord] = {}
    for record in records:
        if record.image in found:
            raise EvaluationError(
                f"{system}: image {record.image} occurs twice: keep one grade of each image"
            )
        found[record.image] = record
    return found


def _resampled(
    records: Sequence[ImageRecord], system: str, grades: int, options: Options, seed: int
) -> dict[str, Resampled]:
    readings = Readings.of(records, grades, system)
    bootstrap = PatientBootstrap.of(readings.patients, options.resamples, seed)
    return resample(readings, bootstrap, grades)
