"""The picture of one slice on the page, with its region and the outlines in place."""

from __future__ import annotations

from dataclasses import dataclass

from lumbargrade.grading.finding import Region, SliceGrades
from lumbargrade.outputs.page.pictures.display import Display, displayed
from lumbargrade.outputs.page.pictures.drawing import Drawing, drawing_of
from lumbargrade.outputs.page.pictures.images import edge_letters, grey_png
from lumbargrade.study.graded import SlicePicture
from lumbargrade.study.patch import AXIAL_VIEW

HOME_REGIONS = 1.6
"""At first, so much more than the region is shown."""

UNKNOWN_EDGES = ("?", "?", "?", "?")
"""Stand where letters say what lies at an edge, where nothing does."""


@dataclass(frozen=True)
class Views:
    """The picture of one slice, in radiological convention. Lengths are in mm as on the slice.

    Attributes
    ----------
    slice_uri : data URI of the picture.
    width_mm, height_mm : of the field of view.
    letters : what lies at the left, right, top and bottom edge.
    centre_mm : (x, y) of the region's centre, from the picture's upper left corner.
    size_mm : edge length of the region.
    angle_deg : by how much the region is turned about its centre, clockwise as shown.
    drawing : in mm from the region's centre, turned with it; None where nothing is outlined.
    """

    slice_uri: str
    width_mm: float
    height_mm: float
    letters: tuple[str, str, str, str]
    centre_mm: tuple[float, float]
    size_mm: float
    drawing: Drawing | None
    angle_deg: float = 0.0

    @property
    def zoom(self) -> float:
        """How many times smaller than the picture is the part that is shown at first."""
        least = min(self.width_mm, self.height_mm) / (HOME_REGIONS * self.size_mm)
        return max(1.0, round(least, 3))

    @property
    def home(self) -> tuple[float, float, float, float]:
        """(x, y, width, height) in mm of the part shown at first, the region in its middle."""
        width, height = self.width_mm / self.zoom, self.height_mm / self.zoom
        x = min(max(self.centre_mm[0] - width / 2, 0.0), self.width_mm - width)
        y = min(max(self.centre_mm[1] - height / 2, 0.0), self.height_mm - height)
        return x, y, width, height


def views_of(item: SliceGrades, picture: SlicePicture) -> Views:
    """Return the picture of a slice as the page shows it."""
    region = item.region
    shown = displayed(picture.pixels, picture.geometry, AXIAL_VIEW)
    centre, (height, width) = _centre(region, picture, shown), shown.geometry.size_mm
    return Views(
        slice_uri=grey_png(shown.pixels, box_px(centre, region.size_mm, shown)),
        width_mm=width,
        height_mm=height,
        letters=edge_letters(shown.geometry) if picture.sides_known else UNKNOWN_EDGES,
        centre_mm=centre,
        size_mm=region.size_mm,
        drawing=drawing_of(picture.outlines, region.size_mm, picture.sides_known),
        angle_deg=-region.angle_deg if shown.mirrored else region.angle_deg,
    )


def _centre(region: Region, picture: SlicePicture, shown: Display) -> tuple[float, float]:
    x, y, z = picture.geometry.to_patient(*region.center_px).tolist()
    return shown.to_mm((x, y, z))


def box_px(
    centre: tuple[float, float], size_mm: float, shown: Display
) -> tuple[float, float, float, float]:
    """Return (x, y, width, height) of a square region in pixels of the picture shown.

    ``centre`` is in mm from the picture's upper left corner.
    """
    per_row, per_column = shown.geometry.pixel_spacing_mm
    width, height = size_mm / per_column, size_mm / per_row
    return (
        centre[0] / per_column - width / 2,
        centre[1] / per_row - height / 2,
        width,
        height,
    )
