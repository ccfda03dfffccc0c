"""From what a model says of slices to scores that rank them: nothing here is learned."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from benchmarks.real.labels.scores import SIDED, WORSE, combined, worse_sides
from benchmarks.real.labels.weak import BULGE, HERNIATION, ROOT, SERIOUS
from lumbargrade.inference.bundle_json import Manifest
from lumbargrade.inference.measures.names import MEASURES
from lumbargrade.inference.probabilities import choose_grade
from lumbargrade.statistics.calibration import softmax

Floats = NDArray[np.float64]
Given = Mapping[str, NDArray[np.float32]]

LDH, LCCS, LNRC = "expected LDH", "expected LCCS", "expected LNRC"
RECESS, RATIO = "recess_depth_mm", "displacement_ratio"
RATIO_DRAWN = f"{RATIO} of the outlines"

DISPLACED, BULGED, WHOLE = "disc_displacement_mm", "bulge_mm", "bulge_and_displacement_mm"

WORSE_OF_MODEL = {
    **WORSE,
    "herniation_ratio": 1,
    BULGED: 1,
    WHOLE: 1,
    "recess_room_mm": -1,
}
"""As for the outlines; a model may tell a bulge from a herniation."""

MODEL = "model's "

MIXED: Mapping[str, tuple[str, ...]] = {
    "the three grades": (LDH, LCCS, LNRC),
    "LDH and displacement ratio": (LDH, RATIO_DRAWN),
    "LNRC and recess depth": (LNRC, f"{RECESS} of the outlines"),
    "three grades, recess and ratio": (
        LDH,
        LCCS,
        LNRC,
        f"{RECESS} of the outlines",
        RATIO_DRAWN,
    ),
}
"""Means of scores in their own spread. Written down before any was tried."""

DISPLACEMENT = (f"{MODEL}{WHOLE}", f"{MODEL}{BULGED}", f"{MODEL}{DISPLACED}", RATIO_DRAWN)
"""What is taken for the displacement: the first three if the model has them, else the last."""


def expected_grades(manifest: Manifest, logits: Given) -> dict[str, Floats]:
    """Return output -> (n,): the mean grade by the model's probabilities."""
    found = {}
    for output in manifest.outputs:
        chances = softmax(logits[output.name], manifest.temperatures[output.name])
        found[output.name] = chances @ np.arange(output.grades, dtype=np.float64)
    return found


def chosen_grades(manifest: Manifest, logits: Given) -> dict[str, NDArray[np.int64]]:
    """Return output -> (n,): the grade that the model gives, whether it sees a disc or not."""
    found = {}
    for output in manifest.outputs:
        chances = softmax(logits[output.name], manifest.temperatures[output.name])
        weights = manifest.decision_weights[output.name]
        chosen = [choose_grade(row.tolist(), weights) for row in chances]
        found[output.name] = np.array(chosen, dtype=np.int64)
    return found


def model_measures(manifest: Manifest, logits: Given) -> dict[str, Floats]:
    """Return the measures (n,) that the model itself gives, by name, with the side at its end.

    None without such outputs. How far the margin lies back in all is bulge and displacement.
    """
    if MEASURES not in logits:
        return {}
    values = np.asarray(logits[MEASURES], dtype=np.float64)
    names = [_side_last(one.name) for one in manifest.measure_outputs]
    found = {name: values[:, place] for place, name in enumerate(names)}
    if DISPLACED in found and BULGED in found:
        found[WHOLE] = found[DISPLACED] + found[BULGED]
    return found


def _side_last(name: str) -> str:
    """Return ``root_gap_left_mm`` as ``root_gap_mm_left``, as the outlines' measures are named."""
    for side in SIDED:
        if f"{side}_" in name:
            return name.replace(side, "", 1) + side
    return name


def grade_scores(
    expected: Mapping[str, Floats], own: Mapping[str, Floats], outlined: Mapping[str, Floats]
) -> dict[str, Floats]:
    """Return every score (n,), higher = worse.

    Parameters
    ----------
    expected : of :func:`expected_grades`; of outputs with sides the worse side counts.
    own, outlined : measures of the model and of the outlines, by name and side.
    """
    found: dict[str, Floats] = {}
    for system, title in (("LDH", LDH), ("LCCS", LCCS), ("LNRC", LNRC)):
        sides = [values for name, values in expected.items() if name.split("_")[0] == system]
        if sides:
            found[title] = np.max(sides, axis=0)
    found |= {MODEL + name: one for name, one in worse_sides(own, WORSE_OF_MODEL).items()}
    drawn = worse_sides(outlined)
    found |= {f"{name} of the outlines": drawn[name] for name in (RATIO, RECESS) if name in drawn}
    return {**found, **combined(found, MIXED)}


def aimed_rows(label: str, names: Mapping[str, object]) -> list[str]:
    """Return which of the rows are what the model is held to at a label."""
    displacement = [one for one in DISPLACEMENT[:-1] if one in names] or [DISPLACEMENT[-1]]
    return {
        HERNIATION: [LDH],
        ROOT: [LNRC],
        SERIOUS: [LDH, LCCS, LNRC],
        BULGE: displacement,
    }[label]
