"""Regions out of drawings: .voi of MRIcroGL, .nii and .nii.gz, .mha, by geometry alone.

MRIcroGL and MRIcron save a drawing (.voi) as a gzip-packed NIfTI volume. A drawing was made
on a converted volume whose axes may be flipped, permuted or oblique against the DICOM
slices, so the order of its planes says nothing: each drawn plane goes to the slice of the
study that lies in the same plane of the patient.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lumbargrade.cohort.imports.boxes import Box
from lumbargrade.errors import CohortError, StudyError
from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.limits import DEFAULT_OPTIONS, ReadOptions
from lumbargrade.study.volumes.metaimage import load_metaimage
from lumbargrade.study.volumes.nifti import load_nifti

SAME_PLANE_COSINE = float(np.cos(np.deg2rad(1.0)))
"""A plane of the mask and a slice are parallel if their normals differ by less than 1 degree."""

SAME_PLANE_SHARE = 0.25
"""They are one plane if they lie nearer than this share of the distance of two planes."""

MASK_ENDINGS = (".voi", ".nii", ".nii.gz", ".mha")

_RAS_TO_LPS = np.diag([-1.0, -1.0, 1.0, 1.0])


@dataclass(frozen=True)
class Mask:
    """A drawing: voxels (i, j, k) that are drawn, and the affine of (i, j, k) into LPS mm."""

    path: Path
    drawn: NDArray[np.bool_]
    affine: NDArray[np.float64]


@dataclass(frozen=True)
class DrawnPlane:
    """One plane of a drawing and what became of it: ``slices`` lie in it.

    ``nearest_mm`` is the distance of the nearest parallel slice; infinite where none is.
    """

    number: int
    slices: tuple[int, ...]
    boxes: tuple[Box, ...]
    nearest_mm: float


def label(path: Path) -> str:
    """Return the name of a drawing with its folder: many are called alike."""
    return "/".join(path.parts[-2:])


def load_mask(path: Path, options: ReadOptions = DEFAULT_OPTIONS) -> Mask:
    """Read a drawing; every voxel that is not 0 is drawn.

    Raises CohortError if it cannot be read, is of a format without geometry, or nothing is drawn.
    """
    try:
        if path.stat().st_size > options.max_file_bytes:
            raise CohortError(f"{path}: is too large for a mask: crop it")
        data = path.read_bytes()
    except OSError as error:
        raise CohortError(f"{path}: cannot be read ({error.strerror or error})") from None
    values: NDArray[np.generic]
    try:
        if path.suffix.lower() == ".mha":
            values, affine = load_metaimage(data, options)
        else:
            _refuse_without_geometry(path, data)
            values, affine, _ = load_nifti(data, options)
            affine = _RAS_TO_LPS @ affine
    except StudyError as error:
        raise CohortError(f"{path}: {error}") from None
    drawn = values != 0
    if not drawn.any():
        raise CohortError(f"{path}: nothing is drawn in it: draw the regions and save it again")
    if np.linalg.norm(affine[:3, :3], axis=0).min() < 1e-3:
        raise CohortError(f"{path}: has no usable affine: save it with its geometry")
    return Mask(path, drawn, affine)


def _refuse_without_geometry(path: Path, data: bytes) -> None:
    nifti = data[:2] == b"\x1f\x8b" or data[344:348] in (b"n+1\x00", b"ni1\x00")
    if path.suffix.lower() == ".voi" and not nifti:
        raise CohortError(
            f"{path}: is a .voi without geometry (of an old MRIcro, or of another program): open "
            "it on its image in MRIcroGL or MRIcron and save it as .voi or .nii.gz"
        )


def drawn_planes(mask: Mask, geometries: Sequence[SliceGeometry]) -> list[DrawnPlane]:
    """Return every drawn plane with the slices that lie in it, and the box on each.

    The axis across the planes is the one along which most slices look; a plane that is
    parallel to no slice has no ``slices`` and an infinite distance.
    """
    edges = np.linalg.norm(mask.affine[:3, :3], axis=0)
    directions = mask.affine[:3, :3] / edges
    across = _across(directions, geometries)
    parallel = [
        number
        for number, one in enumerate(geometries)
        if abs(float(one.normal @ directions[:, across])) >= SAME_PLANE_COSINE
    ]
    planes = []
    others = tuple(axis for axis in range(3) if axis != across)
    for number in np.flatnonzero(mask.drawn.any(axis=others)):
        points = _points(mask, across, int(number))
        distances = [abs(_distance(points, geometries[one])) for one in parallel]
        limit = SAME_PLANE_SHARE * float(edges[across])
        hits = tuple(one for one, away in zip(parallel, distances, strict=True) if away <= limit)
        half = mask.affine[:3, others] / 2
        boxes = tuple(_box(points, half, geometries[one]) for one in hits)
        nearest = min(distances, default=float("inf"))
        planes.append(DrawnPlane(int(number), hits, boxes, nearest))
    return planes


def _across(directions: NDArray[np.float64], geometries: Sequence[SliceGeometry]) -> int:
    normals = np.array([one.normal for one in geometries]).reshape(-1, 3)
    looks = np.abs(normals @ directions) >= SAME_PLANE_COSINE
    if looks.any():
        return int(np.argmax(looks.sum(axis=0)))
    nearness = np.abs(normals @ directions).sum(axis=0)
    return int(np.argmax(nearness))


def _points(mask: Mask, across: int, number: int) -> NDArray[np.float64]:
    """Return (n, 3) mm of the centres of the voxels drawn in one plane."""
    index = np.argwhere(np.take(mask.drawn, [number], axis=across))
    index[:, across] = number
    points: NDArray[np.float64] = index @ mask.affine[:3, :3].T + mask.affine[:3, 3]
    return points


def _distance(points: NDArray[np.float64], geometry: SliceGeometry) -> float:
    return float(((points - np.asarray(geometry.position_mm)) @ geometry.normal).mean())


def _box(points: NDArray[np.float64], half: NDArray[np.float64], geometry: SliceGeometry) -> Box:
    """Return the box around voxels whose half edges (3, 2) reach beyond their centres."""
    between_rows, between_columns = geometry.pixel_spacing_mm
    low, high = [], []
    for direction, spacing in (
        (np.asarray(geometry.row_direction), between_columns),
        (np.asarray(geometry.column_direction), between_rows),
    ):
        places = (points - np.asarray(geometry.position_mm)) @ direction / spacing
        reach = float(np.abs(direction @ half).sum()) / spacing
        low.append(float(places.min()) - reach)
        high.append(float(places.max()) + reach)
    return low[0], low[1], high[0] - low[0], high[1] - low[1]
