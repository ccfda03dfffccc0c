"""From the network's logits to findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lumbargrade.grading.doubts import set_doubt
from lumbargrade.grading.finding import Cut, Finding, Plane, Side
from lumbargrade.grading.sets import worst_set
from lumbargrade.grading.sides import worse_side_probabilities
from lumbargrade.grading.system import GradingSystem
from lumbargrade.inference.bundle_json import Manifest, OutputSpec
from lumbargrade.statistics.calibration import softmax
from lumbargrade.statistics.conformal import ordinal_scores, prediction_sets

NO_DISC = "no disc in the plane of this slice"

UNSURE_DISC = 0.15
"""Within this distance of the threshold, the disc in the plane is in doubt."""


def findings_of(
    manifest: Manifest, logits: Mapping[str, NDArray[np.float32]], cut: Cut | None = None
) -> tuple[Finding, ...]:
    """Return the findings of one slice, with the doubts that follow from its outputs.

    ``logits`` are (grades,) by output name, and (2,) for the disc output; ``cut`` is what
    the outlines say that the slice cuts, or None where none are drawn.

    Returns
    -------
    One finding per output, each per-side system followed by its image grade (the worse
    side). Where no disc lies in the plane, systems that need one have no grade, and no
    probabilities that could be read as one.
    """
    disc = _disc_in_plane(manifest, logits)
    if cut is not None:
        disc = _by_both(disc, cut)
    findings: list[Finding] = []
    for output in manifest.outputs:
        system = manifest.systems[output.system]
        if system.needs_disc and not disc.there:
            reason = f"{NO_DISC}, but that is {disc.doubt}" if disc.doubt else NO_DISC
            findings.append(Finding(output.system, output.side, None, (), reason))
        else:
            findings.append(_finding(manifest, output, logits[output.name]))
    return tuple(
        _with_doubts(one, manifest.systems[one.system], disc.doubt)
        for one in _with_image_grades(findings)
    )


@dataclass(frozen=True)
class _Disc:
    """Whether a disc is taken to lie in the plane, and why that is in doubt ("" = it is not)."""

    there: bool
    doubt: str = ""


def _finding(manifest: Manifest, output: OutputSpec, logits: NDArray[np.float32]) -> Finding:
    chances = softmax(logits, manifest.temperatures[output.name])
    given = tuple(float(value) for value in chances)
    weights = manifest.decision_weights[output.name]
    grade_set: tuple[int, ...] = ()
    if thresholds := manifest.set_thresholds.get(output.name):
        scores = ordinal_scores((chances * np.asarray(weights))[None])
        low, high = prediction_sets(scores, np.asarray(thresholds))[0].tolist()
        grade_set = tuple(range(low, high + 1))
    return Finding(
        output.system, output.side, choose_grade(given, weights), given, grade_set=grade_set
    )


def _with_doubts(found: Finding, system: GradingSystem, disc_doubt: str) -> Finding:
    if found.grade is None:
        return found
    doubts = [set_doubt(found.grade_set, system)]
    if system.needs_disc and disc_doubt:
        doubts.append(f"the disc is in doubt: {disc_doubt}")
    return replace(found, doubts=tuple(filter(None, doubts)))


def _disc_in_plane(manifest: Manifest, logits: Mapping[str, NDArray[np.float32]]) -> _Disc:
    if manifest.disc_output is None:
        return _Disc(True)
    chance = float(softmax(logits[manifest.disc_output])[1])
    unsure = abs(chance - manifest.disc_threshold) < UNSURE_DISC
    return _Disc(
        chance >= manifest.disc_threshold,
        f"uncertain (probability of a disc in the plane {chance:.2f})" if unsure else "",
    )


def _by_both(disc: _Disc, cut: Cut) -> _Disc:
    """Let a slice go without a grade only where the disc output and the outlines say so."""
    if cut.plane is Plane.BODY and not disc.there:
        return _Disc(False)
    chance = max(cut.probabilities)
    if cut.plane is Plane.DISC and disc.there:
        return _Disc(True)
    if cut.plane is Plane.DISC:
        said = f"the outlines show a disc (probability {chance:.2f}), the disc output sees none"
    else:
        what = "through the end-plate" if cut.plane is Plane.ENDPLATE else "through bone"
        said = f"the slice cuts {what} (probability {chance:.2f})"
    return _Disc(True, said)


def choose_grade(probabilities: Sequence[float], weights: Sequence[float]) -> int:
    """Return the grade whose probability times its decision weight is largest.

    A rare grade weighs more than a common one, so that it is not missed as often; the
    probabilities themselves stay as they are (Menon 2021, logit adjustment).
    """
    return int(np.argmax(np.asarray(probabilities) * np.asarray(weights)))


def _with_image_grades(findings: Sequence[Finding]) -> list[Finding]:
    complete: list[Finding] = []
    sides: dict[str, dict[Side, Finding]] = {}
    for finding in findings:
        complete.append(finding)
        if finding.side is None:
            continue
        pair = sides.setdefault(finding.system, {})
        pair[finding.side] = finding
        if len(pair) == len(Side):
            left, right = pair[Side.LEFT], pair[Side.RIGHT]
            complete.append(_worse(left, right))
    return complete


def _worse(left: Finding, right: Finding) -> Finding:
    """Return the image grade: the worse of the two that are shown.

    So a reader never sees an image grade that neither side has.
    """
    if left.grade is None or right.grade is None:
        return replace(left, side=None)
    return Finding(
        left.system,
        None,
        max(left.grade, right.grade),
        tuple(worse_side_probabilities(left.probabilities, right.probabilities)),
        grade_set=worst_set((left.grade_set, right.grade_set)),
    )
