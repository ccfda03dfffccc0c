"""Find the spinal canal on each slice, and let the slices of a stack agree.

The locator reads the overview of a slice and gives a heat map; its centre is where the
canal is, and the share of the map that lies near the centre is its confidence. Slices
of one parallel stack show the same canal, so one that disagrees with its neighbours is
moved to where they saw it, and says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.patch import OverviewSpec, PatchFrame
from lumbargrade.study.series.stacks import stacks_of

NEAR_MM = 12.0
"""Radius around the centre whose share of the heat map is the confidence."""

CENTERING_STEPS = 8
"""Enough for the centre to settle to a tenth of a millimetre."""

LOW_CONFIDENCE = 0.6
"""Below this a slice is graded with a warning."""

MIN_CONFIDENCE = 0.3
"""Below this, and without neighbours to ask, a slice is not graded."""

STACK_GAP_MM = 15.0
"""Slices of one stack follow each other within this distance along their normal."""

NEIGHBOURS = 2
"""Neighbours that are asked on each side of a slice."""


@dataclass(frozen=True)
class Located:
    """Where the canal is on one slice.

    ``center_px`` is (column, row); ``warning`` is empty where all is well.
    """

    center_px: tuple[float, float]
    confidence: float
    warning: str = ""


def decode_heatmap(logits: NDArray[np.float32], frame: PatchFrame, spec: OverviewSpec) -> Located:
    """Return the centre that a heat map (h, w) of logits points to, on the slice.

    The centre is the expected position within ``NEAR_MM`` of itself, found from the
    maximum on, so it is finer than a cell; the confidence is the probability within
    ``NEAR_MM`` of it.
    """
    height, width = logits.shape
    weights = np.exp(logits.astype(np.float64) - logits.max())
    weights /= weights.sum()
    v = (np.arange(height)[:, np.newaxis] + 0.5) * (spec.pixels / height) - 0.5
    u = (np.arange(width)[np.newaxis, :] + 0.5) * (spec.pixels / width) - 0.5
    row, column = np.unravel_index(int(weights.argmax()), weights.shape)
    center_u, center_v = float(u[0, column]), float(v[row, 0])
    # A window around the maximum alone would pull the centre towards that cell.
    for _ in range(CENTERING_STEPS):
        near = weights * _within(u - center_u, v - center_v, spec)
        mass = float(near.sum())
        center_u, center_v = float((near * u).sum()) / mass, float((near * v).sum()) / mass
    confidence = float((weights * _within(u - center_u, v - center_v, spec)).sum())
    center = frame.to_pixel(center_u, center_v)
    return Located((float(center[0]), float(center[1])), min(confidence, 1.0))


def _within(
    du: NDArray[np.float64], dv: NDArray[np.float64], spec: OverviewSpec
) -> NDArray[np.bool_]:
    inside: NDArray[np.bool_] = np.hypot(du, dv) * spec.spacing_mm <= NEAR_MM
    return inside


def agree_in_stacks(
    geometries: Sequence[SliceGeometry], found: Sequence[Located]
) -> tuple[Located, ...]:
    """Move slices that contradict their stack to where their neighbours saw the canal.

    Both are in the same order, caudal to cranial. Returns one ``Located`` per slice; those moved,
    and those of low confidence, carry a warning.
    """
    settled = list(found)
    for stack in stacks_of(geometries, STACK_GAP_MM):
        for position, index in enumerate(stack):
            around = [
                *stack[max(position - NEIGHBOURS, 0) : position],
                *stack[position + 1 : position + 1 + NEIGHBOURS],
            ]
            settled[index] = _settle(index, around, geometries, found)
    return tuple(settled)


def _settle(
    index: int, around: Sequence[int], geometries: Sequence[SliceGeometry], found: Sequence[Located]
) -> Located:
    own, geometry = found[index], geometries[index]
    spacing = np.array(geometry.pixel_spacing_mm[::-1])
    # Neighbours vote in this slice's pixels, by projection along the stack's normal.
    votes = np.array(
        [
            geometry.to_pixel(geometries[other].to_patient(*found[other].center_px))[:2]
            for other in around
            if found[other].confidence >= LOW_CONFIDENCE
        ]
    ).reshape(-1, 2)
    if len(votes) >= 2:
        middle = np.median(votes, axis=0)
        spread = float(np.median(np.linalg.norm((votes - middle) * spacing, axis=1)))
        apart = float(np.linalg.norm((np.array(own.center_px) - middle) * spacing))
        if spread <= NEAR_MM / 2 and apart > NEAR_MM:
            confidence = float(np.median([found[other].confidence for other in around]))
            return Located(
                (float(middle[0]), float(middle[1])),
                confidence,
                f"region taken from the neighbouring slices: the locator's result was {apart:.0f} "
                "mm away from theirs",
            )
        if apart <= NEAR_MM and own.confidence < LOW_CONFIDENCE:
            return Located(
                own.center_px,
                max(own.confidence, MIN_CONFIDENCE),
                f"low locator confidence ({own.confidence:.2f}), but the "
                "neighbouring slices agree with it",
            )
    if own.confidence < LOW_CONFIDENCE:
        warning = f"low locator confidence ({own.confidence:.2f}): check the region"
        return Located(own.center_px, own.confidence, warning)
    return own
