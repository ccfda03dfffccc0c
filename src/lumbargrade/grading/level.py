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
    STACK = "stack: lowest disc assumed to be L5/S1"
    """Order is known from the stack; names assume that the lowest disc is L5/S1."""
    SAGITTAL = "sagittal"
    """The slice was projected onto the discs that a sagittal series shows, counted from the
    sacrum."""
    USER = "user"
    """The user named the lowest disc; the others follow in order."""
    TRUTH = "truth"
    """Simulated: the phantom knows."""

    @classmethod
    def _missing_(cls, value: object) -> LevelSource | None:
        """Read the word that grades written before 0.1 use for STACK."""
        return cls.STACK if value == "assumed: lowest block = L5/S1" else None


class Through(StrEnum):
    """What a slice runs through at the middle of the nearest disc, by the sagittal series."""

    DISC = "disc"
    ENDPLATE = "endplate"
    BONE = "bone"


@dataclass(frozen=True)
class DiscPlace:
    """Where an axial slice lies beside the nearest disc of the sagittal series.

    Attributes
    ----------
    distance_mm : from the disc's middle plane to the slice, at the disc's centre; positive where
        the slice lies cranial of it.
    angle_deg : between the slice and the disc's middle plane, 0 to 90.
    through : what the slice runs through there.
    """

    distance_mm: float
    angle_deg: float
    through: Through


@dataclass(frozen=True)
class LevelAssignment:
    """The level of one slice and how it was known.

    ``block`` counts the discs that the study shows from the lowest (0) upward; it is
    known even where the name is not. ``None`` where not even the order is known.
    ``place`` is known where a sagittal series shows the nearest disc.
    """

    level: Level | None = None
    source: LevelSource = LevelSource.UNKNOWN
    block: int | None = None
    place: DiscPlace | None = None
