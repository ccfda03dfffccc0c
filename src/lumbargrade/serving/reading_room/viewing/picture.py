"""A slice in display orientation as a picture for a browser."""

from __future__ import annotations

from lumbargrade.outputs.page.pictures.display import Display
from lumbargrade.outputs.page.pictures.images import edge_letters, window_of
from lumbargrade.outputs.page.pictures.sagittal import in_pixels
from lumbargrade.serving.reading_room.viewing.grey import sixteen_bit
from lumbargrade.serving.reading_room.viewing.views import Letters, Picture
from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.squares import Box


def picture_of(shown: Display, box_mm: Box) -> Picture:
    """Return a picture with the window of ``box_mm`` (x, y, width, height from its corner)."""
    height, width = shown.geometry.size_mm
    pixels = sixteen_bit(shown.pixels)
    return Picture(
        width_mm=width,
        height_mm=height,
        rows=pixels.shape[0],
        columns=pixels.shape[1],
        letters=css_letters(shown.geometry),
        window=window_of(pixels.astype("float32"), in_pixels(box_mm, shown)),
        pixels=pixels.astype("<u2").tobytes(),
    )


def css_letters(geometry: SliceGeometry) -> Letters:
    """Return what lies at the top, right, bottom and left edge of a picture."""
    left, right, top, bottom = edge_letters(geometry)
    return top, right, bottom, left
