"""One disc level as geometry: disc margin, back wall of the canal, recess, roots.

Cross-section coordinates are ``u`` (mm to the patient's left) and ``v`` (mm behind
the undisturbed posterior disc margin in the midline), ``w`` (mm above the disc plane).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lumbargrade.phantom.anatomy.priors import LevelPrior, PatientPrior, level_table

Values = NDArray[np.floating[Any]]

STENOSIS_HALF_HEIGHT_MM = 7.5
"""Stenosis by flavum and facets fades with exp(-(w / this)^2) from the disc plane."""


@dataclass(frozen=True)
class DiscLevel:
    """Everything that shapes a level, in mm unless the name says otherwise.

    ``narrowing`` (0..) drives flavum thickness and facet hypertrophy; it is found so
    that the sac has the area that the prior asks for.
    """

    index: int
    prior: LevelPrior
    disc_width: float
    disc_depth: float
    disc_height: float
    canal_width: float
    canal_depth: float
    sac_half_width: float
    sac_half_depth: float
    facet_angle_rad: float
    facet_half_line: float
    facet_line_v: float
    flavum: float
    ventral_fat: float
    concavity: float
    narrowing: float = 0.0

    @property
    def root_u(self) -> float:
        """Nominal distance of the traversing root from the midline."""
        return self.sac_half_width + self.prior.root_radius_mm + 0.9

    def undisturbed_margin(self, u: Values) -> Values:
        """``v`` of the posterior margin of a healthy disc."""
        half_width, half_depth = self.disc_width / 2, self.disc_depth / 2
        inside = np.clip(np.abs(u) / half_width, 0, 0.999) ** 2.6
        ellipse = half_depth * ((1 - inside) ** (1 / 2.6) - 1)
        return np.asarray(ellipse - self.concavity * (np.exp(-((u / 8.0) ** 2)) - 1.0))

    def base_margin(self, u: Values) -> Values:
        """The margin with its diffuse bulge: what a focal displacement starts from."""
        return self.undisturbed_margin(u) + self.prior.bulge_mm

    def displacement(self, u: Values, w: Values) -> Values:
        """Focal displacement of disc material beyond ``base_margin``."""
        prior = self.prior
        across = np.clip(((u - prior.herniation_u_mm) / prior.herniation_half_width_mm) ** 2, 0, 1)
        along = np.clip(((w - prior.herniation_w_mm) / prior.herniation_half_height_mm) ** 2, 0, 1)
        return np.asarray(self.herniation_mm * (1 - across) ** 2 * (1 - along) ** 1.5)

    @property
    def herniation_mm(self) -> float:
        """Largest displacement: the prior's ratio of the distance to the intra-facet line."""
        base = float(self.base_margin(np.array([self.prior.herniation_u_mm]))[0])
        return self.prior.herniation_ratio * max(self.facet_line_v - base, 5.0)

    def ventral_wall(self, u: Values, w: Values) -> Values:
        """``v`` of the front wall of the canal: disc, or vertebra away from the disc."""
        half = self.disc_height / 2
        disc = 1 / (1 + np.exp((np.abs(w) - half - 0.5) / 0.6))
        bony = self.undisturbed_margin(u) - 0.8 * np.exp(-((u / 7.0) ** 2))
        bulging = bony + disc * (self.base_margin(u) - bony)
        return np.asarray(bulging + self.displacement(u, w))

    def recess_wall(self, side: int) -> float:
        """``v`` of the back wall of the lateral recess (side 0 = left, 1 = right)."""
        room = max(self.prior.recess_space_mm[side] - 0.3 * self.narrowing, 0.1)
        return self.root_v(side) + self.prior.root_radius_mm + room

    def root_v(self, side: int) -> float:
        """Nominal ``v`` of the traversing root's centre."""
        margin = float(self.undisturbed_margin(np.array([self.root_u]))[0])
        return margin + self.prior.root_fat_mm[side] + self.prior.root_radius_mm

    def back_wall(self, u: Values, w: Values) -> Values:
        """``v`` of the inner surface of flavum, facets and lamina."""
        near = np.exp(-((w / STENOSIS_HALF_HEIGHT_MM) ** 2))
        apex = self.canal_depth - 0.6 * self.flavum
        slope = (apex - (self.facet_line_v + 0.3)) / self.facet_half_line
        thick = (2.6 + 1.2 * np.abs(u) / self.facet_half_line) * self.narrowing * near
        middle = apex - slope * np.abs(u) - thick
        wall = np.where(u > 0, self.recess_wall(0), self.recess_wall(1))
        start = self.root_u - self.prior.root_radius_mm - 2.2
        share = np.clip((np.abs(u) - start) / 2.4, 0, 1)
        share = share * share * (3 - 2 * share) * near
        return np.asarray(middle + share * (np.minimum(middle, wall) - middle))

    @property
    def flavum_thickness(self) -> float:
        """Thickness of the ligamentum flavum at the disc plane."""
        return self.flavum + 1.9 * self.narrowing


def healthy_level(patient: PatientPrior, index: int, rng: np.random.Generator) -> DiscLevel:
    """Draw the size of a level; stenosis (``narrowing``) is fitted afterwards."""
    table = {name: float(values[index]) for name, values in level_table().items()}
    prior = patient.levels[index]

    def bone(name: str, spread: float = 0.04) -> float:
        return float(table[name] * patient.size * rng.normal(1.0, spread))

    area = max(1.06 * prior.sac_area_mm2, 0.66 * table["sac_area_mm2"])
    ratio = table["sac_depth_to_width"] * rng.normal(1.0, 0.05)
    half_width = float(np.sqrt(area / (np.pi * ratio)))
    collapse = 1 - 0.07 * prior.degeneration
    return DiscLevel(
        index=index,
        prior=prior,
        disc_width=bone("disc_width_mm"),
        disc_depth=bone("disc_depth_mm"),
        disc_height=bone("disc_height_mm", 0.08) * collapse,
        canal_width=bone("canal_width_mm"),
        canal_depth=bone("canal_depth_mm", 0.05),
        sac_half_width=half_width,
        sac_half_depth=half_width * ratio,
        facet_angle_rad=float(np.deg2rad(rng.normal(table["facet_angle_deg"], 5.0))),
        facet_half_line=bone("facet_line_mm", 0.05) / 2,
        facet_line_v=bone("facet_line_depth_mm"),
        flavum=float(np.clip(rng.normal(table["flavum_mm"] - 0.3, 0.5), 1.8, 5.5)),
        ventral_fat=table["ventral_fat_mm"] * rng.uniform(0.7, 1.4),
        concavity=table["concavity_mm"] * rng.uniform(0.6, 1.3),
    )
