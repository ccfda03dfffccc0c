"""Whether claimed figures can be, and are, those of the counts.

A share of n images can only be one of n + 1 numbers; printed with its digits, it may fit none of
them. That needs no counts of the cells: it is the GRIM test (Brown and Heathers, Soc Psychol
Personal Sci 2017;8:363), here with the n of the paper, or else of the counts.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from lumbargrade.evaluation.matrix.claims import Claim, Printed
from lumbargrade.evaluation.matrix.counts import PublishedMatrix
from lumbargrade.evaluation.matrix.figures import Figure, MatrixFigures, figures_of_counts
from lumbargrade.statistics.bootstrap import Estimate


class Verdict(StrEnum):
    """What the counts say of a claim."""

    FITS = "fits"
    CUT = "fits if cut off, not rounded"
    INTERVAL = "value fits, interval does not"
    DIFFERS = "does not fit the counts"
    IMPOSSIBLE = "not possible"


@dataclass(frozen=True)
class Checked:
    """A claim beside the counts; ``grade`` is the name of its grade, empty without one, and
    ``why`` is empty where it fits.
    """

    claim: Claim
    grade: str
    found: Estimate
    verdict: Verdict
    why: str


def check_claims(
    claims: Sequence[Claim], figures: Mapping[str, MatrixFigures]
) -> tuple[Checked, ...]:
    """Return each claim beside the counts of its system; ``figures`` are by system."""
    return tuple(_checked(one, figures[one.system]) for one in claims)


def possible(printed: Printed, of: int) -> bool:
    """Return whether a share of ``of`` images can be what is printed, rounded or cut off.

    Examples
    --------
    >>> possible(Printed("84.17 %", 0.8417, 0.0001), 2299), possible(Printed("0.35", 0.35, 0.01), 9)
    (True, False)
    """
    room = 1e-9 * max(of, 1)  # of rounding, as in ``Printed``
    least = max(math.ceil((printed.value - printed.step / 2) * of - room), 0)
    return least <= of and least < (printed.value + printed.step) * of - room


def _checked(claim: Claim, figures: MatrixFigures) -> Checked:
    found, place = figures.values[claim.figure], claim.figure.grade
    grade = "" if place is None else figures.matrix.grades[place]
    return Checked(claim, grade, found, *_verdict(claim, found, figures))


def _verdict(claim: Claim, found: Estimate, figures: MatrixFigures) -> tuple[Verdict, str]:
    """Return what the counts say, and why."""
    printed, whole = claim.printed, figures.wholes.get(claim.figure)
    if why := _impossible(claim, whole):
        return Verdict.IMPOSSIBLE, why
    if claim.of is not None and whole is not None and claim.of != whole:
        why = f"it is said to be of {claim.of} images, the counts have {whole}"
        return Verdict.DIFFERS, why
    if not math.isfinite(found.value):
        return Verdict.DIFFERS, "it is not defined for these counts"
    if printed.rounds_from(found.value):
        why = _interval(claim, found)
        return (Verdict.INTERVAL if why else Verdict.FITS), why
    if printed.cut_from(found.value):
        return Verdict.CUT, ""
    return Verdict.DIFFERS, _instead(claim, figures)


def _impossible(claim: Claim, whole: int | None) -> str:
    """Say why no counts at all can give the claim; empty where some can."""
    of = claim.of if claim.of is not None else whole
    if whole is None or not of or possible(claim.printed, of):
        return ""
    below = math.floor(claim.printed.value * of)
    ends = " and ".join(f"{hits} of {of} is {100 * hits / of:.3f} %" for hits in (below, below + 1))
    return f"no share of {of} images is {claim.printed.text}: {ends}"


def _interval(claim: Claim, found: Estimate) -> str:
    """Say where a claimed interval is not that of independent images."""
    ends = ((claim.low, found.low), (claim.high, found.high))
    wrong = [one for one, end in ends if one is not None and not one.rounds_from(end)]
    if not wrong:
        return ""
    if not math.isfinite(found.low):
        return "the counts give no interval"
    return f"independent images give {found.low:.4f} to {found.high:.4f}"


def _instead(claim: Claim, figures: MatrixFigures) -> str:
    """Name what else the claim fits: another figure, or the table with its sides exchanged."""
    matrix, printed = figures.matrix, claim.printed
    turned = figures_of_counts(PublishedMatrix(matrix.system, matrix.grades, matrix.counts.T))
    other = turned.values[claim.figure].value
    if math.isfinite(other) and printed.rounds_from(other):
        return "it fits with rows and columns exchanged"
    names = [
        _name(figure, matrix.grades)
        for figure, value in figures.values.items()
        if _family(figure) == _family(claim.figure) and printed.rounds_from(value.value)
    ]
    return f"it is what the counts give as {' or '.join(names)}" if names else ""


def _family(figure: Figure) -> str:
    """Which figures are taken for one another, such as every coefficient of agreement."""
    if figure.name.startswith(("ac1", "ac2", "kappa")):
        return "coefficient"
    return figure.name.split("_")[0]


def _name(figure: Figure, grades: Sequence[str]) -> str:
    return figure.name if figure.grade is None else f"{figure.name} of grade {grades[figure.grade]}"
