"""Grades that are raised nearly everywhere: the series, not the spine, may be the reason.

A contrast that the model does not know, a wrong window or a region that is off in the same way
on every slice shifts all grades together. A disease seldom does: it has its levels, and slices
between them that are spared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lumbargrade.grading.finding import Finding, SliceGrades
from lumbargrade.grading.sets import MARKED
from lumbargrade.grading.system import GradingSystem

FEWEST_SLICES = 6
"""Fewer graded slices are too few to tell a shift from a patient."""

FEWEST_DISCS = 3
"""One or two discs may well be diseased on each of their slices; where no disc of the slices is
known, they count as enough."""

RAISED_SHARE = 0.8
"""At least this share of the slices is raised."""

SURE = 0.8
"""Least probability of a marked grade on a slice that counts as raised with confidence."""


def series_review(
    slices: Sequence[SliceGrades], systems: Mapping[str, GradingSystem]
) -> tuple[str, ...]:
    """Return a warning for each system whose grades are raised on nearly all slices of a series.

    A slice without a grade is not raised: a slice away from the discs speaks for a patient, too.
    Thresholds are a choice (:data:`RAISED_SHARE`, :data:`SURE`): among 8 usual and 11 severe
    simulated patients the largest share was 0.20 and 0.67.
    """
    series: dict[str, list[SliceGrades]] = {}
    for item in slices:
        series.setdefault(item.series_instance_uid, []).append(item)
    found = []
    for system in systems.values():
        whole = _shift(slices, system)
        if whole:
            found.append(f"the study needs review as a whole: {whole}")
            continue
        for own in series.values():
            if shift := _shift(own, system):
                found.append(f"the series of {own[0].source_file} needs review as a whole: {shift}")
    return tuple(found)


def _shift(slices: Sequence[SliceGrades], system: GradingSystem) -> str:
    discs = {item.level.block for item in slices}
    if len(slices) < FEWEST_SLICES or (discs != {None} and len(discs) < FEWEST_DISCS):
        return ""
    raised = sum(_surely_marked(item.finding(system.code)) for item in slices)
    if raised < RAISED_SHARE * len(slices):
        return ""
    return (
        f"{system.code} is graded {MARKED} or more with confidence on {raised} of {len(slices)} "
        "slices, which is rare in a patient and common where a series differs from those that "
        "the model learnt from"
    )


def _surely_marked(found: Finding | None) -> bool:
    if found is None or found.grade is None or found.grade < MARKED:
        return False
    return sum(found.probabilities[MARKED:]) >= SURE
