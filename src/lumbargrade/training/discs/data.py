"""Traced sagittal slices as the disc finder's training data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from lumbargrade.errors import OutlineError
from lumbargrade.inference.sagittal.square import FINDER_SQUARE
from lumbargrade.spine.tracing import LUMBOSACRAL, NAMES, DiscTracing
from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.model import Slice
from lumbargrade.study.patch import SAGITTAL_VIEW, OverviewSpec, overview
from lumbargrade.study.series.kind import plane_of
from lumbargrade.study.series.sagittal import SAGITTAL
from lumbargrade.study.volumes.picture import PICTURE_MODALITY
from lumbargrade.training.augment import Random
from lumbargrade.training.discs.augment import random_maps, shorten
from lumbargrade.training.discs.loss import Target
from lumbargrade.training.outlines.augment import change_picture
from lumbargrade.training.outlines.data import is_set_aside, traced_file, traced_slice

PACKED = OverviewSpec(FINDER_SQUARE.spacing_mm, 288)
"""Of each slice 432 mm are kept, so that it can be moved, turned and made smaller."""
MOST_DISCS = 12
"""Of a slice, from the lowest upward: more do not fit into the finder's square."""


@dataclass(frozen=True)
class TracedDiscs:
    """Pictures (N, 288, 288) float16 of 1.5 mm; corners (N, discs, 4, 2: x to the back, y to the
    feet) in mm from their middle, caudal to cranial, NaN where there is none; on_sacrum (N,)
    whether the first disc lies on the sacrum; patients (N,); simulated (N,).
    """

    pictures: NDArray[np.float16]
    corners_mm: NDArray[np.float32]
    on_sacrum: NDArray[np.bool_]
    patients: NDArray[np.str_]
    simulated: NDArray[np.bool_]

    @property
    def aside(self) -> NDArray[np.bool_]:
        """Which slices (N,) are never trained on: those of people set aside."""
        return np.array(
            [
                not simulated and is_set_aside(str(patient))
                for patient, simulated in zip(self.patients, self.simulated, strict=True)
            ],
            dtype=bool,
        )


def load_discs(
    tracings: Sequence[DiscTracing], folders: Sequence[Path], at: Callable[[int, int], None]
) -> TracedDiscs:
    """Read the slices of tracings, whose files lie in one of the ``folders``.

    ``at`` is told how many are done, of how many. Raises OutlineError if one cannot be read.
    There is at least one tracing.
    """
    pictures, corners = [], []
    for number, tracing in enumerate(tracings):
        item = read_sagittal(traced_file(tracing.file, folders), tracing.pixel_spacing_mm)
        picture, frame = overview(item.load_pixels(), item.geometry, PACKED, SAGITTAL_VIEW)
        pictures.append(picture.astype(np.float16))
        places = np.full((MOST_DISCS, 4, 2), np.nan, dtype=np.float32)
        named = [tracing.discs[name] for name in NAMES if name in tracing.discs][:MOST_DISCS]
        for row, disc in enumerate(named):
            square = np.array([frame.from_pixel(*corner) for corner in disc])
            places[row] = (square - (PACKED.pixels - 1) / 2) * PACKED.spacing_mm
        corners.append(places)
        at(number + 1, len(tracings))
    return TracedDiscs(
        np.stack(pictures),
        np.stack(corners),
        np.array([one.sacrum_seen and LUMBOSACRAL in one.discs for one in tracings]),
        np.array([one.patient for one in tracings]),
        np.array([one.simulated for one in tracings]),
    )


def read_sagittal(path: Path, pixel_spacing_mm: float | None) -> Slice:
    """Read a sagittal slice; a picture without header shows the patient's front on its left and
    their head at its top. Raises OutlineError if it cannot be read or is not one
    sagittal slice.
    """
    item = traced_slice(path, pixel_spacing_mm)
    if item.acquisition.modality == PICTURE_MODALITY:
        return _upright(item)
    if (plane := plane_of(item.geometry.normal)) != SAGITTAL:
        raise OutlineError(f"{path}: is {plane}: mark discs on sagittal slices")
    return item


def _upright(item: Slice) -> Slice:
    own = item.geometry
    geometry = SliceGeometry(
        (0.0, 0.0, 0.0), *SAGITTAL_VIEW, own.pixel_spacing_mm, own.rows, own.columns
    )
    return replace(item, geometry=geometry)


def training_batch(
    data: TracedDiscs, rows: NDArray[np.int64], random: Random
) -> tuple[Tensor, Target]:
    """Return changed pictures (n, 1, 192, 192) of ``rows`` and where their discs are."""
    matrix, shift = random_maps(len(rows), random)
    shift = shift + _spine_middle(data, rows)
    pictures, target = _sampled(data, rows, matrix, shift)
    changed = change_picture(pictures, random)
    return shorten(changed, FINDER_SQUARE.spacing_mm, random), target


def plain_batch(data: TracedDiscs, rows: NDArray[np.int64]) -> tuple[Tensor, Target]:
    """Return the middles of the pictures of ``rows`` as they are, and where their discs are."""
    count = len(rows)
    return _sampled(data, rows, torch.eye(2).expand(count, 2, 2), torch.zeros(count, 2))


def _spine_middle(data: TracedDiscs, rows: NDArray[np.int64]) -> Tensor:
    """(n, 2): the field is laid about half way between the discs and the picture's middle."""
    middles = np.nanmean(data.corners_mm[rows], axis=(1, 2))
    return torch.from_numpy(0.5 * middles)


def _sampled(
    data: TracedDiscs, rows: NDArray[np.int64], matrix: Tensor, shift: Tensor
) -> tuple[Tensor, Target]:
    edge, spacing = FINDER_SQUARE.pixels, FINDER_SQUARE.spacing_mm
    axis = (torch.arange(edge) + 0.5 - edge / 2) * spacing
    y, x = torch.meshgrid(axis, axis, indexing="ij")
    places = torch.einsum("nij,hwj->nhwi", matrix, torch.stack([x, y], dim=-1))
    grid = (places + shift[:, None, None]) * (2.0 / (PACKED.pixels * PACKED.spacing_mm))
    pictures = torch.from_numpy(data.pictures[rows].astype(np.float32)).unsqueeze(1)
    seen = functional.grid_sample(pictures, grid, mode="bilinear", align_corners=False)
    corners = torch.from_numpy(data.corners_mm[rows]) - shift[:, None, None]
    back = torch.linalg.inv(matrix)
    return seen, Target(
        torch.einsum("nij,ndcj->ndci", back, corners), torch.from_numpy(data.on_sacrum[rows])
    )
