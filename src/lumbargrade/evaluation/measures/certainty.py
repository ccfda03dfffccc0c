"""How reliable a model's uncertainty is: probabilities, sets, and review by a reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lumbargrade.evaluation.measures.system_figures import Options
from lumbargrade.evaluation.records import ImageRecord, Readings
from lumbargrade.grading.sets import needs_reader
from lumbargrade.statistics.bootstrap import Estimate, PatientBootstrap, Resampled
from lumbargrade.statistics.calibration import (
    ReliabilityBin,
    brier_score,
    calibration_error,
    reliability_bins,
)
from lumbargrade.statistics.proportions import clustered_share
from lumbargrade.statistics.selective import (
    Referral,
    RiskCurve,
    ask_until,
    error_of_others,
    risk_curve,
)
from lumbargrade.statistics.set_coverage import SetCoverage, coverage_by_group, grade_groups
from lumbargrade.statistics.ties import beyond

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

BINS = 10
"""Bars of a reliability diagram."""


@dataclass(frozen=True)
class Calibration:
    """Whether the probabilities of one set of images mean what they say.

    The Brier score has an interval over patients; ``error`` is the expected calibration error.
    """

    brier: Estimate
    error: float
    bins: tuple[ReliabilityBin, ...]


@dataclass(frozen=True)
class Asking:
    """A rule by which a reader is asked about a share of the images, and what it brings.

    ``error`` is the share of wrong grades among the others; NaN where there are no others.
    """

    asked: Estimate
    error: Estimate


@dataclass(frozen=True)
class Certainty:
    """One grading system in one part of the patients.

    Attributes
    ----------
    images, patients : with a reference and probabilities.
    after : calibration of the probabilities as they are shown.
    before : the same before the model's temperature; None where that is not known.
    sets : coverage over all images, each grade and each level; empty without sets.
    curve : error of the grades that stand, by how many images are asked about.
    referral : what must be asked for the user's limit, the cut chosen on these images.
    elsewhere : asked by the cut that was chosen on the internal set; None on that set.
    by_set : asked where the model's own set says so; None without sets.
    """

    system: str
    part: str
    images: int
    patients: int
    after: Calibration
    before: Calibration | None
    sets: tuple[SetCoverage, ...]
    curve: RiskCurve
    referral: Referral
    elsewhere: Asking | None
    by_set: Asking | None


@dataclass(frozen=True)
class Group:
    """One grading system in one part: a record per image, graded or not.

    ``levels`` is level by image; empty where it is not known.
    """

    system: str
    part: str
    grades: int
    records: Sequence[ImageRecord]
    levels: Mapping[str, str]


def certainty(group: Group, options: Options, cut: float | None = None) -> Certainty | None:
    """Return what is known of a group's doubt; None where no image has probabilities.

    ``cut`` is the doubt above which a reader is asked, chosen on other patients. Raises
    EvaluationError if a grade or a probability is impossible, or the limit of the error is no
    share.
    """
    used = [
        one
        for one in group.records
        if one.reference is not None and one.predicted is not None and one.probabilities
    ]
    if not used:
        return None
    readings = Readings.of(used, group.grades, group.system)
    bootstrap = PatientBootstrap.of(readings.patients, options.resamples, options.seed)
    given = readings.probabilities[np.arange(len(used)), readings.predicted]
    doubt, wrong = 1 - given, readings.predicted != readings.reference
    bare = [one.untempered for one in used]
    among = (readings.patients, options.confidence)
    before = calibrate(np.array(bare), readings, bootstrap, options) if all(bare) else None
    return Certainty(
        system=group.system,
        part=group.part,
        images=len(used),
        patients=len(np.unique(readings.patients)),
        after=calibrate(readings.probabilities, readings, bootstrap, options),
        before=before,
        sets=_sets(used, group, options.confidence),
        curve=risk_curve(doubt, wrong),
        referral=ask_until(doubt, wrong, options.error_limit, *among),
        elsewhere=None
        if cut is None
        else Asking(
            clustered_share(beyond(doubt, cut), *among), error_of_others(doubt, wrong, cut, *among)
        ),
        by_set=_by_set(used, wrong, options.confidence),
    )


def calibrate(
    probabilities: Floats, readings: Readings, bootstrap: PatientBootstrap, options: Options
) -> Calibration:
    """Return the calibration of probabilities (n, q).

    The calibration error has no interval: it is a sum of distances, so every resample adds
    to it, and percentiles of resamples lie above the truth of a calibrated model.
    """
    labels = readings.reference
    distance = ((probabilities - np.eye(probabilities.shape[1])[labels]) ** 2).sum(1)
    images = _drawn(np.ones((len(labels), 1)), bootstrap)[:, 0]
    brier = Resampled(
        brier_score(probabilities, labels),
        _drawn(distance[:, None], bootstrap)[:, 0] / images,
        bootstrap.patients,
        "amount",
    )
    return Calibration(
        brier.estimate(options.confidence),
        calibration_error(probabilities, labels, BINS),
        reliability_bins(probabilities, labels, BINS),
    )


def _drawn(values: Floats, bootstrap: PatientBootstrap) -> Floats:
    """Sum values of images (n, k) in every resample: (B, k)."""
    patients = bootstrap.patients
    columns = [np.bincount(bootstrap.patient, column, patients) for column in values.T]
    drawn: Floats = bootstrap.draws.astype(np.float64) @ np.stack(columns, axis=1)
    return drawn


def _sets(used: Sequence[ImageRecord], group: Group, confidence: float) -> tuple[SetCoverage, ...]:
    with_set = [one for one in used if one.grade_set]
    if not with_set:
        return ()
    labels = np.array([one.reference for one in with_set], dtype=np.int64)
    sets = np.array([(min(one.grade_set), max(one.grade_set)) for one in with_set])
    whose = [group.levels.get(one.image, "") for one in with_set]
    groups = grade_groups(labels, group.grades) | {
        level: np.array([one == level for one in whose]) for level in sorted(set(whose) - {""})
    }
    patients = np.array([one.patient for one in with_set])
    return coverage_by_group(sets, labels, groups, patients, confidence)


def _by_set(used: Sequence[ImageRecord], wrong: Mask, confidence: float) -> Asking | None:
    there = np.array([bool(one.grade_set) for one in used])
    if not there.any():
        return None
    asked = np.array([needs_reader(one.grade_set) for one in used])
    patients, stands = np.array([one.patient for one in used]), there & ~asked
    return Asking(
        clustered_share(asked[there], patients[there], confidence),
        clustered_share(wrong[stands], patients[stands], confidence),
    )
