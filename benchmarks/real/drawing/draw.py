"""Cut a square out of each picture and draw it, whatever the contrast.

The grading path refuses T1; here it is cut all the same, around the place that the locator
sees, moved once to where the drawn sac lies.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.real.drawing.places import SPACING_MM, canal_places, geometry_of
from lumbargrade.errors import BundleError
from lumbargrade.inference.answers.mirror import both_ways
from lumbargrade.inference.bundle_json import OUTLINE_PATCH
from lumbargrade.inference.engine import Engine
from lumbargrade.inference.outline import (
    Drawn,
    drawn_from,
    mirror_average,
)
from lumbargrade.morphometry.contour import closed_outline
from lumbargrade.morphometry.layers import LAYERS
from lumbargrade.morphometry.lines import centroid
from lumbargrade.study.patch import extract_patch

AT_ONCE = 64
"""Slices between two steps of the progress bar."""

SAC_MM = (0.0, -3.4)
"""Where the middle of the sac lies in the square: as in the squares of the tracings (median)."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Masks:
    """What the network drew on slices.

    Attributes
    ----------
    centres : (n, 2) column and row of the middle of each square on its picture.
    layers : (n, layers, p, p) uint8, 255 times the probability.
    planes : (n, 3) probability of disc, end-plate and body.
    """

    centres: NDArray[np.float64]
    layers: NDArray[np.uint8]
    planes: NDArray[np.float32]

    def drawn(self, row: int, contrast: str) -> Drawn:
        """Return the outlines of one slice."""
        masks = self.layers[row].astype(np.float32) / 255
        return drawn_from(masks, self.planes[row], roots_in_sac=contrast == "t2")


def draw_pictures(
    engine: Engine, pictures: Sequence[NDArray[np.uint8]], progress: Progress = lambda *_: None
) -> Masks:
    """Locate, cut and draw pictures (rows, columns) of ``SPACING_MM``.

    Raises BundleError if the bundle draws no outlines.
    """
    centres = canal_places(engine, pictures)
    count = len(pictures)
    first = draw_at(engine, pictures, centres, lambda done, _: progress(done, 2 * count))
    moved = np.array([at_sac(first, row) for row in range(count)])
    return draw_at(engine, pictures, moved, lambda done, _: progress(count + done, 2 * count))


def draw_at(
    engine: Engine,
    pictures: Sequence[NDArray[np.uint8]],
    centres: NDArray[np.float64],
    progress: Progress = lambda *_: None,
    spacing_mm: float = SPACING_MM,
) -> Masks:
    """Cut and draw pictures around given centres (n, 2), column and row."""
    layers, planes = [], []
    for start in range(0, len(pictures), AT_ONCE):
        rows = range(start, min(start + AT_ONCE, len(pictures)))
        patches = np.stack([cut(pictures[row], centres[row], spacing_mm) for row in rows])
        given = engine.draw(both_ways(patches))
        if given is None:
            name = engine.bundle.manifest.name
            raise BundleError(f"model {name} draws no outlines: name one that does with --model")
        masks, cuts = mirror_average(*given)
        layers.append(np.round(255 * masks).astype(np.uint8))
        planes.append(cuts)
        progress(rows.stop, len(pictures))
    return Masks(centres, np.concatenate(layers), np.concatenate(planes))


def cut(
    picture: NDArray[np.uint8], centre: NDArray[np.float64], spacing_mm: float = SPACING_MM
) -> NDArray[np.float32]:
    """Return the square (p, p) that the outline network sees around a centre (column, row)."""
    place, geometry = (float(centre[0]), float(centre[1])), geometry_of(picture, spacing_mm)
    return extract_patch(picture.astype(np.float32), geometry, place, OUTLINE_PATCH)


def at_sac(masks: Masks, row: int) -> NDArray[np.float64]:
    """Return the centre (column, row) that puts the drawn sac where it belongs, if there is one."""
    layer = masks.layers[row, LAYERS.index("sac")] / 255
    sac = closed_outline(layer, OUTLINE_PATCH.spacing_mm)
    if sac is None:
        return np.asarray(masks.centres[row])
    return np.asarray(masks.centres[row] + (centroid(sac) - SAC_MM) / SPACING_MM)
