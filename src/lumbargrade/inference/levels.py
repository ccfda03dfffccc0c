"""Name the disc levels from the axial slices alone.

The order of the discs is known from the slices; their names are not. Until a sagittal
series is read, the lowest disc is assumed to be L5/S1, and every result says so.
"""

from __future__ import annotations

from collections.abc import Sequence

from lumbargrade.grading.level import Level, LevelAssignment, LevelSource

_UPWARD = tuple(reversed(Level))


def assign_levels(blocks: Sequence[int | None]) -> tuple[LevelAssignment, ...]:
    """Return the level of each slice from its disc block (lowest = 0).

    A block of None is a slice whose disc is not known. A single block has no order, so
    its name would be a bare guess: it stays unknown.
    Blocks above the fifth are above L1/L2 and have no lumbar name.
    """
    if len(set(blocks) - {None}) < 2:
        return tuple(LevelAssignment() for _ in blocks)
    return tuple(_assign(block) for block in blocks)


def _assign(block: int | None) -> LevelAssignment:
    if block is None or block >= len(_UPWARD):
        return LevelAssignment(None, LevelSource.UNKNOWN, block)
    return LevelAssignment(_UPWARD[block], LevelSource.ASSUMED_LOWEST, block)
