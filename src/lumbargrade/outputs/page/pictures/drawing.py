"""The outlines of a slice as shapes that a page draws over the picture of its region.

Coordinates of the drawing are those of the outlines: mm from the centre of the region, x to
the patient's left and y to the back. The picture of the region is cut the same way
(``study.patch``), so a drawing as large as the region lies on it without being turned.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from lumbargrade.grading.finding import Side
from lumbargrade.morphometry.formulas.margin import TOLERANCE_MM, back_margin
from lumbargrade.morphometry.frame import Frame, find_frame
from lumbargrade.morphometry.outlines import Line, NotMeasured, Outlines, Root

PARTS: Mapping[str, str] = MappingProxyType(
    {
        "disc": "disc",
        "sac": "dural sac",
        "canal": "back wall of the canal",
        "facet": "facets",
        "joint": "facet joints",
        "root": "traversing roots",
        "exit": "exiting roots",
        "inner": "roots in the sac",
        "line": "intra-facet line",
        "course": "undisturbed disc margin",
        "shift": "displacement",
    }
)
"""Name of a shape in the style sheet -> what the legend calls it, in the order of drawing."""


_EVERY = 8
"""Of the points of the undisturbed margin, a smooth curve, each eighth is enough."""


@dataclass(frozen=True)
class Shape:
    """One line of a drawing: ``part`` is one of :data:`PARTS`, ``path`` SVG path data in mm.

    ``side`` is the patient's; None for a shape without one, or where sides are not known.
    """

    part: str
    path: str
    side: Side | None = None


@dataclass(frozen=True)
class Drawing:
    """The shapes of one slice; ``view_box`` is that of the SVG, which covers the region."""

    view_box: str
    shapes: tuple[Shape, ...]


@dataclass(frozen=True)
class Entry:
    """One line of the legend."""

    part: str
    title: str


def drawing_of(
    outlines: Outlines | None, size_mm: float, sides_known: bool = True
) -> Drawing | None:
    """Return what is drawn over a region of this edge length; None where nothing is.

    Its shapes have the patient's side where it is known.
    """
    if outlines is None:
        return None
    order = list(PARTS)
    shapes = sorted(_shapes(outlines), key=lambda shape: order.index(shape.part))
    if not shapes:
        return None
    if not sides_known:
        shapes = [replace(one, side=None) for one in shapes]
    return Drawing(f"{-size_mm / 2:g} {-size_mm / 2:g} {size_mm:g} {size_mm:g}", tuple(shapes))


def legend_of(drawings: Iterable[Drawing | None]) -> tuple[Entry, ...]:
    """Return a line of the legend for each kind of shape that any of the drawings has."""
    drawn = {shape.part for one in drawings if one is not None for shape in one.shapes}
    return tuple(Entry(part, title) for part, title in PARTS.items() if part in drawn)


def _shapes(outlines: Outlines) -> Iterator[Shape]:
    for part, line in (("disc", outlines.disc), ("sac", outlines.sac)):
        if line is not None:
            yield _shape(part, _path(line, closed=True))
    if outlines.canal_back is not None:
        yield _shape("canal", _path(outlines.canal_back))
    for side, line in outlines.facets.items():
        yield _shape("facet", _path(line, closed=True), side)
    for side, line in outlines.joints.items():
        yield _shape("joint", _path(line), side)
    for side, root in outlines.traversing_roots.items():
        yield _shape("root", _circle(root), side)
    for side, root in outlines.exiting_roots.items():
        yield _shape("exit", _circle(root), side)
    yield from (_shape("inner", _circle(root)) for root in outlines.roots_in_sac or ())
    yield from (_shape("inner", _path(line, closed=True)) for line in outlines.clusters or ())
    yield from _measuring_lines(outlines)


def _measuring_lines(outlines: Outlines) -> Iterator[Shape]:
    """What the displacement of the disc is measured on."""
    if all(side in outlines.joints for side in Side):
        yield _shape("line", _path([outlines.joints[side][0] for side in Side]))
    if outlines.disc is None:
        return
    frame = find_frame(outlines)
    if frame is None:
        return
    try:
        margin = back_margin(frame.upright(outlines.disc))
    except NotMeasured:
        return
    course = np.column_stack([margin.x, margin.undisturbed])
    yield _shape("course", _path(_on_the_picture(frame, course[::_EVERY])))
    if margin.displacement > TOLERANCE_MM:
        apex = int((margin.actual - margin.undisturbed).argmax())
        ends = np.array([course[apex], (margin.x[apex], margin.actual[apex])])
        yield _shape("shift", _path(_on_the_picture(frame, ends)))


def _on_the_picture(frame: Frame, points: Line) -> Line:
    """Undo ``Frame.upright``: points (n, 2) from the midline to mm from the region's centre."""
    cosine, sine = np.cos(frame.turn), np.sin(frame.turn)
    x, y = points[:, 0] + frame.offset_mm, points[:, 1]
    return np.column_stack([cosine * x - sine * y, sine * x + cosine * y])


def _shape(part: str, path: str, side: Side | None = None) -> Shape:
    return Shape(part, path, side)


def _path(line: Line | Sequence[Line], closed: bool = False) -> str:
    points = " ".join(f"{float(x):.2f},{float(y):.2f}" for x, y in line)
    return f"M{points}{'Z' if closed else ''}"


def _circle(root: Root) -> str:
    (x, y), radius = root.centre_mm, root.diameter_mm / 2
    half = f"a{radius:.2f},{radius:.2f} 0 1 0"
    return f"M{x - radius:.2f},{y:.2f}{half} {2 * radius:.2f},0{half} {-2 * radius:.2f},0Z"
