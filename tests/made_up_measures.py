"""Outlines and measures of a made-up study, as a model that draws would give them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np
import pytest

from lumbargrade.grading.finding import (
    Cut,
    Measure,
    Plane,
    Side,
    SliceGrades,
    StudyGrades,
)
from lumbargrade.morphometry.outlines import Line, Outlines, Root
from lumbargrade.study.graded import SlicePicture

VALUES: Mapping[str, float] = {
    "disc_displacement_mm": 4.2,
    "displacement_apex_mm": 3.5,
    "intrafacet_depth_mm": 11.0,
    "displacement_ratio": 0.38,
    "sac_area_mm2": 92.4,
    "sac_depth_mm": 9.5,
    "sac_width_mm": 13.25,
    "canal_area_mm2": 240.0,
    "canal_depth_mm": 14.0,
    "free_canal_area_mm2": 147.6,
    "ventral_csf_mm": 0.7,
    "root_share": 0.31,
}
BY_SIDE: Mapping[str, tuple[float, float]] = {
    "recess_depth_mm": (5.5, 2.9),
    "root_gap_mm": (1.5, 0.2),
    "root_displacement_mm": (0.0, 1.4),
    "facet_angle_deg": (42.0, 47.0),
}
"""Left, right."""

ERRORS: Mapping[str, float] = {"sac_area_mm2": 6.0, "disc_displacement_mm": 0.5}


def measures() -> tuple[Measure, ...]:
    """Every kind: most with a value, some with an error, some not measured and why."""
    found = [Measure(name, None, value, "", ERRORS.get(name)) for name, value in VALUES.items()]
    found.append(Measure("root_clusters", None, None, "the roots in the sac are not drawn"))
    for name, values in BY_SIDE.items():
        found += [Measure(name, side, value) for side, value in zip(Side, values, strict=True)]
    found.append(Measure("flavum_thickness_mm", Side.LEFT, 3.5, "", 0.4))
    reason = "the joint of this side is not drawn"
    found.append(Measure("flavum_thickness_mm", Side.RIGHT, None, reason))
    return tuple(found)


def _ring(centre: tuple[float, float], half: tuple[float, float]) -> Line:
    angle = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    return np.column_stack(
        [centre[0] + half[0] * np.cos(angle), centre[1] + half[1] * np.sin(angle)]
    )


def outlines() -> Outlines:
    """A slice with a herniation on the left: what a drawing by hand would hold."""
    disc = _ring((0.0, -20.0), (25.0, 16.0))
    bulge = 4.0 * np.exp(-(((disc[:, 0] - 3.5) / 4.0) ** 2))
    disc[:, 1] += np.where(disc[:, 1] > -20.0, bulge, 0.0)
    x = np.linspace(-11.0, 11.0, 23)
    return Outlines(
        disc=disc,
        sac=_ring((-1.0, 4.5), (6.6, 4.5)),
        canal_back=np.column_stack([x, 12.0 - 0.07 * x**2]),
        facets={side: _ring((sign * 17.0, 8.0), (6.0, 8.0)) for side, sign in _SIGNS},
        joints={side: np.array([(sign * 11.0, 6.0), (sign * 17.0, 0.0)]) for side, sign in _SIGNS},
        traversing_roots={side: Root((sign * 8.0, 0.5), 3.6) for side, sign in _SIGNS},
        exiting_roots={side: Root((sign * 21.0, -6.0), 5.0) for side, sign in _SIGNS},
        roots_in_sac=(Root((-3.0, 6.0), 1.0), Root((1.0, 6.5), 1.2)),
        clusters=(_ring((-1.0, 6.2), (3.0, 1.2)),),
    )


_SIGNS = ((Side.LEFT, 1.0), (Side.RIGHT, -1.0))


_CUTS = (
    Cut(Plane.DISC, (0.97, 0.02, 0.01)),
    Cut(Plane.ENDPLATE, (0.3, 0.6, 0.1)),
    Cut(Plane.BODY, (0.05, 0.15, 0.8)),
)


def with_measures(slices: Iterable[SliceGrades]) -> tuple[SliceGrades, ...]:
    """Give every slice the measures, and one after the other each kind of cut."""
    return tuple(
        replace(item, measures=measures(), cut=_CUTS[number % len(_CUTS)])
        for number, item in enumerate(slices)
    )


@pytest.fixture(scope="session")
def measured_grades(study_grades: StudyGrades) -> StudyGrades:
    """The grades of a model that draws outlines."""
    return replace(study_grades, slices=with_measures(study_grades.slices))


@pytest.fixture
def outlined_pictures(pictures: tuple[SlicePicture, ...]) -> tuple[SlicePicture, ...]:
    """Its pictures."""
    return tuple(replace(one, outlines=outlines()) for one in pictures)
