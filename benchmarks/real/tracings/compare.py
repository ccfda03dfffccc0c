"""Two sets of outlines of one slice compared: overlap, disc margin, measures.

Both are compared where the first tracer saw the slice: a disc's front is cut by the square
that was traced.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lumbargrade.inference.bundle_json import OUTLINE_PATCH
from lumbargrade.morphometry.canal import disc_back
from lumbargrade.morphometry.frame import moved
from lumbargrade.morphometry.layers import LAYERS, Square, to_layers
from lumbargrade.morphometry.lines import close, distances, resample
from lumbargrade.morphometry.measure import measure
from lumbargrade.morphometry.outlines import Line, Outlines

SQUARE = Square(OUTLINE_PATCH.pixels, OUTLINE_PATCH.spacing_mm)

STRUCTURES = {
    "disc": ("disc",),
    "sac": ("sac",),
    "canal": ("canal",),
    "facets": ("facet_right", "facet_left"),
}
"""What overlaps are given of -> its layers; where there are two, the mean."""


STEP_MM = 0.5

THRESHOLD = 0.5
"""Probability from which a pixel belongs to a structure."""


@dataclass(frozen=True)
class Compared:
    """One slice.

    Attributes
    ----------
    dice : structure -> overlap; without what only one of the two has drawn.
    margin_mm : (k,) distances of points along the disc's margin in front of the canal, of each
        of the two to the other; empty where one has no disc or no canal.
    measures : name -> (first, second) values, one entry a side where it has sides.
    """

    dice: dict[str, float]
    margin_mm: NDArray[np.float64]
    measures: dict[str, list[tuple[float, float]]]


def compare(first: Outlines, second: Outlines, masks: NDArray[np.float32] | None) -> Compared:
    """Compare a tracer's outlines with another's or with a network's, in the same frame.

    ``masks`` (layers, p, p) are the network's, or None where ``second`` is a person's.
    """
    values: dict[str, list[tuple[float, float]]] = {}
    for one, other in zip(measure(first), measure(second), strict=True):
        if one.value is not None and other.value is not None:
            values.setdefault(one.name, []).append((one.value, other.value))
    return Compared(_overlaps(first, second, masks), margin_distances(first, second), values)


def shifted(outlines: Outlines, by_mm: NDArray[np.float64]) -> Outlines:
    """Return outlines with every point moved by (x, y) mm."""
    return moved(outlines, lambda points: points + by_mm)


def margin_distances(first: Outlines, second: Outlines) -> NDArray[np.float64]:
    """Return the distances (k,) between the disc's margins, both ways, in front of the canal."""
    found = [np.zeros(0)]
    for one, other in ((first, second), (second, first)):
        if one.disc is None or one.canal_back is None or other.disc is None:
            return np.zeros(0)
        line = resample(disc_back(one.disc, one.canal_back), STEP_MM)
        found.append(distances(line, close(other.disc)))
    return np.concatenate(found)


def _overlaps(
    first: Outlines, second: Outlines, masks: NDArray[np.float32] | None
) -> dict[str, float]:
    ours, known = to_layers(first, SQUARE)
    theirs, drawn = to_layers(second, SQUARE) if masks is None else (masks, None)
    seen = _seen(first)
    found = {}
    for name, layers in STRUCTURES.items():
        rows = [LAYERS.index(one) for one in layers]
        rows = [row for row in rows if known[row] and (drawn is None or drawn[row])]
        if rows:
            found[name] = float(np.mean([_dice(ours[row], theirs[row], seen) for row in rows]))
    return found


def _dice(one: NDArray[np.float32], other: NDArray[np.float32], seen: NDArray[np.bool_]) -> float:
    a, b = (one > THRESHOLD) & seen, (other > THRESHOLD) & seen
    return float(2 * (a & b).sum() / max(int(a.sum() + b.sum()), 1))


def _seen(outlines: Outlines) -> NDArray[np.bool_]:
    """Rows behind the front at which the traced disc was cut."""
    rows = (np.arange(SQUARE.pixels) + 0.5 - SQUARE.pixels / 2) * SQUARE.spacing_mm
    front = -np.inf if outlines.disc is None else _front(outlines.disc)
    return np.broadcast_to((rows >= front)[:, None], (SQUARE.pixels, SQUARE.pixels))


def _front(disc: Line) -> float:
    return float(disc[:, 1].min())
