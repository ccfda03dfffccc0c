"""Grades of one axial slice, from geometry alone.

The formulas are written against the anatomy's shapes, not against the picture, and no
code is shared with the painters. Criteria: Mysliwiec 2010 (LDH), Lee 2011 (LCCS),
Pfirrmann 2004 (LNRC); the thresholds in mm are the project's own design values.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lumbargrade.grading.level import Level
from lumbargrade.phantom.anatomy.anatomy import Anatomy
from lumbargrade.phantom.anatomy.level import LEAST_LINE_MM, DiscLevel
from lumbargrade.phantom.anatomy.roots import exited_level, nominal_course, sac_roots_at
from lumbargrade.phantom.simulated import SliceTruth
from lumbargrade.study.geometry import SliceGeometry

Values = NDArray[np.floating[Any]]

HERNIATION_TOLERANCE_MM = 1.0
VENTRAL_CSF_MM = 1.0
ROOT_CLUSTER_MM = 0.5
CLUSTER_SOME, CLUSTER_ALL = 1 / 3, 0.9
CONTACT_MM = 0.4
DEVIATION_MM = 1.0
COMPRESSION_ROOM = 1.5
"""A root is compressed in a recess narrower than this many root radii."""
POSTERIOR_DISC_SHARE = 0.36
"""Half the posterior disc height as a share of the height in the middle."""
DISC_MARGIN_MM = 1.0
"""A slice this far beyond the disc still shows it: slices are about 4 mm thick."""


@dataclass(frozen=True)
class SliceCut:
    """Where a slice crosses the midline: ``v`` and ``zeta`` along it (both (n,) in mm)."""

    v_mm: Values
    zeta_mm: Values
    along_mm: Values

    def zeta_at(self, v: Values | float) -> Values:
        """``zeta`` of the slice at ``v``."""
        return np.asarray(np.interp(v, self.v_mm, self.zeta_mm))

    @property
    def stretch(self) -> float:
        """Length on the slice of one mm of ``v``, near the canal."""
        near = np.abs(self.v_mm - 8) < 8
        return float(np.ptp(self.along_mm[near]) / np.ptp(self.v_mm[near]))


def cut_midline(anatomy: Anatomy, geometry: SliceGeometry) -> SliceCut:
    """Follow a slice through the midline, from 50 mm in front of the canal to 50 behind."""
    point = geometry.center_mm
    back = np.asarray(geometry.column_direction)
    back = back if back[1] > 0 else -back
    near = anatomy.spine.origins_mm[:, 1:]
    distance = np.abs((near - point[1:]) @ geometry.normal[1:])
    start = float((near[int(distance.argmin())] - point[1:]) @ back[1:])
    along = start + np.linspace(-60, 60, 121)
    points = (point[None] + along[:, None] * back[None]).astype(np.float32)
    points[:, 0] = 0
    _, v, zeta = anatomy.spine.to_spine(points)
    order = np.argsort(v)
    return SliceCut(v[order].astype(float), zeta[order].astype(float), along[order])


def grade_slice(anatomy: Anatomy, geometry: SliceGeometry) -> SliceTruth:
    """Return the truth of one axial slice; a grade that the slice cannot show is None."""
    cut = cut_midline(anatomy, geometry)
    here = float(cut.zeta_at(4.0))
    index = int(np.argmin([abs(here - anatomy.disc_zeta(i)) for i in range(5)]))
    level = anatomy.canal.levels[index]
    w_margin = float(cut.zeta_at(0.0)) - anatomy.disc_zeta(index)
    half_height = POSTERIOR_DISC_SHARE * level.disc_height + DISC_MARGIN_MM
    disc_in_plane = abs(w_margin) <= half_height
    measures = {"disc_plane_offset_mm": w_margin, "disc_height_mm": level.disc_height}
    grades: dict[str, int | None] = dict.fromkeys(("LDH", "LCCS", "LNRC_left", "LNRC_right"))
    grades["LCCS"] = _stenosis(anatomy, cut, measures)
    if disc_in_plane:
        grades["LDH"] = _herniation(anatomy, level, cut, measures)
        for side, name in enumerate(("LNRC_left", "LNRC_right")):
            grades[name] = _root(anatomy, level, side, cut, measures)
    center = anatomy.spine.to_patient(0.0, _canal_middle(anatomy, here), here)
    column, row, _ = geometry.to_pixel(center)
    return SliceTruth(tuple(Level)[index], disc_in_plane, (column, row), grades, measures)


def _canal_middle(anatomy: Anatomy, zeta: float) -> float:
    """``v`` half-way between the canal's bony walls, which disease does not move."""
    depth = np.interp(
        zeta,
        [anatomy.disc_zeta(i) for i in range(4, -1, -1)],
        [level.canal_depth for level in anatomy.canal.levels[::-1]],
    )
    return 0.5 * float(depth) - 1.0


def _herniation(
    anatomy: Anatomy, level: DiscLevel, cut: SliceCut, measures: dict[str, float]
) -> int:
    """MSU size: largest focal displacement against the distance to the intra-facet line."""
    u = np.linspace(-24, 24, 193)
    margin = level.base_margin(u)
    for _ in range(3):  # the slice's height over the disc depends on where the margin lies
        w = cut.zeta_at(margin) - anatomy.disc_zeta(level.index)
        margin = level.base_margin(u) + level.displacement(u, w)
    height = level.displacement(u, w)
    largest = int(height.argmax())
    line = float(level.shape.facet_line(u)[largest])
    distance = max(line - float(level.base_margin(u)[largest]), LEAST_LINE_MM)
    ratio = float(height[largest]) / distance
    measures |= {
        "disc_displacement_mm": float(height[largest]),
        "facet_line_distance_mm": distance,
        "herniation_ratio": ratio,
        "herniation_u_mm": float(u[largest]),
        "bulge_mm": level.prior.bulge_mm,
        "facet_half_line_mm": level.facet_half_line,
    }
    return msu_grade(float(height[largest]), ratio)


def msu_grade(height_mm: float, ratio: float) -> int:
    """Return the grade of Mysliwiec 2010 from a focal displacement, and its share of the way to
    the intra-facet line.
    """
    if height_mm <= HERNIATION_TOLERANCE_MM:
        return 0
    return 1 if ratio <= 0.5 else 2 if ratio <= 1.0 else 3


def _stenosis(anatomy: Anatomy, cut: SliceCut, measures: dict[str, float]) -> int:
    """Lee grade: CSF in front of the roots, and how many of them lie in one cluster."""
    canal = anatomy.canal
    middle = float(canal.along(canal.center_v_mm, np.array([float(cut.zeta_at(7.0))]))[0])
    zeta = float(cut.zeta_at(middle))
    angle = np.linspace(0, 2 * np.pi, 128, endpoint=False)
    radius = canal.sac_radius(angle, np.full(128, zeta))
    edge = cut.zeta_at(middle + radius * np.sin(angle))
    radius = canal.sac_radius(angle, edge)
    area = float(np.sum(radius**2) * np.pi / 128) * cut.stretch
    point, size = sac_roots_at(anatomy.sac_roots, canal, zeta, exited_level(anatomy.spine, zeta))
    front = ventral_gap(angle, radius, point - [0.0, middle], size)
    share = largest_cluster(point, size)
    measures |= {
        "sac_area_mm2": area,
        "sac_depth_mm": float(radius[32] + radius[96]) * cut.stretch,
        "ventral_csf_mm": front,
        "largest_root_cluster": share,
        "csf_share": 1.0 - float(np.sum(np.pi * size**2)) / area,
    }
    return lee_grade(front, share)


def lee_grade(ventral_csf_mm: float, largest_cluster_share: float) -> int:
    """Return the grade of Lee 2011 from CSF in front of the roots and how many lie together."""
    if ventral_csf_mm >= VENTRAL_CSF_MM:
        return 0
    share = largest_cluster_share
    return 1 if share <= CLUSTER_SOME else 2 if share < CLUSTER_ALL else 3


def ventral_gap(angle: Values, radius: Values, point: Values, size: Values) -> float:
    """Least CSF (mm) between the ventral dura and a root in the middle half of the sac."""
    half_width = float(radius[0] + radius[len(radius) // 2]) / 2
    ventral = np.sin(angle) < 0
    u, v = radius[ventral] * np.cos(angle[ventral]), radius[ventral] * np.sin(angle[ventral])
    order = np.argsort(u)
    middle = np.abs(point[:, 0]) <= half_width / 2
    dura = np.interp(point[middle, 0], u[order], v[order])
    gaps = point[middle, 1] - size[middle] - dura
    return float(gaps.min()) if len(gaps) else float(-v.min())


def largest_cluster(point: Values, size: Values) -> float:
    """Share of the roots in the largest group whose members are under 0.5 mm apart."""
    delta = point[:, None] - point[None]
    apart = np.sqrt((delta**2).sum(axis=-1)) - size[:, None] - size[None]
    linked = apart < ROOT_CLUSTER_MM
    label = np.arange(len(size))
    for _ in range(len(size)):
        lowest = np.where(linked, label[None], len(size)).min(axis=1)
        if np.array_equal(lowest, label):
            break
        label = lowest
    return float(np.bincount(label).max() / len(size))


def _root(
    anatomy: Anatomy, level: DiscLevel, side: int, cut: SliceCut, measures: dict[str, float]
) -> int:
    """Pfirrmann grade of the traversing root of one side (0 = left, 1 = right)."""
    sign, name = ((1.0, "left"), (-1.0, "right"))[side]
    w = float(cut.zeta_at(level.root_v(side))) - anatomy.disc_zeta(level.index)
    at = np.array([w])
    u, v, radius = (float(value[0]) for value in nominal_course(level, side, at))
    front = float(level.ventral_wall(np.array([sign * u]), at)[0])
    wall = float(level.back_wall(np.array([sign * u]), at)[0])
    gap, room = v - radius - front, wall - front
    shift = max(0.0, -gap)
    measures |= {
        f"root_gap_{name}_mm": gap,
        f"root_shift_{name}_mm": shift,
        f"recess_room_{name}_mm": room,
        f"root_radius_{name}_mm": radius,
        f"root_squeezed_without_disc_{name}": float(
            gap > CONTACT_MM and room < COMPRESSION_ROOM * radius
        ),
    }
    return pfirrmann_grade(gap, room, radius)


def pfirrmann_grade(gap_mm: float, room_mm: float, radius_mm: float) -> int:
    """Return the grade of Pfirrmann 2004 of a root of this radius.

    ``gap_mm`` lies between it and the disc before it gives way, below 0 where the disc pushes it
    back; ``room_mm`` is the depth of the recess behind the disc.
    """
    if gap_mm > CONTACT_MM:
        return 0
    if room_mm < COMPRESSION_ROOM * radius_mm:
        return 3
    return 2 if -gap_mm > DEVIATION_MM else 1
