"""One simulated patient's anatomy, ready to be measured and scanned."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lumbargrade.phantom.anatomy.canal import Canal, build_canal
from lumbargrade.phantom.anatomy.level import healthy_level
from lumbargrade.phantom.anatomy.priors import LEVEL_COUNT, PatientPrior
from lumbargrade.phantom.anatomy.roots import RootPath, SacRoots, build_sac_roots, root_path
from lumbargrade.phantom.anatomy.spine import Spine, build_spine, plane_of_level
from lumbargrade.phantom.anatomy.transitional import rudimentary, with_sacral_l5


@dataclass(frozen=True)
class Build:
    """Soft tissue around the spine, in mm; shares are 0..1."""

    dorsal_fat_mm: float
    half_width_mm: float
    depth_mm: float
    muscle_fat: float
    muscle_scale: float
    csf_flow: float
    texture_phase: tuple[float, float, float]


@dataclass(frozen=True)
class Anatomy:
    """Bones, discs, canal, roots and the body around them."""

    patient: PatientPrior
    spine: Spine
    canal: Canal
    sac_roots: SacRoots
    paths: tuple[tuple[RootPath, RootPath], ...]
    build: Build

    def disc_zeta(self, index: int) -> float:
        """``zeta`` of a disc plane (0 = L1/2)."""
        return float(self.spine.zeta_mm[plane_of_level(index)])


def build_anatomy(
    patient: PatientPrior, rng: np.random.Generator, sacralised: bool = False
) -> Anatomy:
    """Build the anatomy of one patient, with L5 a part of the sacrum if ``sacralised``.

    Every draw comes from ``rng``.
    """
    spine = build_spine(patient, rng)
    levels = tuple(healthy_level(patient, index, rng) for index in range(LEVEL_COUNT))
    if sacralised:
        spine, levels = with_sacral_l5(spine), (*levels[:-1], rudimentary(levels[-1], rng))
    canal = build_canal(spine, levels)
    roots = build_sac_roots(spine, canal, patient.root_area_scale, rng)
    paths = tuple(
        (root_path(spine, level, 0), root_path(spine, level, 1)) for level in canal.levels
    )
    return Anatomy(patient, spine, canal, roots, paths, _draw_build(patient, rng))


def _draw_build(patient: PatientPrior, rng: np.random.Generator) -> Build:
    phase: NDArray[np.float64] = rng.uniform(0, 100, 3)
    fat = np.clip(rng.gamma(3.0, 5.5), 5, 55)
    return Build(
        dorsal_fat_mm=float(fat),
        half_width_mm=float(rng.normal(150, 12) + 1.2 * fat),
        depth_mm=float(rng.normal(185, 18) + 1.2 * fat),
        muscle_fat=float(np.clip(0.06 + 0.006 * (patient.age_years - 30), 0.02, 0.5))
        * float(rng.uniform(0.5, 1.6)),
        muscle_scale=float(rng.normal(1.0, 0.08)) * (1.06 if patient.sex == "M" else 0.95),
        csf_flow=float(rng.uniform(0.85, 1.0)),
        texture_phase=(float(phase[0]), float(phase[1]), float(phase[2])),
    )
