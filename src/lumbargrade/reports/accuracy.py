"""How well the reader of reports agrees with a person who read the same reports.

Levels of which a report says nothing count as free of findings, since that is how reports
are written; levels that may be among those that a report does not name are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lumbargrade.grading.level import Level
from lumbargrade.reports.csv import BULGE, SIGNIFICANCE, LevelReading
from lumbargrade.reports.labels import MARKED, MILD, NONE, SOME, Basis, WeakLabel
from lumbargrade.statistics.bootstrap import Estimate
from lumbargrade.statistics.proportions import clustered_share

SEVERITIES = (NONE, MILD, MARKED)
"""In the order of ``SIGNIFICANCE``: what each is held to mean."""
ALL_LEVELS = "all levels"


@dataclass(frozen=True)
class Compared:
    """A level that both have read.

    ``severity`` is the reader's place in :data:`SEVERITIES`; ``bulge``: the reader finds a bulge, a
    protrusion or more.
    """

    reading: LevelReading
    label: WeakLabel
    severity: int
    bulge: bool

    @property
    def distance(self) -> int:
        """How far both are apart; 0 where they agree."""
        apart = 0
        if self.reading.significance is not None:
            apart += abs(self.reading.significance - self.severity)
        if self.reading.bulge is not None:
            apart += (self.reading.bulge > 0) != self.bulge
        return apart


@dataclass(frozen=True)
class Target:
    """A finding with two answers: what the person's reading must be, and what the reader's."""

    name: str
    reference: Callable[[LevelReading], bool | None]
    found: Callable[[Compared], bool]


def _at_least(place: int | None, least: int) -> bool | None:
    return None if place is None else place >= least


TARGETS = (
    Target(
        "any disc finding or compression",
        lambda one: _at_least(one.significance, SIGNIFICANCE.index("mild")),
        lambda one: one.severity >= SEVERITIES.index(MILD),
    ),
    Target(
        "marked compression",
        lambda one: _at_least(one.significance, SIGNIFICANCE.index("serious")),
        lambda one: one.severity >= SEVERITIES.index(MARKED),
    ),
    Target(
        "bulge or protrusion",
        lambda one: _at_least(one.bulge, BULGE.index("mild bulge")),
        lambda one: one.bulge,
    ),
    Target(
        "bulge or protrusion that compresses",
        lambda one: _at_least(one.bulge, BULGE.index("bulge")),
        lambda one: one.bulge and one.severity >= SEVERITIES.index(MARKED),
    ),
)


@dataclass(frozen=True)
class Accuracy:
    """Precision and recall of one finding at one level, with intervals over patients.

    Attributes
    ----------
    level : a level, or :data:`ALL_LEVELS`.
    levels, patients : how many both have read.
    reference, found, both : levels with the finding, for the person, the reader, and both.
    """

    finding: str
    level: str
    levels: int
    patients: int
    reference: int
    found: int
    both: int
    precision: Estimate
    recall: Estimate


def compare(
    readings: Sequence[LevelReading], labels: Mapping[str, Sequence[WeakLabel]]
) -> tuple[Compared, ...]:
    """Return the levels that both have read: of patients with a report, and of known answer."""
    compared = []
    for reading in readings:
        for label in labels.get(reading.patient_id, ()):
            if label.level is reading.level and label.basis is not Basis.UNNAMED:
                found = label.herniation == SOME or label.bulge in (MILD, SOME)
                severity = SEVERITIES.index(label.severity or NONE)
                compared.append(Compared(reading, label, severity, found))
    return tuple(compared)


def accuracies(compared: Sequence[Compared]) -> tuple[Accuracy, ...]:
    """Return the accuracy of each target at each level that was read, and at all together."""
    read = [level for level in Level if any(one.reading.level is level for one in compared)]
    return tuple(
        _accuracy(
            target,
            str(level or ALL_LEVELS),
            [one for one in compared if level is None or one.reading.level is level],
        )
        for target in TARGETS
        for level in (*read, None)
    )


def _accuracy(target: Target, level: str, compared: Sequence[Compared]) -> Accuracy:
    known = [one for one in compared if target.reference(one.reading) is not None]
    patients = np.array([one.reading.patient_id for one in known], dtype=np.str_)
    reference = np.array([target.reference(one.reading) for one in known], dtype=np.bool_)
    found = np.array([target.found(one) for one in known], dtype=np.bool_)
    return Accuracy(
        target.name,
        level,
        len(known),
        len(set(patients)),
        int(reference.sum()),
        int(found.sum()),
        int((reference & found).sum()),
        clustered_share(reference[found], patients[found]),
        clustered_share(found[reference], patients[reference]),
    )


def disagreements(compared: Sequence[Compared]) -> tuple[Compared, ...]:
    """Return the levels at which both differ, the furthest apart first."""
    apart = [one for one in compared if one.distance]
    return tuple(
        sorted(apart, key=lambda one: (-one.distance, one.reading.patient_id, one.reading.level))
    )


def one_a_patient(compared: Sequence[Compared], count: int) -> tuple[Compared, ...]:
    """Return the first of each patient, ``count`` at most."""
    first: dict[str, Compared] = {}
    for one in compared:
        first.setdefault(one.reading.patient_id, one)
    return tuple(first.values())[:count]
