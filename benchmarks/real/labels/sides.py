"""The side that a note gives a herniation, and the side on which a model sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.real.drawing.slices import RealSlice
from lumbargrade.grading.finding import Side
from lumbargrade.reports.csv import read_reports
from lumbargrade.reports.lexicon import Kind
from lumbargrade.reports.make import read_all
from lumbargrade.reports.reader import joint_side

Floats = NDArray[np.float64]

APEX = "displacement_apex_mm"
SIGNS: Mapping[str, float] = {Side.LEFT: 1.0, Side.RIGHT: -1.0}
"""Of the patient; as the apex of the displacement counts them."""


def named_sides(folder: Path, slices: Sequence[RealSlice]) -> Floats:
    """Return (n,) 1 for a herniation that a note puts on the left, -1 on the right.

    NaN where none is named, or it is central, on both sides, or has no side of its own. "Central
    and left" is left.
    """
    said: dict[tuple[str, str], list[str]] = {}
    for one in read_all(read_reports(folder / "notes.csv")):
        for finding in one.findings:
            if finding.kind is Kind.HERNIATION and finding.level and not finding.negated:
                key = (f"P{one.patient_id}", finding.level.replace("/", "-"))
                said.setdefault(key, []).append(finding.side)
    sides = (joint_side(said.get((one.patient, one.level), [])) for one in slices)
    return np.array([SIGNS.get(side, np.nan) for side in sides])


def seen_sides(
    expected: Mapping[str, Floats], own: Mapping[str, Floats], outlined: Mapping[str, Floats]
) -> dict[str, Floats]:
    """Return what sees a side -> (n,): the sign is the side as in ``SIGNS``; 0 or NaN is none."""
    found: dict[str, Floats] = {}
    if APEX in own:
        found["apex, model's"] = own[APEX]
    if APEX in outlined:
        found["apex of the outlines"] = outlined[APEX]
    left, right = expected.get(f"LNRC_{Side.LEFT}"), expected.get(f"LNRC_{Side.RIGHT}")
    if left is not None and right is not None:
        found["greater expected LNRC"] = left - right
    return found
