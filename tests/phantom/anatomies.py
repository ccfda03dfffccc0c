"""Anatomies with one chosen disease, for the tests of the phantom."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lumbargrade.phantom.anatomy.anatomy import Anatomy, build_anatomy
from lumbargrade.phantom.anatomy.priors import LevelPrior, PatientPrior
from lumbargrade.phantom.anatomy.spine import plane_of_level
from lumbargrade.phantom.imaging.paint import Points
from lumbargrade.phantom.imaging.tissue import TISSUES
from lumbargrade.study.geometry import SliceGeometry

Values = NDArray[np.floating[Any]]

L4_L5 = 3

ROOT_AREA_SCALE = 0.8
HEALTHY = LevelPrior(
    herniation_ratio=0.02,
    herniation_u_mm=0.0,
    herniation_half_width_mm=8.0,
    herniation_w_mm=0.0,
    herniation_half_height_mm=9.0,
    bulge_mm=0.0,
    sac_area_mm2=170.0,
    degeneration=0.5,
    root_fat_mm=(2.0, 2.0),
    recess_space_mm=(3.5, 3.5),
    root_radius_mm=1.5,
)


@cache
def anatomy_with(seed: int = 5, /, **changes: Any) -> Anatomy:
    """Build a patient who is healthy but for the given changes at L4/5; read only."""
    levels = [HEALTHY] * 5
    levels[L4_L5] = replace(HEALTHY, **changes)
    patient = PatientPrior(45, "F", 1.0, ROOT_AREA_SCALE, tuple(levels))
    return build_anatomy(patient, np.random.default_rng(seed))


def disc_slice(anatomy: Anatomy, offset_mm: float = 0.0, index: int = L4_L5) -> SliceGeometry:
    """An axial slice along a disc, ``offset_mm`` above its plane; 0.5 mm pixels."""
    plane = plane_of_level(index)
    back, up = anatomy.spine.posterior(plane), anatomy.spine.normal(plane)
    center = anatomy.spine.origins_mm[plane] + offset_mm * up
    corner = center - 80 * np.array([1.0, 0, 0]) - 95 * back
    first, column = ((float(x), float(y), float(z)) for x, y, z in (corner, back))
    return SliceGeometry(first, (1.0, 0.0, 0.0), column, (0.5, 0.5), 320, 320)


def points_at(u: Values, v: Values, zeta: float | Values) -> Points:
    """Points in the coordinates of the spine, with edges 0.5 mm wide.

    Patient coordinates are those of a straight spine: they only place textures.
    """
    x, y, z = (np.asarray(a, np.float32) for a in np.broadcast_arrays(u, v, zeta))
    return Points(x, y, z, x, y, z, 0.5)


def marked(*names: str) -> dict[str, float]:
    """Signals that make some tissues shine, and all others vanish."""
    return {name: float(name in names) for name in TISSUES}
