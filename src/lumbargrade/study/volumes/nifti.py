"""A three-dimensional NIfTI file as slices in patient coordinates."""

from __future__ import annotations

import logging
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lumbargrade.errors import StudyError
from lumbargrade.files.inflate import GZIP, inflate
from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.limits import MEGABYTE, Budget, ReadOptions
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


class StoredVolume(NamedTuple):
    """A volume whose voxels are scaled when they are asked for.

    ``voxels`` (i, j, k) are as stored, and a view of the file; ``affine`` and ``sides_doubt`` are
    as in :class:`Volume`. Stored value * slope + inter = intensity.
    """

    voxels: NDArray[np.generic]
    affine: NDArray[np.float64]
    sides_doubt: str = ""
    slope: float = 1.0
    inter: float = 0.0


class Volume(NamedTuple):
    """Voxels (i, j, k), their affine into RAS mm, and why left and right are not known.

    ``sides_doubt`` is empty where they are.
    """

    values: NDArray[np.float32]
    affine: NDArray[np.float64]
    sides_doubt: str


def read_nifti(source: SourceFile, budget: Budget) -> Study:
    """Return the volume as the slices in which it was acquired.

    An isotropic volume is cut across the axis that lies nearest to head-feet; otherwise the slices
    lie across the longest voxel edge. Raises StudyError if the file is damaged, not
    three-dimensional, sheared or absurdly large. A slice is scaled when its pixels are loaded.
    """
    try:
        limit = budget.unpacked_bytes(len(source.data))
        stored = _stored(source.data, budget.options, limit)
        for index in range(stored.voxels.shape[2]):  # plane by plane, as they lie in the file
            _check_numbers(_scaled(stored, stored.voxels[:, :, index]))
        slices = tuple(
            replace(one, sides_doubt=stored.sides_doubt)
            for one in volume_slices(source, stored, budget)
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
    stored = _stored(data, options, options.max_inflated_bytes)
    values = _scaled(stored, stored.voxels)
    _check_numbers(values)
    return Volume(values, stored.affine, stored.sides_doubt)


def _stored(data: bytes, options: ReadOptions, limit_bytes: int) -> StoredVolume:
    """Return the volume of a .nii, or of a .nii.gz that unpacks to ``limit_bytes`` at most."""
    import nibabel  # 0.15 s that only a NIfTI file should cost

    if data[:2] == b"\x1f\x8b":
        data = inflate(data, limit_bytes, GZIP, "gzip file", StudyError)
    # What it prints of a damaged header is raised, too.
    logging.getLogger("nibabel.global").setLevel(logging.CRITICAL)
    try:
        image = nibabel.Nifti1Image.from_bytes(data)
        shape = tuple(int(n) for n in image.shape)
        while len(shape) > 3 and shape[-1] == 1:
            shape = shape[:-1]
        if len(shape) != 3 or min(shape) < 1:
            raise StudyError(f"a NIfTI file of shape {image.shape}: give one 3-D volume")
        if max(shape) > options.max_edge_px or np.prod(shape) > options.max_voxels:
            raise StudyError(f"implausible size of {shape} voxels: save it at its acquired size")
        if len(data) > options.max_inflated_bytes:
            raise StudyError(
                f"a NIfTI file of {len(data) / MEGABYTE:.0f} MB "
                f"({options.max_inflated_bytes / MEGABYTE:.0f} MB is allowed): "
                "save it as 16-bit numbers, or crop it"
            )
        lies: Any = image.dataobj  # knows where the voxels are, and copies them all if asked
        count = int(np.prod(shape))
        stored = np.frombuffer(data, dtype=lies.dtype, count=count, offset=lies.offset)
        affine = np.asarray(image.affine, dtype=np.float64)
        doubt = _sides_doubt(image)
    except StudyError:
        raise
    except Exception as error:  # a hostile file raises anything
        raise StudyError(
            f"the NIfTI file is damaged or truncated ({type(error).__name__}): save it again"
        ) from None
    _check_numbers(affine)
    voxels = stored.reshape(shape, order="F")
    return StoredVolume(voxels, affine, doubt, float(lies.slope), float(lies.inter))


def _check_numbers(values: NDArray[np.floating]) -> None:
    if not np.isfinite(values).all():
        raise StudyError("the NIfTI file holds values that are not numbers: save it again")


def _scaled(stored: StoredVolume, voxels: NDArray[np.generic]) -> NDArray[np.float32]:
    """Return some of the voxels as intensities, as nibabel computes them."""
    from nibabel.volumeutils import apply_read_scaling  # as above

    scaled = apply_read_scaling(voxels, np.float64(stored.slope), np.float64(stored.inter))
    return np.asarray(scaled, dtype=np.float32)


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


def volume_slices(source: SourceFile, stored: StoredVolume, budget: Budget) -> tuple[Slice, ...]:
    """Return a volume as single slices, whose pixels are counted by ``budget``.

    Raises StudyError if the affine is no geometry of slices.
    """
    affine, shape = stored.affine, stored.voxels.shape
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
    for index in range(shape[across]):
        try:
            geometry = SliceGeometry(
                _triple(origin + index * axes[:, across]),
                _triple(directions[:, horizontal]),
                _triple(directions[:, vertical]),
                (float(edges[vertical]), float(edges[horizontal])),
                shape[vertical],
                shape[horizontal],
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
                partial(_take, stored, across, index, budget),
            )
        )
    return tuple(slices)


def _slice_axis(edges: NDArray[np.float64], directions: NDArray[np.float64]) -> int:
    if max(edges) > _SQUARE_WITHIN * min(edges):
        return int(np.argmax(edges))
    return int(np.argmax(np.abs(directions[2])))


def _triple(values: NDArray[np.float64]) -> tuple[float, float, float]:
    return float(values[0]), float(values[1]), float(values[2])


def _take(stored: StoredVolume, axis: int, index: int, budget: Budget) -> FloatImage:
    """Return one slice as (rows, columns): the later of the two axes runs down."""
    plane = np.take(stored.voxels, index, axis=axis)
    budget.take_pixels(plane.size)
    return np.ascontiguousarray(_scaled(stored, plane).T)
