"""What the grading network reads: the picture and, where it asks for them, maps of the outlines.

Training, inference and benchmarks make it here, so that the maps that a network learns from are
the maps that it grades with.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lumbargrade.errors import BundleError
from lumbargrade.inference.bundle_json import OUTLINE_PATCH
from lumbargrade.inference.engine import Engine
from lumbargrade.inference.outline import Placed, draw_masks
from lumbargrade.morphometry.layers import INPUT_LAYERS, input_layers
from lumbargrade.study.patch import PatchSpec, extract_patch

FloatArray = NDArray[np.float32]


def grader_inputs(
    engine: Engine,
    slices: Sequence[Placed],
    spec: PatchSpec,
    margin_px: int = 0,
    outlines: bool = False,
) -> FloatArray:
    """Return inputs (n, c, h, h), h = ``spec.pixels + 2 * margin_px``: the picture and, with
    ``outlines``, the maps of :func:`outline_maps`.

    Raises StudyError if a square does not fit its slice, BundleError if the bundle draws no
    outlines.
    """
    patches = np.stack([extract_patch(*one, spec, margin_px) for one in slices])
    if not outlines:
        return patches[:, np.newaxis]
    return with_maps(patches, outline_maps(engine, slices, spec, margin_px))


def bundle_inputs(engine: Engine, slices: Sequence[Placed]) -> FloatArray:
    """Return the inputs (n, c, p, p) that the bundle's grader reads; raises as
    :func:`grader_inputs`.
    """
    manifest = engine.bundle.manifest
    return grader_inputs(engine, slices, manifest.patch, outlines=manifest.sees_outlines)


def with_maps(patches: FloatArray, maps: FloatArray) -> FloatArray:
    """Return (n, 6, h, h) from patches (n, h, h) and maps (n, 5, h, h)."""
    return np.concatenate([patches[:, np.newaxis], maps], axis=1)


def outline_maps(
    engine: Engine, slices: Sequence[Placed], spec: PatchSpec, margin_px: int = 0
) -> FloatArray:
    """Draw slices; return the maps (n, 5, h, h) of ``INPUT_LAYERS`` on the grader's squares.

    All 0 on a slice that does not hold the outlines' square. Raises BundleError if the bundle
    draws no outlines.
    """
    manifest = engine.bundle.manifest
    if manifest.outliner is None:
        raise BundleError(
            f"model {manifest.name} draws no outlines, which the grades are to be made from: "
            "name a bundle with an outline network"
        )
    return place_maps(draw_masks(engine, slices), spec, margin_px)


def place_maps(
    masks: Sequence[FloatArray | None], spec: PatchSpec, margin_px: int = 0
) -> FloatArray:
    """Return maps (n, 5, h, h) from masks (layers, p, p) on ``OUTLINE_PATCH``.

    Both squares have the same centre. Values between pixels are interpolated; 0 outside the
    outlines' square, and everywhere where there is no mask.
    """
    edge = spec.pixels + 2 * margin_px
    maps = np.zeros((len(masks), len(INPUT_LAYERS), edge, edge), dtype=np.float32)
    there = [index for index, one in enumerate(masks) if one is not None]
    if there:
        known = input_layers(np.stack([one for one in masks if one is not None]))
        across = _spread(known, spec.spacing_mm, edge)
        down = _spread(across.swapaxes(2, 3), spec.spacing_mm, edge)
        maps[there] = down.swapaxes(2, 3)
    return maps


def _spread(values: FloatArray, spacing_mm: float, edge: int) -> FloatArray:
    """Interpolate (..., p) along the last axis at ``edge`` points around its middle."""
    last = values.shape[-1] - 1
    place = (np.arange(edge) - (edge - 1) / 2) * (spacing_mm / OUTLINE_PATCH.spacing_mm) + last / 2
    # The right half mirrors the left one, so that mirrored masks give exactly mirrored maps.
    low = np.floor(place).clip(0, last - 1).astype(np.int64)
    share = (place - low).clip(0.0, 1.0)
    upper = np.where((place >= -0.5) & (place <= last + 0.5), share, 0.0)
    lower = np.where((place >= -0.5) & (place <= last + 0.5), 1.0 - share, 0.0)
    half = edge - edge // 2
    low[half:] = last - 1 - low[: edge // 2][::-1]
    upper[half:], lower[half:] = lower[: edge // 2][::-1], upper[: edge // 2][::-1]
    lower, upper = lower.astype(np.float32), upper.astype(np.float32)
    return np.asarray(values[..., low] * lower + values[..., low + 1] * upper, dtype=np.float32)
