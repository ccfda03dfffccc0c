"""One disc level as geometry: disc margin, back wall of the canal, recess, roots.

Cross-section coordinates are ``u`` (mm to the patient's left) and ``v`` (mm behind
the undisturbed posterior disc margin in the midline), ``w`` (mm above the disc plane).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lumbargrade.phantom.anatomy.priors import LevelPrior, PatientPrior, level_table
from lumbargrade.phantom.anatomy.shapes import LevelShape, draw_shape

Values = NDArray[np.floating[Any]]

ANGLES = np.linspace(0, 2 * np.pi, 64, endpoint=False)
LOWEST = 4
"""Index of L5/S1."""
HERNIATION_SKEW = 0.2
"""A herniation falls off more slowly towards the midline than towards the side [design]."""

STENOSIS_HALF_HEIGHT_MM = 7.5
"""What stands beside the sac at a disc fades with exp(-(w / this)^2) from the disc plane."""
NARROWING_SHARE = 0.21
"""Share of the canal's depth that a unit of ``narrowing`` takes [design]."""
LEAST_LINE_MM = 4.0
"""Least distance from disc margin to intra-facet line: in people 10 % lie below 4.9 at L5/S1."""
VAULT_MM = 2.5
"""The canal's roof at the pedicles lies this much further in front than the apex [design]."""
LEAST_SAC, LEAST_SAC_IN_FAT = 0.9, 0.7
"""A small sac is a healthy one, at least this share of the person's, in a narrow canal; at L5/S1
it may lie in fat."""
TOP_ROOM_MM = 1.0
"""Room that a herniation leaves before the wall behind it, where there is any [design]."""
EXTRUDED_RATIO = 0.55
"""A herniation larger than this share of the way to the joints has steep sides."""


@dataclass(frozen=True)
class DiscLevel:
    """Everything that shapes a level, in mm unless the name says otherwise.

    ``narrowing`` (0..) drives flavum thickness and facet hypertrophy; it is found so
    that the sac has the area that the prior asks for. ``sac_scale`` brings the person's sac
    to the size that the prior has in mind.
    """

    index: int
    prior: LevelPrior
    shape: LevelShape
    disc_width: float
    disc_depth: float
    disc_height: float
    canal_width: float
    flavum: float
    sac_scale: float
    foramen: float
    narrowing: float = 0.0

    @property
    def canal_depth(self) -> float:
        """Depth from the healthy disc to the apex of the canal."""
        return self.shape.apex

    @property
    def sac_half_width(self) -> float:
        """Half the width of the undisturbed sac, at its corners in front."""
        radius = self.sac_scale * self.shape.sac_radius(ANGLES)
        return float(np.ptp(radius * np.cos(ANGLES)) / 2)

    @property
    def facet_half_line(self) -> float:
        """Half the distance between the medial ends of the joints."""
        return float(self.shape.joint(0)[0, 0] - self.shape.joint(1)[0, 0]) / 2

    @property
    def facet_line_v(self) -> float:
        """``v`` of the intra-facet line in the midline."""
        return float(self.shape.facet_line(np.zeros(1))[0])

    @property
    def root_u(self) -> float:
        """Nominal distance of the traversing root from the midline: beside the sac's corner."""
        free = 0.5 if self.index == LOWEST else 0.1
        beside = self.sac_half_width + free * self.prior.root_radius_mm
        return float(np.clip(beside, 6.5, 10.0))

    def undisturbed_margin(self, u: Values) -> Values:
        """``v`` of the posterior margin of a healthy disc."""
        return self.shape.margin(u)

    def base_margin(self, u: Values) -> Values:
        """The margin with its diffuse bulge: what a focal displacement starts from."""
        return self.undisturbed_margin(u) + self.prior.bulge_mm

    def displacement(self, u: Values, w: Values) -> Values:
        """Focal displacement of disc material beyond ``base_margin``: a dome with shoulders."""
        prior = self.prior
        off = np.asarray(u - prior.herniation_u_mm)
        medial = 1 + HERNIATION_SKEW * np.sign(prior.herniation_u_mm) * np.sign(-off)
        across = np.clip(np.abs(off) / (prior.herniation_half_width_mm * medial), 0, 1)
        along = np.clip(((w - prior.herniation_w_mm) / prior.herniation_half_height_mm) ** 2, 0, 1)
        steep = 2.0 + 2.0 * float(prior.herniation_ratio > EXTRUDED_RATIO)
        return np.asarray(self.herniation_mm * (1 - across**steep) ** 2 * (1 - along) ** 1.5)

    @property
    def herniation_mm(self) -> float:
        """Largest displacement: the prior's ratio of the distance to the intra-facet line."""
        return self.prior.herniation_ratio * self.line_distance(self.prior.herniation_u_mm)

    def line_distance(self, u: float) -> float:
        """Distance (mm) from the margin with its bulge to the intra-facet line at ``u``."""
        at = np.array([u])
        distance = float((self.shape.facet_line(at) - self.base_margin(at))[0])
        return max(distance, LEAST_LINE_MM)

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
        at = np.array([self.root_u if side == 0 else -self.root_u])
        margin = float(self.undisturbed_margin(at)[0])
        return margin + self.prior.root_fat_mm[side] + self.prior.root_radius_mm

    def back_wall(self, u: Values, w: Values) -> Values:
        """``v`` of the inner surface of flavum, facets and lamina.

        At the disc as it is in the person, a steep V; between the discs the vault of the
        lamina, between pedicles. Beside the canal, the surface of the superior process.
        """
        near = np.exp(-((w / STENOSIS_HALF_HEIGHT_MM) ** 2))
        margin = self.undisturbed_margin(u)
        wall = self._wall_at_disc(u) + np.zeros_like(near)
        across = np.clip(np.abs(u) / (self.canal_width / 2), 0, 1)
        vault = (self.canal_depth - VAULT_MM) * np.sqrt(1 - across**2)
        wall = vault + near * (wall - vault)
        # the foramen is open above the disc and closed by the pedicle below it
        beside = np.clip((np.abs(u) - self.root_u - 2.5) / 6.0, 0, 1)
        open_mm = self.foramen * beside * (0.5 + 0.5 * np.tanh((w + 2) / 4))
        return np.asarray(np.maximum(wall, margin + 0.5 * near + open_mm))

    def _wall_at_disc(self, u: Values) -> Values:
        """The wall in the disc plane, narrowed from behind and from the sides."""
        margin, narrow = self.undisturbed_margin(u), self.narrowing
        middle = self.shape.wall(u * (1 + 0.08 * narrow))
        middle = margin + (middle - margin) * (1 - NARROWING_SHARE * narrow)
        recess = np.where(u > 0, self.recess_wall(0), self.recess_wall(1))
        start = self.root_u - self.prior.root_radius_mm - 2.8
        share = np.clip((np.abs(u) - start) / 3.6, 0, 1)
        share = share * share * (3 - 2 * share)
        return np.asarray(middle + share * (np.minimum(middle, recess) - middle))

    @property
    def flavum_thickness(self) -> float:
        """Thickness of the ligamentum flavum at the disc plane."""
        return max(self.flavum + 1.9 * self.narrowing, 1.5)


def healthy_level(patient: PatientPrior, index: int, rng: np.random.Generator) -> DiscLevel:
    """Draw the size of a level; stenosis (``narrowing``) is fitted afterwards."""
    table = {name: float(values[index]) for name, values in level_table().items()}
    prior = patient.levels[index]

    def bone(name: str, spread: float = 0.04) -> float:
        return float(table[name] * patient.size * rng.normal(1.0, spread))

    shape = draw_shape(index, patient.size, rng)
    area = max(
        1.06 * prior.sac_area_mm2, (LEAST_SAC, LEAST_SAC_IN_FAT)[index == LOWEST] * shape.sac_area
    )
    collapse = 1 - 0.07 * prior.degeneration
    level = DiscLevel(
        index=index,
        prior=prior,
        shape=shape,
        disc_width=bone("disc_width_mm"),
        disc_depth=bone("disc_depth_mm"),
        disc_height=bone("disc_height_mm", 0.08) * collapse,
        canal_width=bone("canal_width_mm"),
        flavum=float(np.clip(rng.normal(table["flavum_mm"] - 0.3, 0.5), 1.8, 5.5)),
        sac_scale=float(np.sqrt(area / shape.sac_area)),
        foramen=float(rng.uniform(1.5, 4.0)),
    )
    return replace(level, prior=_within_canal(level))


def _within_canal(level: DiscLevel) -> LevelPrior:
    """Move a herniation towards the midline until its top has room in the canal."""
    prior = level.prior
    while abs(prior.herniation_u_mm) > 2.5:
        at = np.array([prior.herniation_u_mm])
        top = float(level.base_margin(at)[0]) + level.herniation_mm
        if top + TOP_ROOM_MM < float(level.shape.wall(at)[0]):
            break
        prior = replace(prior, herniation_u_mm=0.93 * prior.herniation_u_mm)
        level = replace(level, prior=prior)
    return prior
