"""The stack of slices: one order and one frame for all, so that nothing moves while one steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lumbargrade.grading.summary import through_bone
from lumbargrade.outputs.page.cards import Card


@dataclass(frozen=True)
class Stack:
    """The slices as they are stepped through.

    Attributes
    ----------
    cards : cranial to caudal.
    aspect : width / height of the frame, in which each of the pictures fits.
    first : number of the slice that is shown first: the one with the worst grade.
    """

    cards: tuple[Card, ...]
    aspect: float
    first: int


def stack_of(cards: Sequence[Card]) -> Stack:
    """Return the stack of slices that are numbered caudal to cranial."""
    aspects = [one.views.width_mm / one.views.height_mm for one in cards if one.views]
    worst = max(cards, key=_badness, default=None)
    return Stack(
        tuple(reversed(cards)),
        sum(aspects) / len(aspects) if aspects else 1.0,
        worst.number if worst is not None else 0,
    )


def _badness(card: Card) -> tuple[int, float]:
    """The worst colour on a slice, and how sure it is; a grade in doubt comes after the others."""
    if through_bone(card.slice):
        return -1, 0.0
    return max(
        (
            (2 * one.tone + (not (one.in_doubt or one.review)), one.percent or 0.0)
            for one in card.verdicts
            if one.grade is not None
        ),
        default=(-1, 0.0),
    )
