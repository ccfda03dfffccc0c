"""The thresholds of a bundle's conformal sets, and how often the sets hold the true grade."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lumbargrade.grading.sets import SET_COVERAGE
from lumbargrade.inference.bundle_json import OutputSpec
from lumbargrade.statistics.bootstrap import Estimate
from lumbargrade.statistics.calibration import softmax
from lumbargrade.statistics.conformal import grade_thresholds, ordinal_scores, prediction_sets
from lumbargrade.statistics.set_coverage import SetCoverage, coverage_by_group, grade_groups
from lumbargrade.training.heads import DISC, MISSING, side_pairs

FOLDS = 5
"""Parts of the validation patients when the sets are checked on patients left out."""


@dataclass(frozen=True)
class Answers:
    """What a network says about the validation slices.

    Attributes
    ----------
    logits : (N, grades) by output name.
    labels : (N, outputs) int64; -1 where a grade is not known.
    patients : (N,) whose slice it is; None in runs from before this was written down.
    """

    logits: Mapping[str, NDArray[np.float64]]
    labels: NDArray[np.int64]
    patients: NDArray[np.str_] | None


@dataclass(frozen=True)
class Scored:
    """One output's scores (N, grades) of ``ordinal_scores``, labels (N,), patients (N,)."""

    scores: NDArray[np.float64]
    labels: NDArray[np.int64]
    patients: NDArray[np.str_]

    def thresholds(self, chosen: NDArray[np.bool_]) -> tuple[float, ...]:
        """Return the thresholds from the chosen slices (N,) whose grade is known."""
        used = chosen & (self.labels != MISSING)
        return grade_thresholds(self.scores[used], self.labels[used], self.patients[used])


def scored_outputs(
    answers: Answers,
    specs: Sequence[OutputSpec],
    temperatures: Mapping[str, float],
    decision_weights: Mapping[str, Sequence[float]],
) -> dict[str, Scored]:
    """Return the scores of every graded output, as the grading path computes them."""
    if answers.patients is None:
        return {}
    found: dict[str, Scored] = {}
    for column, spec in enumerate(specs):
        if spec.name != DISC:
            chances = softmax(answers.logits[spec.name], temperatures[spec.name])
            scores = ordinal_scores(chances * np.asarray(decision_weights[spec.name]))
            found[spec.name] = Scored(scores, answers.labels[:, column], answers.patients)
    return found


def conformal_entry(outputs: Mapping[str, Scored]) -> dict[str, Any]:
    """Return ``conformal`` of ``bundle.json``, from all validation patients.

    Temperatures and the best epoch were chosen on the same patients: a handful of numbers
    beside hundreds of slices, so the coverage on fresh patients is hardly touched.
    """
    thresholds = {
        name: list(given)
        for name, scored in outputs.items()
        if (given := scored.thresholds(np.ones(len(scored.labels), dtype=np.bool_)))
    }
    return {"coverage": SET_COVERAGE, "thresholds": thresholds}


def set_metrics(
    outputs: Mapping[str, Scored], specs: Sequence[OutputSpec]
) -> dict[str, list[dict[str, Any]]]:
    """Return the coverage of each output and image grade, each patient left out in turn.

    The thresholds for a fifth of the patients come from the other four fifths, so nothing
    is measured on the patients that it was fitted on. An image's set is made of its sides'.
    """
    given = {name: _left_out(scored) for name, scored in outputs.items()}
    for system, left, right in side_pairs(specs):
        given[system] = _worse_side(given[specs[left].name], given[specs[right].name])
    return {name: _rows(one) for name, one in given.items()}


@dataclass(frozen=True)
class _LeftOut:
    """Sets (N, 2) and labels (N,), MISSING where there is no grade or no set."""

    sets: NDArray[np.int64]
    labels: NDArray[np.int64]
    patients: NDArray[np.str_]
    grades: int


def _left_out(scored: Scored) -> _LeftOut:
    _, index = np.unique(scored.patients, return_inverse=True)
    sets = np.zeros((len(index), 2), dtype=np.int64)
    labels = np.full(len(index), MISSING, dtype=np.int64)
    for fold in range(FOLDS):
        inside = index % FOLDS == fold
        if thresholds := scored.thresholds(~inside):
            sets[inside] = prediction_sets(scored.scores[inside], np.asarray(thresholds))
            labels[inside] = scored.labels[inside]
    return _LeftOut(sets, labels, scored.patients, scored.scores.shape[1])


def _worse_side(left: _LeftOut, right: _LeftOut) -> _LeftOut:
    known = (left.labels != MISSING) & (right.labels != MISSING)
    labels = np.where(known, np.maximum(left.labels, right.labels), MISSING)
    return _LeftOut(np.maximum(left.sets, right.sets), labels, left.patients, left.grades)


def _rows(one: _LeftOut) -> list[dict[str, Any]]:
    known = one.labels != MISSING
    labels = one.labels[known]
    groups = grade_groups(labels, one.grades)
    found = coverage_by_group(one.sets[known], labels, groups, one.patients[known])
    return [_row(each) for each in found if each.images]


def _row(one: SetCoverage) -> dict[str, Any]:
    return {
        "group": one.group,
        "images": one.images,
        "patients": one.patients,
        "coverage_by_patient": _numbers(one.by_patient),
        "coverage_by_image": _numbers(one.by_image),
        "mean_size": round(one.mean_size, 3),
        "asked": _numbers(one.asked),
    }


def _numbers(given: Estimate) -> list[float | None]:
    """Value, low, high; JSON has no NaN."""
    each = (given.value, given.low, given.high)
    return [round(value, 4) if np.isfinite(value) else None for value in each]
