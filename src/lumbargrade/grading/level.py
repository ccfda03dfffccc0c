"""Disc levels, and how the level of a slice was known."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """A lumbar disc level, named as radiologists write it, top to bottom."""

    L1_L2 = "L1/L2"
    L2_L3 = "L2/L3"
    L3_L4 = "L3/L4"
    L4_L5 = "L4/L5"
    L5_S1 = "L5/S1"


class LevelSource(StrEnum):
    """How the level of a slice was known."""

    UNKNOWN = "unknown"
    """Nothing says which disc this is."""
    ASSUMED_LOWEST = "assumed: lowest block = L5/S1"
    """Order is known from the stack; names assume that the lowest disc is L5/S1."""
    USER = "user"
    """The user named the lowest disc; the others follow in order."""
    TRUTH = "truth"
    """Simulated: the phantom knows."""


@dataclass(frozen=True)
class LevelAssignment:
    """The level of one slice and how it was known.

    ``block`` counts the discs that the study shows from the lowest (0) upward; it is
    known even where the name is not. ``None`` where not even the order is known.
    """

    level: Level | None = None
    source: LevelSource = LevelSource.UNKNOWN
    block: int | None = None
