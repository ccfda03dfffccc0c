"""Boxes between a picture as it is shown and as it is stored.

Shown, a box is (x, y, width, height) in mm from the upper left corner of the picture. Stored, it
is in pixels from the upper left corner, as in the tables that ``cohort import`` reads. One is the
exact inverse of the other: rows and columns are flipped or swapped, never turned.
"""

from __future__ import annotations

from collections.abc import Callable

from lumbargrade.serving.reading_room.viewing.views import StudyView
from lumbargrade.study.squares import Box

Point = tuple[float, float]

_HALF = 0.5
"""From the corner of a pixel to its centre, which is (0, 0) in geometry."""


def box_to_stored(view: StudyView, number: int, box_mm: Box) -> Box:
    """Return a box drawn on a slice in pixels of the stored picture.

    Raises ReadingError if there is no such slice.
    """
    one = view.slice(number)
    per_row, per_column = one.shown.pixel_spacing_mm

    def stored(x: float, y: float) -> Point:
        place = one.shown.to_patient(x / per_column - _HALF, y / per_row - _HALF)
        column, row, _ = one.stored.to_pixel(place)
        return column + _HALF, row + _HALF

    return _carried(box_mm, stored)


def box_to_shown(view: StudyView, number: int, box_px: Box) -> Box:
    """Return a box of the stored picture, in pixels, in mm on the slice as shown.

    Raises ReadingError if there is no such slice.
    """
    one = view.slice(number)
    per_row, per_column = one.shown.pixel_spacing_mm

    def shown(x: float, y: float) -> Point:
        column, row, _ = one.shown.to_pixel(one.stored.to_patient(x - _HALF, y - _HALF))
        return (column + _HALF) * per_column, (row + _HALF) * per_row

    return _carried(box_px, shown)


def _carried(box: Box, to: Callable[[float, float], Point]) -> Box:
    """Return the box between the images of two opposite corners."""
    x, y, width, height = box
    (x1, y1), (x2, y2) = to(x, y), to(x + width, y + height)
    return min(x1, x2), min(y1, y2), abs(x2 - x1), abs(y2 - y1)
