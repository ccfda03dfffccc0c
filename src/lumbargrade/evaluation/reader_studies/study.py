"""What every study of readers returns: figures, what follows from them, and what one must know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lumbargrade.statistics.bootstrap import Estimate

THESE = "these readers"
"""An interval over patients: the same readers on other patients."""
LIKE_THESE = "readers like these"
"""An interval over readers and patients: other readers like these on other patients."""


@dataclass(frozen=True)
class Figure:
    """One number with its interval.

    Attributes
    ----------
    system : grading system; ``"all"`` for times, which are of all.
    measure : what is measured, such as ``"ac1"`` or ``"area 0-1 / 2-3"``.
    of : of whom or between what, such as a reader's name or ``"model - readers"``.
    about : whom the interval is about: :data:`THESE`, :data:`LIKE_THESE`, or empty where it is
        about one.
    images, patients, readers : that it rests on.
    """

    system: str
    measure: str
    of: str
    about: str
    estimate: Estimate
    images: int
    patients: int
    readers: int


@dataclass(frozen=True)
class Size:
    """Patients that a study with so many readers needs; None where no number suffices."""

    system: str
    measure: str
    about: str
    readers: int
    patients: int | None


@dataclass(frozen=True)
class Study:
    """The result of one study.

    Attributes
    ----------
    name : of the command and its files, such as ``"interchange"``.
    settings : what was fixed before, such as the margin.
    statements : what follows, one sentence each.
    details : more numbers by name, for the JSON alone.
    """

    name: str
    settings: Mapping[str, Any]
    figures: tuple[Figure, ...]
    statements: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    sizes: tuple[Size, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)
