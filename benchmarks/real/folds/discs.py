"""The lowest three discs of a mid-sagittal slice, from boxes that name no level.

A box file holds one box a line: class, then middle, width and height as shares of the
picture. A disc carries one of four classes (degenerated, normal, lumbar or thoracic
bulge); stenosis and slipped vertebra are boxes of something else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lumbargrade.errors import CohortError

DISC_CLASSES = frozenset({0, 1, 4, 5})
SAME_DISC = 0.3
"""Boxes that share more than this part of the smaller one are of the same disc."""
BOTTOM_UP = ("L5-S1", "L4-L5", "L3-L4")


@dataclass(frozen=True)
class Box:
    """One box: its class, and its middle and size as shares of the picture."""

    kind: int
    x: float
    y: float
    width: float
    height: float


def read_boxes(path: Path) -> list[Box]:
    """Read a box file.

    Raises
    ------
    CohortError
        If it cannot be read, or a line is not a class and four shares.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        return [_box(line.split()) for line in lines if line.strip()]
    except (OSError, ValueError) as error:
        raise CohortError(f"{path}: is not a file of boxes: {error}") from None


def lowest_discs(boxes: Iterable[Box]) -> dict[str, Box]:
    """Return level -> disc for the lowest three discs, or as many as there are."""
    discs: list[Box] = []
    for box in sorted((one for one in boxes if one.kind in DISC_CLASSES), key=lambda one: -one.y):
        if all(_shared(box, other) <= SAME_DISC for other in discs):
            discs.append(box)
    return dict(zip(BOTTOM_UP, discs, strict=False))


def _box(words: Sequence[str]) -> Box:
    kind, (x, y, width, height) = int(words[0]), (float(word) for word in words[1:])
    if not all(0 <= share <= 1 for share in (x, y, width, height)):
        raise ValueError(f"a share of the picture is outside 0..1: {' '.join(words)}")
    return Box(kind, x, y, width, height)


def _shared(one: Box, other: Box) -> float:
    across = _overlap(one.x, one.width, other.x, other.width)
    down = _overlap(one.y, one.height, other.y, other.height)
    smaller = min(one.width * one.height, other.width * other.height)
    return across * down / smaller if smaller > 0 else 0.0


def _overlap(a: float, width_a: float, b: float, width_b: float) -> float:
    return max(0.0, min(a + width_a / 2, b + width_b / 2) - max(a - width_a / 2, b - width_b / 2))
