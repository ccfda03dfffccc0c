"""Discs of a made-up spine."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lumbargrade.inference.sagittal.discs import SpineDisc
from lumbargrade.inference.sagittal.merge import Seen


def disc_at(
    center: Sequence[float], tilt_deg: float = 0.0, height: float = 10.0, count: int | None = 0
) -> SpineDisc:
    """A disc 36 mm deep, turned about the left-right axis."""
    turn = np.deg2rad(tilt_deg)
    back = np.array([0.0, np.cos(turn), np.sin(turn)])
    up = np.array([0.0, -np.sin(turn), np.cos(turn)])
    middle = np.asarray(center, dtype=float)
    places = ((-18, 1), (18, 1), (18, -1), (-18, -1))
    corners = [middle + along * back + side * height / 2 * up for along, side in places]
    return SpineDisc(np.array(corners), count, 1.0)


def seen(
    heights: Sequence[float], lowest: int | None = 0, x: float = 0.0, sacral: float = 0.9
) -> list[Seen]:
    """Discs of one slice at these heights (z, mm); the one of index ``lowest`` on the sacrum."""
    return [
        Seen(disc_at((x, 0.0, z)).corners_mm, 0.9, sacral if number == lowest else 0.02)
        for number, z in enumerate(heights)
    ]
