"""The network's input: a square in mm around the canal, cut the same way for everyone.

Training, the phantom's checks and inference all call :func:`extract_patch`, so the
picture that a network learns from is the picture that it grades. NumPy and Pillow only.

A cut picture is *canonical*: its rows run to the patient's back and its columns to the
patient's left (so the patient's left is on the right of the picture, as radiologists
look at it), whatever way the scanner stored the slice. Axes are flipped or swapped by
the geometry; a slice is never turned by less than a right angle.
"""

from __future__ import annotations

from dataclasses import dataclass
from operator import mul

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from lumbargrade.errors import StudyError
from lumbargrade.grading.finding import Region
from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.model import FloatImage
from lumbargrade.study.normalise import normalise

View = tuple[tuple[float, float, float], tuple[float, float, float]]
"""Patient directions (LPS) that a canonical picture runs to: rightward, downward."""

AXIAL_VIEW: View = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0))
SAGITTAL_VIEW: View = ((0.0, 1.0, 0.0), (0.0, 0.0, -1.0))
"""The patient looks to the left of the picture, and their head is at its top."""

MAX_OUTSIDE = 0.15
"""Largest share of the square that may lie outside the slice."""


@dataclass(frozen=True)
class PatchSpec:
    """Edge length in mm and in pixels of the square that the network sees."""

    size_mm: float = 75.0
    pixels: int = 128

    @property
    def spacing_mm(self) -> float:
        """Edge length of one pixel of the patch."""
        return self.size_mm / self.pixels


@dataclass(frozen=True)
class OverviewSpec:
    """Spacing and edge length in pixels of the locator's picture of a whole slice."""

    spacing_mm: float = 2.0
    pixels: int = 128


@dataclass(frozen=True)
class PatchFrame:
    """Where a canonical picture lies on its slice.

    Attributes
    ----------
    center_px : (column, row) on the slice of the middle of the picture.
    step_u : (columns, rows) on the slice that one step to the right in the picture makes.
    step_v : (columns, rows) on the slice that one step down in the picture makes.
    pixels : edge length of the picture; pixel (0, 0) is its upper left one, and
        whole numbers are the centres of pixels, as on the slice.
    """

    center_px: tuple[float, float]
    step_u: tuple[float, float]
    step_v: tuple[float, float]
    pixels: int

    def to_pixel(self, u: float, v: float) -> tuple[float, float]:
        """Return (column, row) on the slice of picture position (u, v)."""
        du, dv = u - (self.pixels - 1) / 2, v - (self.pixels - 1) / 2
        return (
            self.center_px[0] + du * self.step_u[0] + dv * self.step_v[0],
            self.center_px[1] + du * self.step_u[1] + dv * self.step_v[1],
        )

    def from_pixel(self, column: float, row: float) -> tuple[float, float]:
        """Return the picture position (u, v) of (column, row) on the slice."""
        # The steps are parallel to the slice's axes, so one of each pair is zero and
        # the projection needs no matrix inverse.
        dc, dr = column - self.center_px[0], row - self.center_px[1]
        half = (self.pixels - 1) / 2
        return (
            (dc * self.step_u[0] + dr * self.step_u[1]) / _squared(self.step_u) + half,
            (dc * self.step_v[0] + dr * self.step_v[1]) / _squared(self.step_v) + half,
        )


def patch_frame(
    geometry: SliceGeometry, center_px: tuple[float, float], spec: PatchSpec, margin_px: int = 0
) -> PatchFrame:
    """Return where :func:`extract_patch` with the same arguments cuts the slice."""
    return _frame(geometry, center_px, (spec.spacing_mm, spec.pixels + 2 * margin_px), AXIAL_VIEW)


def extract_patch(
    pixels: FloatImage,
    geometry: SliceGeometry,
    center_px: tuple[float, float],
    spec: PatchSpec,
    margin_px: int = 0,
) -> FloatImage:
    """Cut the canonical, normalised square around ``center_px`` out of a slice.

    Raises StudyError if the field of view is narrower than the square, or more than 15 % of the
    square (without the margin) lies outside the slice.

    Parameters
    ----------
    pixels : (rows, columns) float32, as ``Slice.load_pixels`` returns them.
    center_px : (column, row) of the middle of the square.
    margin_px : extra pixels on each edge (room for augmentation). The intensity
        statistics come from the square without the margin, so the middle of the
        result does not depend on the margin.

    Returns
    -------
    (n, n) float32 with n = ``spec.pixels + 2 * margin_px``; fat and CSF near 1, muscle
    near 0.15, clipped to [-0.5, 2]. What lies outside the slice is 0 before
    normalisation.
    """
    check_field(geometry, spec)
    outside = _share_outside(geometry, center_px, spec)
    if outside > MAX_OUTSIDE:
        raise StudyError(
            f"region at column {center_px[0]:.0f}, row {center_px[1]:.0f}: {outside:.0%} of the "
            f"{spec.size_mm:g} mm square lies outside the slice ({MAX_OUTSIDE:.0%} is allowed): "
            "give a box closer to the centre of the slice"
        )
    frame = patch_frame(geometry, center_px, spec, margin_px)
    inner = slice(margin_px, margin_px + spec.pixels)
    cut, inside = _cut(pixels, frame)
    return normalise(cut, inside, (inner, inner))


def check_field(geometry: SliceGeometry, spec: PatchSpec) -> None:
    """Raise ``StudyError`` if the slice is narrower than the square."""
    height, width = geometry.size_mm
    if min(height, width) < spec.size_mm:
        raise StudyError(
            f"field of view {width:.0f} x {height:.0f} mm is smaller than the "
            f"{spec.size_mm:g} mm square that is graded: a larger field of view is needed"
        )


def region_of(
    geometry: SliceGeometry,
    center_px: tuple[float, float],
    spec: PatchSpec,
    source: str,
    confidence: float | None = None,
) -> Region:
    """Describe the square around ``center_px`` in mm and in pixels of the slice."""
    between_rows, between_columns = geometry.pixel_spacing_mm
    width, height = spec.size_mm / between_columns, spec.size_mm / between_rows
    x, y, z = (float(value) for value in geometry.to_patient(*center_px))
    column, row = float(center_px[0]), float(center_px[1])
    return Region(
        center_mm=(x, y, z),
        center_px=(column, row),
        size_mm=spec.size_mm,
        box_px=(column - width / 2, row - height / 2, width, height),
        source=source,
        confidence=confidence,
    )


def overview(
    pixels: FloatImage,
    geometry: SliceGeometry,
    spec: OverviewSpec = OverviewSpec(),
    view: View = AXIAL_VIEW,
    center_px: tuple[float, float] | None = None,
) -> tuple[FloatImage, PatchFrame]:
    """Return the whole slice as the locator sees it, and its frame.

    The picture is canonical, centred on ``center_px`` (column, row; None: the middle of the
    slice), 0 outside of it and normalised over what it shows; (n, n) float32 with
    n = ``spec.pixels``.
    """
    center = center_px or ((geometry.columns - 1) / 2, (geometry.rows - 1) / 2)
    frame = _frame(geometry, center, (spec.spacing_mm, spec.pixels), view)
    cut, inside = _cut(pixels, frame)
    whole = slice(None)
    picture = normalise(cut, inside, (whole, whole))
    picture[~inside] = 0.0
    return picture, frame


def _squared(step: tuple[float, float]) -> float:
    return step[0] ** 2 + step[1] ** 2


def _frame(
    geometry: SliceGeometry, center_px: tuple[float, float], size: tuple[float, int], view: View
) -> PatchFrame:
    """``size``: spacing in mm and pixels of the picture."""
    (spacing_mm, pixels), (right, down) = size, view
    row, column = geometry.row_direction, geometry.column_direction
    row_u, row_v, column_u, column_v = (
        sum(map(mul, one, other)) for one in (row, column) for other in (right, down)
    )
    per_row, per_column = (spacing_mm / value for value in geometry.pixel_spacing_mm)
    center = (float(center_px[0]), float(center_px[1]))
    if abs(row_u) + abs(column_v) >= abs(column_u) + abs(row_v):
        step_u = (np.copysign(per_column, row_u), 0.0)
        step_v = (0.0, np.copysign(per_row, column_v))
    else:
        step_u = (0.0, np.copysign(per_row, column_u))
        step_v = (np.copysign(per_column, row_v), 0.0)
    return PatchFrame(center, _pair(step_u), _pair(step_v), pixels)


def _pair(values: tuple[float, float]) -> tuple[float, float]:
    return float(values[0]), float(values[1])


def _share_outside(
    geometry: SliceGeometry, center_px: tuple[float, float], spec: PatchSpec
) -> float:
    covered = 1.0
    sizes = (geometry.columns, geometry.rows)
    for center, size, spacing in zip(
        center_px, sizes, reversed(geometry.pixel_spacing_mm), strict=True
    ):
        half = spec.size_mm / spacing / 2
        low, high = max(center - half, -0.5), min(center + half, size - 0.5)
        covered *= max(high - low, 0.0) / (2 * half)
    return 1.0 - covered


def _cut(pixels: FloatImage, frame: PatchFrame) -> tuple[FloatImage, NDArray[np.bool_]]:
    """Resample the frame out of the slice; also say which of its pixels lie inside."""
    swapped = frame.step_u[0] == 0.0
    picture = pixels.T if swapped else pixels
    center = frame.center_px[::-1] if swapped else frame.center_px
    steps = (sum(frame.step_u), sum(frame.step_v))
    extents: list[tuple[int, int, float, float]] = []
    inside: list[NDArray[np.bool_]] = []
    for size, middle, step in zip(picture.shape[::-1], center, steps, strict=True):
        half = frame.pixels / 2 * abs(step)
        low, high = middle + 0.5 - half, middle + 0.5 + half
        # Whole source pixels, with room for the kernel, so that the edge of the cut
        # is filtered with its true neighbours.
        reach = int(np.ceil(3 * max(abs(step), 1.0)))
        first, last = int(np.floor(low)) - reach, int(np.ceil(high)) + reach
        extents.append((first, last, low - first, high - first))
        steps_from_middle = np.arange(frame.pixels) - (frame.pixels - 1) / 2
        place = middle + steps_from_middle * step
        inside.append((place >= -0.5) & (place <= size - 0.5))
    (left, right, box_left, box_right), (top, bottom, box_top, box_bottom) = extents
    source = _window(picture, (top, bottom), (left, right))
    image = Image.fromarray(source).resize(
        (frame.pixels, frame.pixels),
        Image.Resampling.BICUBIC,
        box=(box_left, box_top, box_right, box_bottom),
    )
    cut = np.asarray(image)[:: _sign(steps[1]), :: _sign(steps[0])]
    return cut, inside[1][:, None] & inside[0][None, :]


def _sign(step: float) -> int:
    return 1 if step > 0 else -1


def _window(picture: FloatImage, rows: tuple[int, int], columns: tuple[int, int]) -> FloatImage:
    """Return picture[rows, columns] where both ranges may leave the picture (0 there)."""
    height, width = picture.shape
    if rows[0] >= 0 and columns[0] >= 0 and rows[1] <= height and columns[1] <= width:
        return np.ascontiguousarray(picture[rows[0] : rows[1], columns[0] : columns[1]])
    window = np.zeros((rows[1] - rows[0], columns[1] - columns[0]), dtype=np.float32)
    top, bottom = max(rows[0], 0), min(rows[1], height)
    left, right = max(columns[0], 0), min(columns[1], width)
    if top < bottom and left < right:
        window[top - rows[0] : bottom - rows[0], left - columns[0] : right - columns[0]] = picture[
            top:bottom, left:right
        ]
    return window
