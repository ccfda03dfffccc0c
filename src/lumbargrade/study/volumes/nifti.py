"""A three-dimensional NIfTI file as slices in patient coordinates."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lumbargrade.errors import StudyError
from lumbargrade.files.inflate import GZIP, inflate
from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.limits import ReadOptions
from lumbargrade.study.model import Acquisition, FloatImage, Series, Slice, Study
from lumbargrade.study.sources import SourceFile
from lumbargrade.study.uids import uid_of

NIFTI_MODALITY = "NIFTI"
"""Stands where DICOM names the modality: nothing is known of how it was acquired."""

NO_CODES = (
    "left and right are not known, nor which end is the head: the NIfTI file has no orientation "
    "(qform_code and sform_code are 0)"
)
TWO_ORIENTATIONS = (
    "left and right are not known: the sform and the qform of the NIfTI file give different "
    "orientations"
)

_SAME_WITHIN_DEG = 45.0
"""Two affines whose axes differ by less put the same side on the left."""

_RAS_TO_LPS = np.array([-1.0, -1.0, 1.0])
_SQUARE_WITHIN = 1.05
"""Voxel edges that differ by less are one length: the volume has no slices of its own."""


class Volume(NamedTuple):
    """Voxels (i, j, k), their affine into RAS mm, and why left and right are not known.

    ``sides_doubt`` is empty where they are.
    """

    values: NDArray[np.float32]
    affine: NDArray[np.float64]
    sides_doubt: str


def read_nifti(source: SourceFile, options: ReadOptions) -> Study:
    """Return the volume as the slices in which it was acquired.

    An isotropic volume is cut across the axis that lies nearest to head-feet; otherwise the slices
    lie across the longest voxel edge. Raises StudyError if the file is damaged, not
    three-dimensional, sheared or absurdly large.
    """
    try:
        volume = load_nifti(source.data, options)
        slices = tuple(
            replace(one, sides_doubt=volume.sides_doubt)
            for one in volume_slices(source, volume.values, volume.affine)
        )
    except StudyError as error:
        raise StudyError(f"{source.name}: {error}") from None
    first = slices[0]
    series = Series(first.series_instance_uid, None, first.acquisition, slices)
    return Study(uid_of(source.data, "study"), "", (series,))


def load_nifti(data: bytes, options: ReadOptions) -> Volume:
    """Return the voxels of a .nii or .nii.gz and where they lie.

    Raises StudyError if the file is damaged, not three-dimensional or absurdly large.
    """
    import nibabel  # 0.15 s that only a NIfTI file should cost

    if data[:2] == b"\x1f\x8b":
        data = inflate(data, options.max_inflated_bytes, GZIP, "gzip file", StudyError)
    try:
        image = nibabel.Nifti1Image.from_bytes(data)
        shape = tuple(int(n) for n in image.shape)
        while len(shape) > 3 and shape[-1] == 1:
            shape = shape[:-1]
        if len(shape) != 3 or min(shape) < 1:
            raise StudyError(f"a NIfTI file of shape {image.shape}: give one 3-D volume")
        if max(shape) > options.max_edge_px or 4 * np.prod(shape) > options.max_file_bytes:
            raise StudyError(f"implausible size of {shape} voxels: save it at its acquired size")
        values = np.asarray(image.dataobj, dtype=np.float32).reshape(shape)
        affine = np.asarray(image.affine, dtype=np.float64)
        doubt = _sides_doubt(image)
    except StudyError:
        raise
    except Exception as error:  # a hostile file raises anything
        raise StudyError(
            f"the NIfTI file is damaged or truncated ({type(error).__name__}): save it again"
        ) from None
    if not np.isfinite(affine).all() or not np.isfinite(values).all():
        raise StudyError("the NIfTI file holds values that are not numbers: save it again")
    return Volume(values, affine, doubt)


def _sides_doubt(image: Any) -> str:
    """Return why the header does not say where left and right are; empty where it does.

    A file has up to two affines, each with a code that says whether it means anything. Without
    one, readers assume an orientation; where there are two, some take the one, some the other.
    """
    (qform, has_qform), (sform, has_sform) = (
        one(coded=True) for one in (image.get_qform, image.get_sform)
    )
    if not has_qform and not has_sform:
        return NO_CODES
    if not has_qform or not has_sform:
        return ""
    first, second = (
        one[:3, :3] / np.maximum(np.linalg.norm(one[:3, :3], axis=0), 1e-9)
        for one in (qform, sform)
    )
    alike = float((first * second).sum(axis=0).min())
    return "" if alike >= np.cos(np.radians(_SAME_WITHIN_DEG)) else TWO_ORIENTATIONS


def volume_slices(
    source: SourceFile, values: NDArray[np.float32], affine: NDArray[np.float64]
) -> tuple[Slice, ...]:
    """Return a volume (i, j, k), whose affine leads into RAS mm, as single slices.

    Raises StudyError if the affine is no geometry of slices.
    """
    axes = affine[:3, :3] * _RAS_TO_LPS[:, None]
    origin = affine[:3, 3] * _RAS_TO_LPS
    edges = np.linalg.norm(axes, axis=0)
    if min(edges) < 1e-3:
        raise StudyError("the NIfTI file has no usable affine: save it with its geometry")
    directions = axes / edges
    across = _slice_axis(edges, directions)
    horizontal, vertical = (axis for axis in range(3) if axis != across)
    series_uid, sop_uid = uid_of(source.data, "series"), uid_of(source.data, "instance")
    acquisition = Acquisition(modality=NIFTI_MODALITY, slice_thickness_mm=float(edges[across]))
    slices = []
    for index in range(values.shape[across]):
        try:
            geometry = SliceGeometry(
                _triple(origin + index * axes[:, across]),
                _triple(directions[:, horizontal]),
                _triple(directions[:, vertical]),
                (float(edges[vertical]), float(edges[horizontal])),
                values.shape[vertical],
                values.shape[horizontal],
            )
        except ValueError as error:
            raise StudyError(f"invalid geometry: {error}; save it without shear") from None
        slices.append(
            Slice(
                series_uid,
                sop_uid,
                index + 1,
                source.name,
                geometry,
                acquisition,
                partial(_take, values, across, index),
            )
        )
    return tuple(slices)


def _slice_axis(edges: NDArray[np.float64], directions: NDArray[np.float64]) -> int:
    if max(edges) > _SQUARE_WITHIN * min(edges):
        return int(np.argmax(edges))
    return int(np.argmax(np.abs(directions[2])))


def _triple(values: NDArray[np.float64]) -> tuple[float, float, float]:
    return float(values[0]), float(values[1]), float(values[2])


def _take(values: NDArray[np.float32], axis: int, index: int) -> FloatImage:
    """Return one slice as (rows, columns): the later of the two axes runs down."""
    return np.ascontiguousarray(np.take(values, index, axis=axis).T)
