"""Bend a slice: a new picture, and its truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lumbargrade.cohort.read import CohortSlice
from lumbargrade.morphometry.outlines import Outlines
from lumbargrade.phantom.bending.field import grid_of, way_back
from lumbargrade.phantom.bending.paint import FloatImage, paint
from lumbargrade.phantom.bending.plan import Bend, draw_bend
from lumbargrade.phantom.bending.sac import fill_sac
from lumbargrade.phantom.bending.shape import Moved, Slate, move, slate_of
from lumbargrade.phantom.bending.truth import (
    LINE_DEPTH_MM,
    BentTruth,
    line_depth,
    sac_after,
    truth_of,
)

USUAL_DEPTH_MM = 7.7
"""D where the joints were not seen: the median of traced slices."""


@dataclass(frozen=True)
class Bent:
    """A bent slice: its picture (h, h), the plan, the moved lines and the truth."""

    picture: FloatImage
    bend: Bend
    moved: Moved
    truth: BentTruth


@dataclass(frozen=True)
class Material:
    """A slice without findings that can be bent: picture (h, h), mm a pixel, lines, D in mm."""

    picture: FloatImage
    spacing_mm: float
    slate: Slate
    depth_mm: float


def bendable(item: CohortSlice) -> bool:
    """Whether a slice has no finding: something is known of it, and all that is known is 0."""
    known = [grade for grade in item.grades.values() if grade is not None]
    return bool(known) and not any(known) and item.disc_in_plane is not False


def material_of(picture: FloatImage, spacing_mm: float, outlines: Outlines) -> Material | None:
    """Return what can be bent; None where an outline is missing, or the patient lies turned.

    Parameters
    ----------
    picture : (h, h) whose middle is the origin of the outlines.
    """
    slate = slate_of(outlines)
    if slate is None:
        return None
    depth = line_depth(slate)
    return Material(picture, spacing_mm, slate, USUAL_DEPTH_MM if depth is None else depth)


def bend_slice(material: Material, bend: Bend, level: int | None = None) -> Bent:
    """Return the slice after a bend.

    ``level`` (0 = L1/2 ... 4 = L5/S1): the sac is painted anew as on T2, with the roots of that
    level; None: it stays.
    """
    grid = grid_of(len(material.picture), material.spacing_mm, material.slate.midline_mm)
    moved = move(material.slate, bend)
    field = way_back(grid, material.slate, moved)
    picture = paint(material.picture, (grid, field), material.slate, moved, bend)
    sac = sac_after(material.slate, moved, grid, field)
    area_mm2 = float(sac.sum() * grid.spacing_mm**2)
    truth = truth_of(material.slate, moved, material.depth_mm, area_mm2)
    if level is not None:
        rng = np.random.default_rng(bend.seed + 2)
        filled = fill_sac(picture[grid.window].astype(np.float64), sac, grid, level, rng)
        if filled is not None:
            picture[grid.window], found = filled
            truth = truth.with_sac(found)
    return Bent(picture, bend, moved, truth)


def bend_at_random(material: Material, rng: np.random.Generator, level: int | None = None) -> Bent:
    """Return the slice after a bend that is drawn for it; ``level`` as in :func:`bend_slice`."""
    depth = float(np.clip(material.depth_mm, *LINE_DEPTH_MM))
    return bend_slice(material, draw_bend(rng, depth), level)
