"""Withhold what belongs to a side of the patient where left and right are not known.

The network reads the left and the right half of the picture. Which half is the patient's left
only the geometry says; where it does not, or the sagittal series contradicts it, a grade per side
would be a guess. The image grade, the worse side, is the same either way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lumbargrade.grading.finding import Finding, Measure
from lumbargrade.study.series.labels import first_named

TOWARDS_A_SIDE = frozenset({"displacement_apex_mm"})
"""Measures without a side whose sign names one."""


def findings_without_sides(findings: Sequence[Finding], reason: str) -> tuple[Finding, ...]:
    """Return the findings, those per side without grade, set and probabilities.

    ``reason`` says why the sides are not known; empty: they are, and nothing is withheld.
    """
    return tuple(
        Finding(one.system, one.side, None, reason=reason)
        if reason and one.side is not None
        else one
        for one in findings
    )


def measures_without_sides(measures: Sequence[Measure], reason: str) -> tuple[Measure, ...]:
    """Return the measures, those per side or towards a side without value; as for findings."""
    return tuple(
        replace(one, value=None, reason=reason)
        if reason and (one.side is not None or one.name in TOWARDS_A_SIDE)
        else one
        for one in measures
    )


def sides_warnings(doubts: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """Return one sentence a reason of ``doubts`` (source file, why its sides are not known)."""
    files: dict[str, dict[str, None]] = {}
    for file, why in doubts:
        if why:
            files.setdefault(why, {})[file] = None
    return tuple(
        f"{why}; grades and measures per side are withheld, the image grade is the worse side "
        f"({first_named([*own])})"
        for why, own in files.items()
    )
