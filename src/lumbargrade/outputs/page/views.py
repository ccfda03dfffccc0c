"""The pictures of one slice on the page: the whole slice, and its region with the outlines."""

from __future__ import annotations

from dataclasses import dataclass

from lumbargrade.grading.finding import SliceGrades
from lumbargrade.outputs.page.drawing import Drawing, drawing_of
from lumbargrade.outputs.page.images import edge_letters, grey_png
from lumbargrade.study.graded import SlicePicture

UNKNOWN_EDGES = ("?", "?", "?", "?")
"""Stand where letters say what lies at an edge, where nothing does."""


@dataclass(frozen=True)
class Views:
    """The pictures of one slice. ``box`` is (left, top, width, height) in percent, and
    ``angle_deg`` by how much it is turned about its centre, clockwise.

    ``drawing`` lies over the picture of the region; None where nothing is outlined.
    """

    slice_uri: str
    aspect: float
    letters: tuple[str, str, str, str]
    box: tuple[float, float, float, float]
    patch_uri: str
    drawing: Drawing | None
    angle_deg: float = 0.0


def views_of(item: SliceGrades, picture: SlicePicture) -> Views:
    """Return the pictures of a slice as the page shows them."""
    geometry = picture.geometry
    height_mm, width_mm = geometry.size_mm
    x, y, width, height = item.region.box_px
    # Pixel (0, 0) is a centre; the picture begins half a pixel before it.
    box = (
        100 * (x + 0.5) / geometry.columns,
        100 * (y + 0.5) / geometry.rows,
        100 * width / geometry.columns,
        100 * height / geometry.rows,
    )
    return Views(
        slice_uri=grey_png(picture.pixels, item.region.box_px),
        aspect=width_mm / height_mm,
        letters=edge_letters(geometry) if picture.sides_known else UNKNOWN_EDGES,
        box=box,
        patch_uri=grey_png(picture.patch),
        drawing=drawing_of(picture.outlines, item.region.size_mm, picture.sides_known),
        angle_deg=item.region.angle_deg,
    )
