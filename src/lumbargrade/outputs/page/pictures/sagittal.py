"""The sagittal picture: the discs by name, and the axial slices as lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from lumbargrade.grading.finding import DiscGrades
from lumbargrade.outputs.page.pictures.display import Display, displayed
from lumbargrade.outputs.page.pictures.images import edge_letters, grey_png
from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.graded import SagittalPicture, SlicePicture
from lumbargrade.study.patch import SAGITTAL_VIEW

AROUND_MM = (34.0, 26.0, 40.0, 30.0)
"""Shown around the discs: to the left (anterior), above, to the right and below."""

_MOST_UNLIKE = 1e-3
"""Distance of a corner from the sagittal plane, in mm, that counts as on it."""

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class CutLine:
    """Where one axial slice crosses the picture: ends in mm from its upper left corner.

    ``number`` is that of the slice.
    """

    number: int
    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True)
class DiscShape:
    """One disc in the picture.

    Attributes
    ----------
    disc : whose it is.
    path : SVG path of its four corners, in mm from the picture's upper left corner.
    left, right, top : where its name and its grade stand, in percent of the part shown.
    """

    disc: DiscGrades
    path: str
    left: float
    right: float
    top: float


@dataclass(frozen=True)
class SagittalView:
    """The sagittal picture; ``view_box`` is the part of it that is shown (x, y, width, height).

    Lengths are in mm from the picture's upper left corner.
    """

    uri: str
    width_mm: float
    height_mm: float
    view_box: Box
    letters: tuple[str, str, str, str]
    discs: tuple[DiscShape, ...]
    lines: tuple[CutLine, ...]


def sagittal_of(
    picture: SagittalPicture | None,
    discs: Sequence[DiscGrades],
    slices: Iterable[tuple[int, SlicePicture]],
) -> SagittalView | None:
    """Return the sagittal picture; None where there is none, or no disc to show on it.

    ``slices`` are the axial ones with their numbers. One in other coordinates has no line, and a
    disc on another sagittal slice is named on this one all the same.
    """
    if picture is None or not discs:
        return None
    shown = displayed(picture.pixels, picture.geometry, SAGITTAL_VIEW)
    corners = [[shown.to_mm(point) for point in disc.corners_mm] for disc in discs]
    height, width = shown.geometry.size_mm
    # Discs above those that have a name are not what is looked for.
    named = [four for disc, four in zip(discs, corners, strict=True) if disc.level.level]
    box = part_around([one for four in named or corners for one in four], width, height)
    return SagittalView(
        uri=grey_png(shown.pixels, in_pixels(box, shown)),
        width_mm=width,
        height_mm=height,
        view_box=box,
        letters=edge_letters(shown.geometry),
        # Cranial to caudal, as they are read.
        discs=tuple(
            _shape(disc, four, box)
            for disc, four in reversed(list(zip(discs, corners, strict=True)))
        ),
        lines=tuple(
            line
            for number, one in slices
            if one.frame_of_reference_uid == picture.frame_of_reference_uid
            for line in [cut_line(number, one.geometry, shown)]
            if line is not None
        ),
    )


def cut_line(number: int, axial: SliceGeometry, shown: Display) -> CutLine | None:
    """Return where an axial slice crosses the picture, as far as the slice reaches.

    None where it does not reach the sagittal plane.
    """
    edges = (-0.5, axial.columns - 0.5), (-0.5, axial.rows - 0.5)
    (left, right), (top, bottom) = edges
    round_about = ((left, top), (right, top), (right, bottom), (left, bottom))
    corners = [axial.to_patient(*one) for one in round_about]
    beside = [shown.geometry.to_pixel(one)[2] for one in corners]
    ends = []
    for index in range(4):
        here, after = beside[index], beside[(index + 1) % 4]
        if (here < 0) == (after < 0) or abs(here - after) < _MOST_UNLIKE:
            continue
        share = here / (here - after)
        x, y, z = (corners[index] + share * (corners[(index + 1) % 4] - corners[index])).tolist()
        ends.append(shown.to_mm((x, y, z)))
    if len(ends) != 2:
        return None
    (x1, y1), (x2, y2) = sorted(ends)
    return CutLine(number, x1, y1, x2, y2)


def part_around(points: Sequence[tuple[float, float]], width: float, height: float) -> Box:
    """Return the part of a picture (x, y, width, height) to show around the corners of discs.

    All is in mm from the picture's upper left corner; ``width`` and ``height`` are the picture's.
    """
    x, y = np.array(points).T
    before, above, behind, below = AROUND_MM
    left, right = max(float(x.min()) - before, 0.0), min(float(x.max()) + behind, width)
    top, bottom = max(float(y.min()) - above, 0.0), min(float(y.max()) + below, height)
    return left, top, max(right - left, 1.0), max(bottom - top, 1.0)


def in_pixels(box: Box, shown: Display) -> Box:
    """Return a box in mm from the picture's upper left corner in pixels from there."""
    per_row, per_column = shown.geometry.pixel_spacing_mm
    x, y, width, height = box
    return x / per_column, y / per_row, width / per_column, height / per_row


def _shape(disc: DiscGrades, corners: Sequence[tuple[float, float]], box: Box) -> DiscShape:
    path = "M" + " ".join(f"{x:.2f},{y:.2f}" for x, y in corners) + "Z"
    x, y = np.array(corners).T
    left, top, width, height = box
    # Its name stands before the anterior corners, its grade behind the canal.
    return DiscShape(
        disc,
        path,
        100 * (float(x.min()) - left) / width,
        100 * (float(x.max()) - left) / width,
        100 * (float(y.mean()) - top) / height,
    )
