"""Who takes part in a reading, and what each may do."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    """The part that somebody has; one person has one role in one reading."""

    EXPERT = "expert"
    """Draws where on each slice the canal is."""
    READER = "reader"
    """Grades, blind to all other readers and to the model."""
    ADJUDICATOR = "adjudicator"
    """Settles what readers disagree on."""
    COORDINATOR = "coordinator"
    """Runs the reading and grades nothing."""


class Deed(StrEnum):
    """What a role may do."""

    DRAW_BOX = "draw_box"
    GRADE = "grade"
    ADJUDICATE = "adjudicate"
    MANAGE = "manage"


DEEDS: Mapping[Role, frozenset[Deed]] = MappingProxyType(
    {
        Role.EXPERT: frozenset({Deed.DRAW_BOX}),
        Role.READER: frozenset({Deed.GRADE}),
        Role.ADJUDICATOR: frozenset({Deed.ADJUDICATE}),
        Role.COORDINATOR: frozenset({Deed.MANAGE}),
    }
)
"""Role -> its deeds. Whoever manages, grades nothing: they have seen what readers may not."""


def may_do(role: Role, deed: Deed) -> bool:
    """Return whether a role may do something.

    Examples
    --------
    >>> may_do(Role.READER, Deed.GRADE), may_do(Role.COORDINATOR, Deed.GRADE)
    (True, False)
    """
    return deed in DEEDS[role]
