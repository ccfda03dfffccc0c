"""One person's L4/L5 for each grade: the same person, with as much disease as the grade asks for.

The grade of an example is that of :mod:`lumbargrade.phantom.grades`, from geometry; the amounts
below were chosen by it and lie well within each grade.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from types import MappingProxyType
from typing import Any

import numpy as np

from lumbargrade.grading.finding import Side
from lumbargrade.phantom.anatomy.anatomy import Anatomy, build_anatomy
from lumbargrade.phantom.anatomy.priors import LevelPrior, PatientPrior, draw_patient

LEVEL = 3
"""Index of L4/L5, of which the paper shows most of its examples."""

_PERSON = 20
"""Seed of a person whose sides are much alike."""

_HEALTHY = LevelPrior(
    herniation_ratio=0.0,
    herniation_u_mm=0.0,
    herniation_half_width_mm=8.0,
    herniation_w_mm=0.0,
    herniation_half_height_mm=10.0,
    bulge_mm=0.2,
    sac_area_mm2=165.0,
    degeneration=1.0,
    root_fat_mm=(2.2, 2.2),
    recess_space_mm=(4.6, 4.6),
    root_radius_mm=1.5,
)

_AMOUNTS: Mapping[str, tuple[Mapping[str, Any], ...]] = MappingProxyType(
    {
        "LDH": tuple(
            {"herniation_ratio": ratio, "herniation_u_mm": 2.0} for ratio in (0.0, 0.36, 0.8, 1.3)
        ),
        "LCCS": tuple(
            {"sac_area_mm2": area, "bulge_mm": bulge}
            for area, bulge in ((165.0, 0.2), (66.0, 0.8), (46.0, 1.1), (30.0, 1.4))
        ),
        "LNRC": tuple(
            {
                "herniation_ratio": ratio,
                "herniation_u_mm": 8.0,
                "recess_space_mm": (room, 4.6),
            }
            for ratio, room in ((0.0, 4.6), (0.36, 4.6), (0.6, 4.6), (0.7, 0.1))
        ),
    }
)
"""System -> for each grade, what differs from the healthy level; roots are those of the left."""

DRAWN = frozenset(_AMOUNTS)
"""The systems that have examples."""


@cache
def example(system: str, grade: int, side: Side = Side.LEFT) -> Anatomy:
    """Return a person whose L4/L5 has the grade; of a system with sides, on ``side``.

    Raises KeyError for a system that is not drawn, IndexError for a grade that it does not have.
    """
    amounts = dict(_AMOUNTS[system][grade])
    if side is Side.RIGHT:
        amounts = _mirrored(amounts)
    rng = np.random.default_rng(_PERSON)
    return build_anatomy(_with_level(draw_patient(rng), replace(_HEALTHY, **amounts)), rng)


def is_drawn(system: str) -> bool:
    """Whether there are drawings of a system's grades."""
    return system in _AMOUNTS


def _with_level(patient: PatientPrior, prior: LevelPrior) -> PatientPrior:
    levels = tuple(prior if index == LEVEL else _HEALTHY for index, _ in enumerate(patient.levels))
    return replace(patient, size=1.0, root_area_scale=0.6, levels=levels)


def _mirrored(amounts: dict[str, Any]) -> dict[str, Any]:
    if "herniation_u_mm" in amounts:
        amounts["herniation_u_mm"] *= -1
    if "recess_space_mm" in amounts:
        amounts["recess_space_mm"] = amounts["recess_space_mm"][::-1]
    return amounts
