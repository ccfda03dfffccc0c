"""Stacks: parallel slices that follow each other along their common normal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.model import Slice

SAME_ANGLE_COSINE = float(np.cos(np.deg2rad(2.0)))
"""Slices whose normals differ by no more than two degrees are parallel."""

USUAL_THICKNESS_MM = 4.0
"""Of an axial lumbar slice whose header does not say it."""

POSSIBLE_THICKNESS_MM = (0.1, 20.0)
"""Of a slice of magnetic resonance: what lies outside is a unit or a sign gone wrong."""

LARGEST_GAP_MM = 20.0
"""A wider gap always parts two blocks: discs lie 30 to 40 mm apart."""

TALLEST_BLOCK_MM = 36.0
"""A block that is taller shows more than one disc."""


def stacks_of(
    geometries: Sequence[SliceGeometry], largest_gap_mm: float, evenly_spaced: bool = False
) -> tuple[tuple[int, ...], ...]:
    """Return the indices of the slices of each stack, caudal to cranial.

    A gap along the normal wider than ``largest_gap_mm`` parts two stacks; if ``evenly_spaced``, so
    does one that is clearly wider than is usual between the slices of this angle.
    """
    normals = [cranial(geometry.normal) for geometry in geometries]
    parallel: list[list[int]] = []
    for index, normal in enumerate(normals):
        for group in parallel:
            if float(normal @ normals[group[0]]) >= SAME_ANGLE_COSINE:
                group.append(index)
                break
        else:
            parallel.append([index])
    stacks: list[tuple[int, ...]] = []
    for group in parallel:
        places = {i: float(geometries[i].center_mm @ normals[group[0]]) for i in group}
        stacks += _without_gaps(places, largest_gap_mm, evenly_spaced)
    return tuple(stacks)


def thickness_mm(item: Slice) -> float:
    """Return the thickness of a slice; the usual one where its header says none that can be."""
    said, (least, most) = item.acquisition.slice_thickness_mm, POSSIBLE_THICKNESS_MM
    return said if said is not None and least <= said <= most else USUAL_THICKNESS_MM


def cranial(normal: np.ndarray) -> np.ndarray:
    """Return the unit normal (3,) of an axial slice so that it points to the head."""
    return normal if normal[2] >= 0 else -normal


def _without_gaps(
    places: dict[int, float], largest_gap_mm: float, evenly_spaced: bool
) -> Iterator[tuple[int, ...]]:
    ordered = sorted(places, key=places.__getitem__)
    gaps = np.diff([places[index] for index in ordered])
    limit = largest_gap_mm
    if evenly_spaced:
        usual = float(np.median(gaps[gaps > 0.1])) if (gaps > 0.1).any() else 0.0
        limit = min(limit, 2 * usual + 1.0)
    for part in np.split(ordered, np.flatnonzero(gaps > limit) + 1):
        yield tuple(part.tolist())
