"""Draw the anatomy of axial slices with the bundle's outline network, and measure it.

The network sees each square as it is and in the mirror, and the two answers are averaged
with their sides exchanged: a mirrored slice gets exactly the mirrored outlines.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lumbargrade.errors import StudyError
from lumbargrade.grading.finding import Cut, Measure, Plane
from lumbargrade.inference.answers.mirror import both_ways
from lumbargrade.inference.bundle_json import OUTLINE_PATCH
from lumbargrade.inference.engine import Engine
from lumbargrade.morphometry.layers import MIRRORED, Square, from_layers
from lumbargrade.morphometry.measure import measure
from lumbargrade.morphometry.outlines import Outlines
from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.model import FloatImage
from lumbargrade.study.patch import PatchSpec, extract_patch

FloatArray = NDArray[np.float32]

Placed = tuple[FloatImage, SliceGeometry, tuple[float, float]]
"""A slice's pixels, its geometry, and the centre (column, row) of its region."""

COUNT, LARGEST_COUNT_ERROR = "root_clusters", 1.0
"""A count of groups that is off by more than one says nothing, and is not given."""


@dataclass(frozen=True)
class Drawn:
    """What the network drew on one slice, in mm from the middle of the square.

    ``masks`` (layers, n, n) are the probabilities behind the outlines.
    """

    outlines: Outlines
    cut: Cut
    masks: FloatArray


def draw(engine: Engine, patches: FloatArray) -> list[Drawn]:
    """Draw squares (n, p, p) of ``OUTLINE_PATCH``; empty if the bundle draws no outlines."""
    given = engine.draw(both_ways(patches))
    if given is None:
        return []
    masks, planes = mirror_average(*given)
    return [drawn_from(*each, roots_in_sac=True) for each in zip(masks, planes, strict=True)]


def draw_slices(engine: Engine, slices: Sequence[Placed]) -> list[Drawn | str]:
    """Draw slices, given as pixels, geometry and the region's centre (column, row).

    Returns what was drawn on each, or the reason why nothing was; empty if the bundle draws
    no outlines.
    """
    spec = engine.bundle.manifest.outliner
    if spec is None:
        return []
    squares = _squares(slices, spec.patch)
    cut = [one for one in squares if not isinstance(one, str)]
    drawn = iter(draw(engine, np.stack(cut)) if cut else [])
    return [one if isinstance(one, str) else next(drawn) for one in squares]


def draw_masks(engine: Engine, slices: Sequence[Placed]) -> list[FloatArray | None]:
    """Return the masks alone of :func:`draw_slices`, without outlines: None where nothing can be
    drawn.
    """
    squares = _squares(slices, OUTLINE_PATCH)
    cut = [one for one in squares if not isinstance(one, str)]
    given = engine.draw(both_ways(np.stack(cut))) if cut else None
    masks = iter([] if given is None else mirror_average(*given)[0])
    return [None if isinstance(one, str) else next(masks, None) for one in squares]


def _squares(slices: Sequence[Placed], patch: PatchSpec) -> list[FloatImage | str]:
    """Return each slice's square, or why there is none."""
    found: list[FloatImage | str] = []
    for pixels, geometry, center_px in slices:
        try:
            found.append(extract_patch(pixels, geometry, center_px, patch))
        except StudyError as error:
            found.append(f"no outlines were drawn: {error}")
    return found


def measured(drawn: Drawn, errors: Mapping[str, float]) -> tuple[Measure, ...]:
    """Return the measures of a slice, each with the error of its kind."""
    return tuple(_with_error(one, errors.get(one.name)) for one in measure(drawn.outlines))


def _with_error(one: Measure, error: float | None) -> Measure:
    if one.name == COUNT and error is not None and error > LARGEST_COUNT_ERROR:
        reason = f"the model's count differs from a person's by {error:g} in the median"
        return replace(one, value=None, reason=reason, error=error)
    return replace(one, error=error)


def mirror_average(layers: FloatArray, planes: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return probabilities (n, layers, p, p) and (n, 3) from logits of :func:`both_ways`."""
    count = len(layers) // 2
    drawn = _sigmoid(layers)
    mirrored = drawn[count:, list(MIRRORED), :, ::-1]
    cuts = np.exp(planes - planes.max(axis=1, keepdims=True))
    cuts /= cuts.sum(axis=1, keepdims=True)
    averages = ((drawn[:count] + mirrored) / 2, (cuts[:count] + cuts[count:]) / 2)
    return np.asarray(averages[0], dtype=np.float32), np.asarray(averages[1], dtype=np.float32)


def drawn_from(masks: FloatArray, planes: FloatArray, roots_in_sac: bool) -> Drawn:
    """Return the outlines of one slice from probabilities (layers, p, p) and (3,).

    ``roots_in_sac``: whether the contrast shows the roots in the sac, as T2 does.
    """
    square = Square(masks.shape[-1], OUTLINE_PATCH.spacing_mm)
    disc, endplate, body = (float(value) for value in planes)
    plane = list(Plane)[int(np.argmax(planes))]
    outlines = from_layers(masks, square, roots_in_sac)
    return Drawn(outlines, Cut(plane, (disc, endplate, body)), masks)


def _sigmoid(logits: FloatArray) -> FloatArray:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logits, -30.0, 30.0))), dtype=np.float32)
