"""Where the grade of the network and the geometry of the outlines disagree.

A herniation is graded twice: by the network from the picture, and by rule from the
displacement of the disc that its outlines show. Two ways that differ by more than one grade
cannot both be right, so a reader should look.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lumbargrade.grading.finding import Finding, Measure

SYSTEM = "LDH"

NO_DISPLACEMENT_MM = 1.0
"""Less than this is the undisturbed margin (a choice; the sources give no tolerance)."""

NO_DISPLACEMENT_RATIO = 0.08
"""The same as a share of the way to the intra-facet line."""

HALF_WAY, AT_THE_LINE = 0.5, 1.0
"""Upper ends of grades 1 and 2 (Mysliwiec et al. 2010, MSU classification)."""

MOST_APART = 1
"""Grades that differ by no more than this agree: readers do not do better."""


@dataclass(frozen=True)
class Disagreement:
    """A grade of the network and one by geometry that differ by more than one."""

    system: str
    grade: int
    by_geometry: int
    displacement_mm: float
    ratio: float | None

    def __str__(self) -> str:
        """Say it as a doubt of the grade."""
        way = "" if self.ratio is None else f", {self.ratio:.2f} of the way to the intra-facet line"
        return (
            f"by its outline the disc is displaced by {self.displacement_mm:.1f} mm{way}, which is "
            f"grade {self.by_geometry}, not {self.grade}"
        )


def herniation_grade(displacement_mm: float | None, ratio: float | None) -> int | None:
    """Return the grade of a herniation (LDH, 0 to 3) by geometry; None where it is not known.

    Parameters
    ----------
    displacement_mm : largest displacement of the disc beyond its undisturbed margin.
    ratio : that displacement as a share of the way to the intra-facet line.

    Examples
    --------
    >>> herniation_grade(4.0, 0.4), herniation_grade(0.6, None), herniation_grade(4.0, None)
    (1, 0, None)
    """
    if displacement_mm is None:
        return None
    if displacement_mm < NO_DISPLACEMENT_MM:
        return 0
    if ratio is None:
        return None
    if ratio < NO_DISPLACEMENT_RATIO:
        return 0
    if ratio <= HALF_WAY:
        return 1
    return 2 if ratio <= AT_THE_LINE else 3


def disagreement(findings: Sequence[Finding], measures: Sequence[Measure]) -> Disagreement | None:
    """Return where grade and geometry of one slice differ by more than one; None where not.

    Nothing is compared where either of the two is not known.
    """
    values = {one.name: one.value for one in measures if one.side is None}
    displacement, ratio = values.get("disc_displacement_mm"), values.get("displacement_ratio")
    measured = herniation_grade(displacement, ratio)
    for found in findings:
        if (found.system, found.side) != (SYSTEM, None) or found.grade is None:
            continue
        if measured is None or displacement is None or abs(found.grade - measured) <= MOST_APART:
            continue
        return Disagreement(SYSTEM, found.grade, measured, displacement, ratio)
    return None
