"""Who is simulated: age, sex, and how diseased each disc level is.

Severities are latent, continuous and correlated across diseases, levels and age
(a Gaussian copula); the shares per level come from ``levels.toml``. Nothing here
knows about grades on a slice: those follow from the geometry that is built from it.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from lumbargrade.phantom.anatomy.cauda import Landmarks, roots_below, stenosis_landmarks

LEVEL_COUNT = 5
DISEASE_CORRELATION = np.array([[1.0, 0.55, 0.75], [0.55, 1.0, 0.55], [0.75, 0.55, 1.0]])
"""Copula between herniation, stenosis and root compression [design]."""
PATIENT_SHARE = 0.2
"""Share of the latent variance that the levels of a patient have in common [RSNA 2024 ICC]."""
HERNIATION_TOLERANCE_MM = 1.0
ROOT_AREA_SCALE = (0.35, 0.65)
"""Root areas differ between individuals by a factor of three (Hogan 1996); rendered roots look
larger than those of real slices at the upper end [design]."""
STENOSIS_BULGE_MM = 1.6
"""How much further a disc bulges in the worst stenosis [design]."""
STENOSIS_SHARES = (0.0, 0.70, 0.83, 1.0)
"""Shares of the stenosed discs at which Lee's grades 1, 2 and 3 begin and end [design]."""

PFIRRMANN_SHARES = (0.0, 0.01, 0.55, 0.79, 0.97, 1.0)
"""Shares of all discs at or below Pfirrmann's grades I to V: 1, 54, 24, 18 and 3 % of 1545 discs
of patients referred for back pain."""
PFIRRMANN_SHIFT = (-0.35, -0.25, -0.1, 0.3, 0.35)
"""What a level's severity differs from the mean's, L1/2 first: the lower, the worse (the same
discs: II at 67 % of L3/4, 48 % of L4/5 and L5/S1)."""


@dataclass(frozen=True)
class LevelPrior:
    """What is drawn for one disc level; lengths in mm, x to the patient's left.

    ``herniation_ratio`` is the largest focal displacement as a share of the distance
    to the intra-facet line; ``sac_area_mm2`` is the area that the narrowing aims at.
    """

    herniation_ratio: float
    herniation_u_mm: float
    herniation_half_width_mm: float
    herniation_w_mm: float
    herniation_half_height_mm: float
    bulge_mm: float
    sac_area_mm2: float
    degeneration: float
    root_fat_mm: tuple[float, float]
    recess_space_mm: tuple[float, float]
    root_radius_mm: float


@dataclass(frozen=True)
class PatientPrior:
    """One patient: demographics, size and five levels, L1/2 first.

    ``root_area_scale`` is the area of the patient's roots as a share of the table's.
    """

    age_years: int
    sex: str
    size: float
    root_area_scale: float
    levels: tuple[LevelPrior, ...]


@cache
def level_table() -> dict[str, NDArray[np.float64]]:
    """Return ``levels.toml``: five values per name, L1/2 first."""
    text = (files("lumbargrade.phantom.anatomy") / "levels.toml").read_text("utf-8")
    return {name: np.array(values, dtype=float) for name, values in tomllib.loads(text).items()}


def draw_patient(rng: np.random.Generator, severe: bool = False) -> PatientPrior:
    """Draw one patient; ``severe`` shifts every latent severity upward."""
    age = int(np.clip(rng.normal(49, 14), 13, 88))
    sex = "F" if rng.random() < 0.485 else "M"
    size = (1.03 if sex == "M" else 0.97) * rng.normal(1.0, 0.035)
    root = np.linalg.cholesky(DISEASE_CORRELATION)
    patient = root @ rng.standard_normal(3)
    own = rng.standard_normal((LEVEL_COUNT, 3)) @ root.T
    latent = np.sqrt(PATIENT_SHARE) * patient + np.sqrt(1 - PATIENT_SHARE) * own
    latent += _age_shift(age)
    if severe:
        latent += np.array([0.9, 1.25, 0.8]) * rng.uniform(0.5, 1.2, (LEVEL_COUNT, 1))
    person = _Person(age, size, float(rng.uniform(*ROOT_AREA_SCALE)))
    levels = tuple(_draw_level(rng, index, latent[index], person) for index in range(5))
    return PatientPrior(age, sex, size, person.root_area_scale, levels)


@dataclass(frozen=True)
class _Person:
    """What all levels of a patient share."""

    age_years: int
    size: float
    root_area_scale: float

    def landmarks(self, index: int) -> Landmarks:
        """Sac areas at which stenosis shows at a level."""
        radius = roots_below(index, self.root_area_scale)
        return stenosis_landmarks(radius, float(level_table()["root_clearance_mm"][index]))


def _age_shift(age: int) -> NDArray[np.float64]:
    """Herniation peaks at 30-50 years; stenosis and root compression grow with age."""
    herniation = 0.25 - 0.35 * min(1.0, ((age - 42) / 28) ** 2)
    return np.array([herniation, 0.028 * (age - 49), 0.01 * (age - 49)])


def _draw_level(
    rng: np.random.Generator, index: int, latent: NDArray[np.float64], person: _Person
) -> LevelPrior:
    table, age, size = level_table(), person.age_years, person.size
    depth = float(table["facet_line_depth_mm"][index]) * size
    ratio = _herniation_ratio(latent[0], float(table["herniation_share"][index]), depth)
    degeneration = _degeneration(latent[0], age, index, float(rng.normal()))
    side = 1.0 if rng.random() < 0.5 else -1.0
    lateral = float(np.clip(rng.normal(4.0 + 1.4 * latent[2], 2.2), 0, 12)) * size
    worse, better = _root_space(rng, latent[2]), _root_space(rng, latent[2] - 1.2)
    left, right = (worse, better) if side > 0 else (better, worse)
    extruded = ratio > 0.55
    stenosis = max(_stenosis_severity(latent[1], index), 0.0)
    bulge = 0.3 * max(degeneration - 1, 0) + 0.2 + STENOSIS_BULGE_MM * stenosis
    return LevelPrior(
        herniation_ratio=ratio,
        herniation_u_mm=side * lateral,
        herniation_half_width_mm=rng.uniform(6.0, 9.0) if extruded else rng.uniform(7.0, 11.0),
        herniation_w_mm=float(rng.normal(-1.0, 2.0) if extruded else rng.normal(0, 0.8)),
        herniation_half_height_mm=rng.uniform(8.0, 12.0) if extruded else rng.uniform(7.5, 11.0),
        bulge_mm=float(np.clip(rng.normal(bulge, 0.35), 0, 3.2)),
        sac_area_mm2=_sac_area(latent[1], index, person),
        degeneration=degeneration,
        root_fat_mm=(left[0], right[0]),
        recess_space_mm=(left[1], right[1]),
        root_radius_mm=_root_radius(index, rng),
    )


def _degeneration(latent: float, age: int, index: int, noise: float) -> float:
    """Draw 0 to 4, of which Pfirrmann's grade is the nearest whole number plus one.

    It grows with age and with herniation, and is worse at L4/5 and L5/S1.
    """
    severity = 0.45 * latent + 0.035 * (age - 49) + 0.75 * noise
    rank = float(ndtr(severity + PFIRRMANN_SHIFT[index]))
    return float(np.interp(rank, PFIRRMANN_SHARES, (0.0, 0.5, 1.5, 2.5, 3.5, 4.0)))


def _herniation_ratio(latent: float, share: float, depth_mm: float) -> float:
    """Map a latent severity to h / D, piecewise linear between the grades' shares."""
    tolerance = HERNIATION_TOLERANCE_MM / depth_mm
    percentile = float(ndtr(latent))
    if percentile < 1 - share:
        return 0.8 * tolerance * percentile / (1 - share)
    severity = (percentile - (1 - share)) / share * min(1.0, 0.75 + 0.5 * share)
    knots = ([0.0, 0.62, 0.90, 1.0], [1.15 * tolerance, 0.5, 1.0, 1.8])
    return float(np.interp(severity, *knots))


def _root_space(rng: np.random.Generator, latent: float) -> tuple[float, float]:
    """Draw (fat in front of the root, room behind it) in mm; both shrink with severity."""
    fat = float(np.clip(rng.normal(2.0 - 0.28 * latent, 0.4), 0.7, 3.6))
    room = float(np.clip(rng.normal(4.8 - 0.5 * latent, 0.8), 0.5, 8.0))
    return fat, room


def _root_radius(index: int, rng: np.random.Generator) -> float:
    """Radius (mm) of a traversing root with its sheath; S1 measures 4 to 5 mm across."""
    if index == LEVEL_COUNT - 1:
        return float(np.clip(rng.normal(2.0, 0.2), 1.6, 2.5))
    return float(np.clip(rng.normal(1.4, 0.12), 1.1, 1.7))


def _stenosis_severity(latent: float, index: int) -> float:
    """Rank among the stenosed discs of a level, 0 (least) to 1; negative: not stenosed."""
    return 1 - float(ndtr(-latent)) / float(level_table()["stenosis_share"][index])


def _sac_area(latent: float, index: int, person: _Person) -> float:
    """Return the sac area to aim at: stenosis starts where the roots fill the sac."""
    table, marks = level_table(), person.landmarks(index)
    severity = _stenosis_severity(latent, index)
    if severity > 0:
        areas = [marks.no_front_csf, marks.some_clumped, marks.one_bundle, 0.7 * marks.one_bundle]
        return float(np.interp(severity, STENOSIS_SHARES, areas))
    years = np.clip((person.age_years - 25) / 50, 0, 1)
    ageing = 1 - (1 - table["age_factor"][index]) * years
    normal = float(table["sac_area_mm2"][index] * ageing) * 1.12
    # from the onset up to the upper normal range, two units of latent wide
    share = float(table["stenosis_share"][index])
    room = float(np.clip((float(ndtri(1 - share)) - latent) / 2.0, 0, 1.15))
    lowest = marks.no_front_csf * 1.14
    return lowest + room * max(normal * 1.15 - lowest, 45.0)
