"""Who may see what: one table, which every door asks before it shows anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType

from lumbargrade.annotation.draw import shuffled
from lumbargrade.annotation.roles import Role


class Thing(StrEnum):
    """What there is to see in a reading."""

    PICTURES = "pictures"
    OWN_READINGS = "own_readings"
    OTHERS_READINGS = "others_readings"
    """Who gave what."""
    DISAGREEMENTS = "disagreements"
    """Differing grades, without saying whose they are."""
    BOXES = "boxes"
    MODEL_GRADES = "model_grades"
    PROGRESS = "progress"
    """How far the others are, and how long they take."""
    AGREEMENT = "agreement"
    PEOPLE = "people"
    EXPORTS = "exports"


SEEN: Mapping[Role, frozenset[Thing]] = MappingProxyType(
    {
        Role.EXPERT: frozenset({Thing.PICTURES, Thing.BOXES}),
        Role.READER: frozenset({Thing.PICTURES, Thing.BOXES, Thing.OWN_READINGS}),
        Role.ADJUDICATOR: frozenset(
            {Thing.PICTURES, Thing.BOXES, Thing.OWN_READINGS, Thing.DISAGREEMENTS}
        ),
        Role.COORDINATOR: frozenset(
            {
                Thing.OTHERS_READINGS,
                Thing.DISAGREEMENTS,
                Thing.BOXES,
                Thing.PROGRESS,
                Thing.AGREEMENT,
                Thing.PEOPLE,
                Thing.EXPORTS,
            }
        ),
    }
)
"""Role -> what it sees. The box shows where to look and no grade, so readers may see it. The
coordinator needs no pictures; model grades are nobody's but a reader's in the assisted arm."""


def may_see(role: Role, thing: Thing, assisted: bool = False) -> bool:
    """Return whether a role may see something.

    ``assisted`` is whether the study at hand is in the arm with the model's proposal: there, and
    only there, a reader sees the model's grades.

    Examples
    --------
    >>> may_see(Role.READER, Thing.OTHERS_READINGS)
    False
    >>> [may_see(Role.READER, Thing.MODEL_GRADES, arm) for arm in (False, True)]
    [False, True]
    """
    if thing is Thing.MODEL_GRADES:
        return assisted and role is Role.READER
    return thing in SEEN[role]


def masked_order(readers: Sequence[str], patient: str, image: str) -> tuple[str, ...]:
    """Return the readers in the order in which an adjudicator sees them, as A, B, ...

    Another one for each image, so that nobody learns who A is by what A says of other images; the
    same for all that is graded on one image, so that its left and right side fit together.
    """
    return tuple(shuffled(readers, "masked", patient, image))
