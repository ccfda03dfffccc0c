"""How much worse the model is on the external set: the difference, with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lumbargrade.evaluation.measures.measures import resample
from lumbargrade.evaluation.measures.system_figures import Options
from lumbargrade.evaluation.records import ImageRecord, Readings
from lumbargrade.statistics.bootstrap import Estimate, PatientBootstrap, Resampled

COMPARED = ("ac1", "kappa_linear", "accuracy", "balanced_accuracy", "auc_any", "auc_marked")


@dataclass(frozen=True)
class Drop:
    """One figure inside and outside; ``difference`` is external minus internal."""

    system: str
    figure: str
    internal: Estimate
    external: Estimate
    difference: Estimate


def drops(
    internal: Sequence[ImageRecord],
    external: Sequence[ImageRecord],
    system: str,
    grades: int,
    options: Options,
) -> list[Drop]:
    """Return the difference of each figure of :data:`COMPARED`.

    The two sets have no patient in common, so each has draws of its own.

    Parameters
    ----------
    internal, external : records of one grading system.
    system, grades : its code, and how many grades it has.
    """
    inside = _resampled(internal, system, grades, options, options.seed)
    outside = _resampled(external, system, grades, options, options.seed + 1)
    return [
        Drop(
            system,
            name,
            inside[name].estimate(options.confidence),
            outside[name].estimate(options.confidence),
            _difference(outside[name], inside[name], options.confidence),
        )
        for name in COMPARED
    ]


def _difference(outside: Resampled, inside: Resampled, confidence: float) -> Estimate:
    # One patient has no resamples, and so the difference has no interval.
    draws = min(len(outside.draws), len(inside.draws))
    far = Resampled(outside.value, outside.draws[:draws])
    near = Resampled(inside.value, inside.draws[:draws])
    return (far - near).estimate(confidence)


def _resampled(
    records: Sequence[ImageRecord], system: str, grades: int, options: Options, seed: int
) -> dict[str, Resampled]:
    readings = Readings.of(records, grades, system)
    bootstrap = PatientBootstrap.of(readings.patients, options.resamples, seed)
    return resample(readings, bootstrap, grades)
