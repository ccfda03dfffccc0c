"""From the findings of a report to weak labels of each level and hints for exclusion.

A weak label is what a report says in passing, not a grade. What a report does not speak
of is empty and not "none": silence is told apart from denial.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from lumbargrade.grading.level import Level
from lumbargrade.reports.findings import SEVERITIES
from lumbargrade.reports.levels import LEVELS
from lumbargrade.reports.lexicon import DISC_KINDS, EXCLUSION_KINDS, LABEL_KINDS, Kind
from lumbargrade.reports.reader import ReportFinding, joint_side

NONE = "none"
MILD = "mild"
SOME = "some"
MARKED = "marked"


class Basis(StrEnum):
    """Why the labels of a level are what they are."""

    STATED = "stated"
    """The report finds something there."""
    DENIED = "denied"
    """The report says that there is no herniation, bulge or compression. (An adequate canal
    alone is not that.)"""
    SILENT = "silent"
    """The report speaks of other levels, or of nothing."""
    UNNAMED = "unnamed levels"
    """The report finds something at levels that it does not name; this may be one."""


@dataclass(frozen=True)
class WeakLabel:
    """What a report hints at for one level.

    Attributes
    ----------
    herniation : ``"none"``, ``"some"`` or ``""`` (not spoken of).
    bulge, stenosis, sac, root : ``"none"``, ``"mild"``, ``"some"`` or ``""``.
    severity : ``"none"``; ``"mild"`` (a disc finding that compresses nothing, or mildly);
        ``"marked"`` (sac or root compressed and not called mildly so, or stenosis); or ``""``.
    side : ``"left"``, ``"right"``, ``"bilateral"``, ``"central"`` or ``""``.
    sentence : the sentence that decided the severity; ``""`` where none speaks of the level.
    """

    level: Level
    basis: Basis
    herniation: str
    bulge: str
    stenosis: str
    sac: str
    root: str
    severity: str
    side: str
    sentence: str


@dataclass(frozen=True)
class ExclusionHint:
    """A sentence that a person should read before the patient is included."""

    reason: Kind
    possible: bool
    sentence: str


def weak_labels(findings: Sequence[ReportFinding]) -> tuple[WeakLabel, ...]:
    """Return the labels of all five levels, from the top."""
    told = [one for one in findings if one.kind in LABEL_KINDS]
    unnamed = any(one.level is None and not one.negated for one in told)
    return tuple(
        _label(level, [one for one in told if one.level is level], unnamed) for level in LEVELS
    )


def _label(level: Level, told: Sequence[ReportFinding], unnamed: bool) -> WeakLabel:
    # "No severe stenosis" leaves open whether there is some.
    there = [one for one in told if not one.negated]
    absent = {one.kind for one in told if one.negated and not one.severity}
    basis = _basis(bool(there), absent, unnamed)
    severity, sentence = _severity(there) if there else (NONE, _said_absent(told))
    if not there and basis is not Basis.DENIED:
        severity, sentence = "", ""
    degrees = {kind: _degree(kind, there, absent) for kind in LABEL_KINDS}
    return WeakLabel(
        level,
        basis,
        degrees[Kind.HERNIATION],
        degrees[Kind.BULGE],
        degrees[Kind.STENOSIS],
        degrees[Kind.SAC],
        degrees[Kind.ROOT],
        severity,
        joint_side(one.side for one in there),
        sentence,
    )


def _basis(there: bool, absent: Collection[Kind], unnamed: bool) -> Basis:
    if there:
        return Basis.STATED
    if unnamed:
        return Basis.UNNAMED
    return Basis.DENIED if set(absent) - {Kind.STENOSIS} else Basis.SILENT


def _degree(kind: Kind, there: Sequence[ReportFinding], absent: Collection[Kind]) -> str:
    degrees = [one.severity for one in there if one.kind is kind]
    if not degrees:
        return NONE if kind in absent else ""
    if kind is Kind.HERNIATION:
        return SOME
    return MILD if set(degrees) == {"mild"} else SOME


def _severity(there: Sequence[ReportFinding]) -> tuple[str, str]:
    """Return the severity of a level and the sentence that decided it."""
    pressing = [one for one in there if one.kind not in DISC_KINDS]
    marked = [one for one in pressing if one.severity != "mild"]
    if marked:
        worst = max(marked, key=lambda one: SEVERITIES.index(one.severity))
        return MARKED, worst.sentence
    return MILD, (pressing or there)[0].sentence


def _said_absent(told: Iterable[ReportFinding]) -> str:
    return next((one.sentence for one in told if one.negated and not one.severity), "")


def exclusion_hints(findings: Iterable[ReportFinding]) -> tuple[ExclusionHint, ...]:
    """Return the reasons to look at a patient again, one for each reason and sentence."""
    hints: dict[tuple[Kind, str], ExclusionHint] = {}
    for one in findings:
        if one.kind in EXCLUSION_KINDS and not one.negated:
            key = (one.kind, one.sentence)
            possible = one.possible and (key not in hints or hints[key].possible)
            hints[key] = ExclusionHint(one.kind, possible, one.sentence)
    return tuple(hints.values())
