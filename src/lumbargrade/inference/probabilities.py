"""From the network's logits to findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from lumbargrade.grading.finding import Cut, Finding, Plane, Side
from lumbargrade.grading.sets import worst_set
from lumbargrade.grading.sides import worse_side_probabilities
from lumbargrade.inference.bundle_json import Manifest, OutputSpec
from lumbargrade.statistics.calibration import softmax
from lumbargrade.statistics.conformal import ordinal_scores, prediction_sets

NO_DISC = "no disc in the plane of this slice"

UNSURE_DISC = 0.15
"""Within this distance of the threshold, the disc in the plane is in doubt."""


def findings_of(
    manifest: Manifest, logits: Mapping[str, NDArray[np.float32]], cut: Cut | None = None
) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
    """Return the findings and the warnings of one slice.

    ``logits`` are (grades,) by output name, and (2,) for the disc output; ``cut`` is what
    the outlines say that the slice cuts, or None where none are drawn.

    Returns
    -------
    One finding per output, each per-side system followed by its image grade (the worse
    side). Where no disc lies in the plane, systems that need one have no grade; the
    probabilities stay.
    """
    disc, warnings = _disc_in_plane(manifest, logits)
    if cut is not None:
        disc, warnings = _by_both(disc, cut)
    findings: list[Finding] = []
    for output in manifest.outputs:
        system = manifest.systems[output.system]
        reason = NO_DISC if system.needs_disc and not disc else ""
        findings.append(_finding(manifest, output, logits[output.name], reason))
    return tuple(_with_image_grades(findings)), warnings


def _finding(
    manifest: Manifest, output: OutputSpec, logits: NDArray[np.float32], reason: str
) -> Finding:
    chances = softmax(logits, manifest.temperatures[output.name])
    given = tuple(float(value) for value in chances)
    if reason:
        return Finding(output.system, output.side, None, given, reason)
    weights = manifest.decision_weights[output.name]
    grade_set: tuple[int, ...] = ()
    if thresholds := manifest.set_thresholds.get(output.name):
        scores = ordinal_scores((chances * np.asarray(weights))[None])
        low, high = prediction_sets(scores, np.asarray(thresholds))[0].tolist()
        grade_set = tuple(range(low, high + 1))
    return Finding(
        output.system, output.side, choose_grade(given, weights), given, grade_set=grade_set
    )


def _disc_in_plane(
    manifest: Manifest, logits: Mapping[str, NDArray[np.float32]]
) -> tuple[bool, tuple[str, ...]]:
    if manifest.disc_output is None:
        return True, ()
    chance = float(softmax(logits[manifest.disc_output])[1])
    disc = chance >= manifest.disc_threshold
    if abs(chance - manifest.disc_threshold) < UNSURE_DISC:
        taken = "taken as one" if disc else "taken as none"
        return disc, (
            f"uncertain whether a disc lies in the plane of the slice (probability {chance:.2f}, "
            f"{taken})",
        )
    return disc, ()


def _by_both(disc: bool, cut: Cut) -> tuple[bool, tuple[str, ...]]:
    """Let a slice go without a grade only where the disc output and the outlines say so."""
    if cut.plane is Plane.BODY and not disc:
        return False, ()
    chance = max(cut.probabilities)
    if cut.plane is Plane.DISC and disc:
        return True, ()
    if cut.plane is Plane.DISC:
        said = f"the outlines show a disc (probability {chance:.2f}), the disc output sees none"
    else:
        what = "through the end-plate" if cut.plane is Plane.ENDPLATE else "through bone"
        said = f"the slice cuts {what} (probability {chance:.2f})"
    return True, (f"the disc is in doubt, and with it every grade that needs one: {said}",)


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
            worse = worse_side_probabilities(left.probabilities, right.probabilities)
            # The grade is the worse of the two that are shown, so that a reader never
            # sees an image grade that neither side has.
            known = left.grade is not None and right.grade is not None
            grade = max(left.grade or 0, right.grade or 0) if known else None
            sets = worst_set((left.grade_set, right.grade_set))
            complete.append(
                Finding(finding.system, None, grade, tuple(worse), finding.reason, sets)
            )
    return complete
