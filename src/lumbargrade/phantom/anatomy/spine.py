"""The curve of the spine: patient coordinates to the spine's own and back.

Spine coordinates of a point are ``u`` (mm to the patient's left of the midline),
``v`` (mm behind the posterior disc margin) and ``zeta`` (mm along the canal, upward).
Disc planes fan out with the lordosis; between two planes ``zeta`` runs linearly, so
axial, oblique and sagittal slices all sample one anatomy.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lumbargrade.phantom.anatomy.priors import PatientPrior, level_table

Array = NDArray[np.floating[Any]]

L1_PLANE = 6
"""Index of the L1/2 plane: planes count upward from S3/4 (0) to T11/12 (8)."""
LOOK_UP_STEP_MM = 0.02
"""Fineness of the tables over ``zeta``: an error of up to 0.01 mm along the canal."""
LOWEST_DISC_PLANE = 2
"""Index of the L5/S1 plane."""


@dataclass(frozen=True)
class Spine:
    """Planes through the discs (and virtual ones in the sacrum and above L1).

    Attributes
    ----------
    origins_mm : (planes, 3) posterior margin of each disc in the midline, LPS, upward.
    tilts_rad : (planes,) angle of each plane to the scanner's axial plane.
    zeta_mm : (planes,) position along the canal.
    """

    origins_mm: NDArray[np.float64]
    tilts_rad: NDArray[np.float64]
    zeta_mm: NDArray[np.float64]

    def posterior(self, plane: int) -> NDArray[np.float64]:
        """Unit vector of a disc plane that points to the back."""
        tilt = self.tilts_rad[plane]
        return np.array([0.0, np.cos(tilt), np.sin(tilt)])

    def normal(self, plane: int) -> NDArray[np.float64]:
        """Unit vector across a disc plane that points to the head."""
        tilt = self.tilts_rad[plane]
        return np.array([0.0, -np.sin(tilt), np.cos(tilt)])

    def to_patient(self, u: float, v: float, zeta: float) -> NDArray[np.float64]:
        """Return the patient position (mm, LPS) of a point near the canal."""
        origin = np.array([np.interp(zeta, self.zeta_mm, self.origins_mm[:, a]) for a in range(3)])
        tilt = np.interp(zeta, self.zeta_mm, self.tilts_rad)
        return np.asarray(origin + np.array([u, v * np.cos(tilt), v * np.sin(tilt)]))

    def to_spine(self, points_mm: Array) -> tuple[Array, Array, Array]:
        """Return ``u, v, zeta`` (mm) of patient points of shape (..., 3)."""
        y, z = points_mm[..., 1], points_mm[..., 2]
        lowest, highest = self._plane_range(y, z)
        below = self._height(y, z, lowest)
        zeta = np.full(y.shape, self.zeta_mm[lowest], np.float32) + np.minimum(below, 0)
        for plane in range(lowest, highest):
            above = self._height(y, z, plane + 1)
            share = np.clip(below / np.maximum(below - above, 1e-3), 0, 1)
            step = np.float32(self.zeta_mm[plane + 1] - self.zeta_mm[plane])
            zeta += np.where(below > 0, share * step, 0).astype(np.float32)
            below = above
        zeta += np.maximum(below, 0)
        steps = np.round((zeta - np.float32(self.zeta_mm[0])) / LOOK_UP_STEP_MM).astype(np.int32)
        x0, y0, z0, along_y, along_z = (
            np.take(values, steps, mode="clip") for values in self._look_up
        )
        return points_mm[..., 0] - x0, (y - y0) * along_y + (z - z0) * along_z, zeta

    @cached_property
    def _look_up(self) -> tuple[Array, ...]:
        """Origin (x, y, z) and direction to the back (y, z) over ``zeta``, finely tabulated."""
        zeta = np.arange(self.zeta_mm[0], self.zeta_mm[-1] + LOOK_UP_STEP_MM, LOOK_UP_STEP_MM)
        columns = (*self.origins_mm.T, np.cos(self.tilts_rad), np.sin(self.tilts_rad))
        return tuple(np.interp(zeta, self.zeta_mm, one).astype(np.float32) for one in columns)

    def _height(self, y: Array, z: Array, plane: int) -> Array:
        """Signed distance above a disc plane."""
        normal, origin = self.normal(plane), self.origins_mm[plane]
        height = (y - origin[1]) * normal[1] + (z - origin[2]) * normal[2]
        return np.asarray(height, dtype=np.float32)

    def _plane_range(self, y: Array, z: Array) -> tuple[int, int]:
        """Lowest and highest plane that matter for a set of points."""
        last = len(self.zeta_mm) - 1
        corners_y = np.array([y.min(), y.max(), y.min(), y.max()])
        corners_z = np.array([z.min(), z.min(), z.max(), z.max()])
        heights = [self._height(corners_y, corners_z, plane) for plane in range(last + 1)]
        above_all = [plane for plane in range(last + 1) if heights[plane].min() > 0]
        below_all = [plane for plane in range(last + 1) if heights[plane].max() < 0]
        lowest = max(above_all) if above_all else 0
        highest = min(below_all) if below_all else last
        return lowest, max(highest, lowest + 1) if lowest < last else last


def build_spine(patient: PatientPrior, rng: np.random.Generator) -> Spine:
    """Build the curve of a patient's spine; L5/S1's posterior margin lies near (0, 0, 0)."""
    table = level_table()
    discs = table["disc_tilt_deg"] + rng.normal(0, 3.0) + rng.normal(0, 2.0, 5)
    sacral = discs[4] + np.array([16, 30]) + rng.normal(0, 3)
    tilts = np.deg2rad([*sacral[::-1], *discs[::-1], discs[0] - 3, discs[0] - 5])
    distances = table["level_distance_mm"][::-1] * patient.size
    steps = np.array([24, 28, *distances[:4], 33 * patient.size, 30])
    zeta = np.concatenate([[0.0], np.cumsum(steps)])
    scoliosis = rng.normal(0, 2.0) * np.sin(np.linspace(0, np.pi, len(tilts)))
    aside = scoliosis + rng.normal(0, 1.5)
    zeta -= zeta[LOWEST_DISC_PLANE]
    return Spine(curve(tilts, zeta, aside), tilts, zeta)


def curve(
    tilts_rad: NDArray[np.float64], zeta_mm: NDArray[np.float64], aside_mm: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the origins (planes, 3) of planes that are tilted so, as far apart along the canal as
    ``zeta_mm`` says and ``aside_mm`` to the left; L5/S1's lies at y = z = 0.
    """
    origins = np.zeros((len(tilts_rad), 3))
    for plane, step in enumerate(np.diff(zeta_mm), start=1):
        middle = (tilts_rad[plane] + tilts_rad[plane - 1]) / 2
        up = np.array([0.0, -np.sin(middle), np.cos(middle)])
        origins[plane] = origins[plane - 1] + step * up
    origins[:, 0] = aside_mm
    return np.asarray(origins - np.array([0.0, *origins[LOWEST_DISC_PLANE, 1:]]))


def plane_of_level(index: int) -> int:
    """Return the plane index of a level counted from L1/2 (0) to L5/S1 (4)."""
    return L1_PLANE - index
