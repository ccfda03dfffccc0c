"""``assisted``: what the model's proposal does to readers, in agreement and in seconds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lumbargrade.errors import EvaluationError
from lumbargrade.evaluation.reader_studies.coefficients import (
    figures_of_one,
    figures_over_readers,
    series_of,
)
from lumbargrade.evaluation.reader_studies.inputs import Inputs
from lumbargrade.evaluation.reader_studies.noninferiority import background_of
from lumbargrade.evaluation.reader_studies.study import LIKE_THESE, THESE, Figure, Study
from lumbargrade.evaluation.reader_studies.table import StudyTable, Times
from lumbargrade.readings.occasion import Arm
from lumbargrade.statistics.bootstrap import Estimate
from lumbargrade.statistics.reader_studies.over_readers import OverReaders, over_readers

Floats = NDArray[np.float64]

CHANGE = "assisted - plain"
RATIO = "assisted / plain"
SECONDS = "seconds a grade"


def assisted(inputs: Inputs, confidence: float = 0.95) -> Study:
    """Return both arms and the change from one to the other.

    Agreement is that with the reference; without one, only times are compared. Raises
    EvaluationError if no reader read in both arms.
    """
    figures: list[Figure] = []
    if inputs.reference:
        for table in inputs.tables:
            figures += _agreement(table, inputs, confidence)
    figures += _times(inputs.times, inputs.readers, confidence)
    if not figures:
        raise EvaluationError(
            "no reader graded or was timed in both arms: give readings whose column arm is plain "
            "and assisted, and with --reference for agreement"
        )
    notes = list(inputs.notes)
    if not inputs.reference:
        notes.append("Without --reference only times are compared.")
    settings = {"reference": inputs.reference or None}
    return Study("assisted", settings, tuple(figures), (), tuple(notes))


def _agreement(table: StudyTable, inputs: Inputs, confidence: float) -> list[Figure]:
    reference = table.first(inputs.reference)
    arms = {}
    for name in inputs.readers:
        plain, helped = (
            series_of(table.first(name, arm), reference, table.patients, table.grades)
            for arm in (Arm.PLAIN, Arm.ASSISTED)
        )
        if plain.which.any() and helped.which.any():
            arms[name] = (plain, helped)
    if not arms:
        return []
    about = background_of(table, inputs, confidence)
    figures: list[Figure] = []
    for name, (plain, helped) in arms.items():
        figures += figures_of_one(helped - plain, f"{name}: {CHANGE}", about, "plain")
    for arm, place in ((Arm.PLAIN, 0), (Arm.ASSISTED, 1)):
        some = [pair[place] for pair in arms.values()]
        figures += figures_over_readers(some, arm.value, "coefficient", about)
    change = [helped - plain for plain, helped in arms.values()]
    return figures + figures_over_readers(change, CHANGE, "plain", about)


def _times(times: Times, readers: Sequence[str], confidence: float) -> list[Figure]:
    names, index = np.unique(times.patients, return_inverse=True)
    logs: dict[str, tuple[Floats, Floats]] = {}
    for name in readers:
        arms = []
        for arm in Arm:
            which = (times.readers == name) & (times.arms == arm.value)
            arms.append(mean_logs(times.seconds[which], index[which], len(names)))
        if all(np.isfinite(one[0]) for one in arms):
            logs[name] = (arms[0], arms[1])
    if not logs:
        return []
    found: list[Figure] = []
    used = np.isin(times.readers, list(logs))
    for of, rows in (
        *((f"{name}: {RATIO}", [helped - plain]) for name, (plain, helped) in logs.items()),
        (Arm.PLAIN.value, [plain for plain, _ in logs.values()]),
        (Arm.ASSISTED.value, [helped for _, helped in logs.values()]),
        (RATIO, [helped - plain for plain, helped in logs.values()]),
    ):
        counted = int(used.sum()), len(np.unique(times.patients[used])), len(rows)
        mean = mean_of_logs(np.array(rows))
        alone = of.endswith(f": {RATIO}")
        for claim, estimate in ratios(mean, counted[1], confidence).items():
            if alone and claim != THESE:
                continue
            about = "" if alone else claim
            found.append(Figure("all", SECONDS, of, about, estimate, *counted))
    return found


def mean_logs(seconds: Floats, patient: NDArray[np.int64], patients: int) -> Floats:
    """Return the mean logarithm of the seconds of a grade, (1 + P,), without each patient in turn.

    A patient's time is the mean of all grades of that patient (m,), so that neither the number of
    slices nor of grading systems counts. NaN where no patient is left.
    """
    count = np.bincount(patient, minlength=patients)
    total = np.bincount(patient, seconds, patients)
    there = count > 0
    logs = np.where(there, np.log(np.where(there, total, 1) / np.maximum(count, 1)), 0)
    whole, known = logs.sum(), there.sum()
    sums = np.r_[whole, whole - logs]
    counts = np.r_[known, known - there].astype(np.float64)
    return np.asarray(sums / np.where(counts > 0, counts, np.nan))


def mean_of_logs(rows: Floats) -> OverReaders:
    """Return the mean over readers of rows (r, 1 + P) as :func:`mean_logs` makes them."""
    return over_readers(rows[:, 0], rows[:, 1:].T)


def ratios(mean: OverReaders, patients: int, confidence: float) -> dict[str, Estimate]:
    """Return the mean of logarithms as a ratio (or seconds), about these and other readers."""
    found = {
        THESE: mean.these(patients, "plain", confidence),
        LIKE_THESE: mean.like_these(patients, "plain", confidence),
    }
    return {claim: _exponential(one) for claim, one in found.items()}


def _exponential(found: Estimate) -> Estimate:
    value, low, high = (float(np.exp(one)) for one in (found.value, found.low, found.high))
    return Estimate(value, low, high, reason=found.reason)
