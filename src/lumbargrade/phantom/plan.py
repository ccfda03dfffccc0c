"""Where the slices go: axial blocks angled per disc or one stack, and sagittal slices."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lumbargrade.phantom.anatomy.anatomy import Anatomy
from lumbargrade.phantom.anatomy.spine import plane_of_level
from lumbargrade.phantom.imaging.scanner import Protocol
from lumbargrade.study.geometry import SliceGeometry

Vector = NDArray[np.float64]

SLICES_PER_BLOCK = 3
STACK_SLICES = 15
SAGITTAL_SLICES = 9
SAGITTAL_MATRIX = 256
SAGITTAL_FIELD_MM = 250.0


def plan_axial(
    anatomy: Anatomy, protocol: Protocol, rng: np.random.Generator
) -> tuple[SliceGeometry, ...]:
    """Plan the axial slices, caudal to cranial: blocks along each disc, or one parallel stack."""
    step = protocol.slice_thickness_mm * rng.uniform(1.0, 1.15)
    shift = rng.normal(0, 4.0, 2)
    swing = np.deg2rad(rng.normal(0, 1.5))
    planned = []
    if protocol.parallel_stack:
        tilt = float(np.mean(anatomy.spine.tilts_rad[2:5]))
        middle = anatomy.spine.origins_mm[3] + rng.normal(0, 4)
        step = max(step, 5.0)
        for number in np.arange(STACK_SLICES) - (STACK_SLICES - 1) / 2:
            planned.append(_axial(middle, tilt, number * step, (swing, *shift), protocol))
        return tuple(planned)
    for index in range(4, -1, -1):
        plane = plane_of_level(index)
        tilt = float(anatomy.spine.tilts_rad[plane] + np.deg2rad(rng.normal(0, 2.0)))
        offset = rng.normal(0, 0.7)
        for number in range(SLICES_PER_BLOCK):
            height = offset + (number - (SLICES_PER_BLOCK - 1) / 2) * step
            origin = anatomy.spine.origins_mm[plane]
            planned.append(_axial(origin, tilt, height, (swing, *shift), protocol))
    return tuple(planned)


def _axial(
    origin: Vector,
    tilt: float,
    height: float,
    placing: tuple[float, float, float],
    protocol: Protocol,
) -> SliceGeometry:
    """One axial slice ``height`` mm above a point, turned in its plane by a little."""
    swing, right, back = placing
    posterior = np.array([0.0, np.cos(tilt), np.sin(tilt)])
    normal = np.array([0.0, -np.sin(tilt), np.cos(tilt)])
    left = np.array([1.0, 0.0, 0.0])
    row = np.cos(swing) * left + np.sin(swing) * posterior
    column = -np.sin(swing) * left + np.cos(swing) * posterior
    field = protocol.pixel_spacing_mm * (protocol.scanner.matrix - 1)
    center = origin + height * normal + right * left + back * posterior
    # the spine lies in the middle of a wide field, and behind it in a narrow one
    center = center + (0.10 * field - 22.0) * -posterior
    corner = center - row * field / 2 - column * field / 2
    matrix = protocol.scanner.matrix
    spacing = (protocol.pixel_spacing_mm, protocol.pixel_spacing_mm)
    return SliceGeometry(_triple(corner), _triple(row), _triple(column), spacing, matrix, matrix)


def plan_sagittal(anatomy: Anatomy, rng: np.random.Generator) -> tuple[SliceGeometry, ...]:
    """Plan the sagittal slices, the patient's right to left."""
    spacing = SAGITTAL_FIELD_MM / SAGITTAL_MATRIX
    middle = anatomy.spine.origins_mm[4] + [rng.normal(0, 1.5), rng.normal(-8, 5), rng.normal(0, 8)]
    planned = []
    for number in np.arange(SAGITTAL_SLICES) - (SAGITTAL_SLICES - 1) / 2:
        center = middle + np.array([number * 4.5, 0, 0])
        corner = center + np.array([0, -1, 1]) * SAGITTAL_FIELD_MM / 2
        planned.append(
            SliceGeometry(
                _triple(corner),
                (0.0, 1.0, 0.0),
                (0.0, 0.0, -1.0),
                (spacing, spacing),
                SAGITTAL_MATRIX,
                SAGITTAL_MATRIX,
            )
        )
    return tuple(planned)


def _triple(vector: Vector) -> tuple[float, float, float]:
    return float(vector[0]), float(vector[1]), float(vector[2])
