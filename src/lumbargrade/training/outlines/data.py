"""Traced slices as the outline network's training data."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from lumbargrade.errors import OutlineError, StudyError
from lumbargrade.grading.finding import Plane
from lumbargrade.inference.bundle_json import OUTLINE_PATCH
from lumbargrade.morphometry.layers import MIRRORED, Square, to_layers
from lumbargrade.morphometry.outlines import Outlines
from lumbargrade.morphometry.tracing import DRAFT_QUALITY, Tracing
from lumbargrade.study.limits import ReadOptions
from lumbargrade.study.model import Slice
from lumbargrade.study.patch import extract_patch
from lumbargrade.study.read import read_study
from lumbargrade.training.augment import Random
from lumbargrade.training.outlines.augment import change_picture, random_places, straight_places
from lumbargrade.training.outlines.loss import NOT_SAID, Target

MARGIN_PX = 36
"""Room around the square, so that it can be turned and moved."""

TRACED_FRONT_MM = -40.0
"""The front of the disc was often outside of what the tracer saw: no outline is learned from
or scored farther in front (y) of the region's centre than this."""

ASIDE_SHARE = 4
"""One patient in so many is set aside, by hash, and never trained on."""


@dataclass(frozen=True)
class TracedSlices:
    """Pictures (N, h, h) float32, masks (N, layers, h, h) of 0 to 255, known (N, layers),
    planes (N,) as the index of :class:`~lumbargrade.grading.finding.Plane` or ``NOT_SAID``,
    patients (N,),
    contrasts (N,), drafts (N,): whether the network drew them, and the outlines themselves.
    """

    pictures: NDArray[np.float32]
    masks: NDArray[np.uint8]
    known: NDArray[np.bool_]
    planes: NDArray[np.int64]
    patients: NDArray[np.str_]
    contrasts: NDArray[np.str_]
    drafts: NDArray[np.bool_]
    outlines: tuple[Outlines, ...]

    @property
    def aside(self) -> NDArray[np.bool_]:
        """Which slices (N,) are of patients that are set aside."""
        return np.array([is_set_aside(str(patient)) for patient in self.patients], dtype=bool)

    @property
    def tested(self) -> NDArray[np.bool_]:
        """Which slices (N,) the scores are of: those set aside that a person traced well."""
        return self.aside & ~self.drafts


def is_set_aside(patient: str) -> bool:
    """Say whether a patient is never trained on; the name alone decides.

    Examples
    --------
    >>> [is_set_aside(name) for name in ("P0170", "P0389")]
    [True, False]
    """
    digest = hashlib.sha256(f"set aside{patient}".encode()).hexdigest()
    return int(digest, 16) % ASIDE_SHARE == 0


def load_traced(
    tracings: Sequence[Tracing], folders: Sequence[Path], at: Callable[[int, int], None]
) -> TracedSlices:
    """Read the pictures of tracings, whose files lie in one of the ``folders``.

    ``at`` is told how many are done, of how many. Raises OutlineError if a picture cannot be
    read or is too small. There is at least one tracing.
    """
    square = Square(OUTLINE_PATCH.pixels + 2 * MARGIN_PX, OUTLINE_PATCH.spacing_mm)
    cuts, masks, known, patients = [], [], [], []
    for number, tracing in enumerate(tracings):
        path = traced_file(tracing.file, folders)
        item = traced_slice(path, tracing.pixel_spacing_mm)
        try:
            pixels, centre = item.load_pixels(), tracing.centre_px
            cut = extract_patch(pixels, item.geometry, centre, OUTLINE_PATCH, MARGIN_PX)
        except StudyError as error:
            raise OutlineError(f"{path}: {error}") from None
        drawn, there = to_layers(tracing.outlines, square)
        cuts.append(cut)
        masks.append(np.round(255 * drawn).astype(np.uint8))
        known.append(there)
        patients.append(tracing.patient)
        at(number + 1, len(tracings))
    return TracedSlices(
        np.stack(cuts),
        np.stack(masks),
        np.stack(known),
        np.array([_plane(one.plane) for one in tracings], dtype=np.int64),
        np.array(patients),
        np.array([one.contrast for one in tracings]),
        np.array([one.quality == DRAFT_QUALITY for one in tracings]),
        tuple(one.outlines for one in tracings),
    )


def _plane(plane: Plane | None) -> int:
    return NOT_SAID if plane is None else list(Plane).index(plane)


def traced_file(file: str, folders: Sequence[Path]) -> Path:
    """Return the path of a traced slice in the first folder that holds it, or in the first."""
    return next((one / file for one in folders if (one / file).exists()), folders[0] / file)


def traced_slice(path: Path, pixel_spacing_mm: float | None) -> Slice:
    """Read the one slice of a file that a tracing names; the spacing is that of a picture without
    header. Raises OutlineError if it cannot be read or holds several.
    """
    spacing = None if pixel_spacing_mm is None else (pixel_spacing_mm, pixel_spacing_mm)
    try:
        study = read_study(path, ReadOptions(pixel_spacing_mm=spacing))
    except StudyError as error:
        raise OutlineError(f"{error} (it is named by a tracing)") from None
    slices = [one for series in study.series for one in series.slices]
    if len(slices) != 1:
        raise OutlineError(f"{path}: has {len(slices)} slices, and a tracing is of one: split it")
    return slices[0]


def training_batch(
    data: TracedSlices, rows: NDArray[np.int64], random: Random
) -> tuple[Tensor, Target]:
    """Return changed pictures (n, 1, 128, 128) of ``rows`` and what to say of them."""
    places, mirrored = random_places(
        len(rows), OUTLINE_PATCH.pixels, OUTLINE_PATCH.spacing_mm, random
    )
    pictures, target = _sampled(data, rows, places)
    order = list(MIRRORED)
    masks, known = target.masks, target.known
    swapped = mirrored.reshape(-1, 1, 1, 1)
    masks = torch.where(swapped, masks[:, order], masks)
    known = torch.where(mirrored[:, None], known[:, order], known)
    return change_picture(pictures, random), Target(masks, known, target.planes, target.inside)


def plain_batch(data: TracedSlices, rows: NDArray[np.int64]) -> tuple[Tensor, Target]:
    """Return the pictures of ``rows`` as they are, and what to say of them."""
    places = straight_places(OUTLINE_PATCH.pixels, OUTLINE_PATCH.spacing_mm)
    return _sampled(data, rows, places.expand(len(rows), -1, -1, -1))


def _sampled(data: TracedSlices, rows: NDArray[np.int64], places: Tensor) -> tuple[Tensor, Target]:
    edge = data.pictures.shape[-1] * OUTLINE_PATCH.spacing_mm
    grid = places * (2.0 / edge)
    pictures = torch.from_numpy(data.pictures[rows]).unsqueeze(1)
    masks = torch.from_numpy(data.masks[rows]).float() / 255
    seen_by_tracer = (grid.abs().amax(-1) < 1) & (places[..., 1] > TRACED_FRONT_MM)
    inside = seen_by_tracer.float()[:, None]
    target = Target(
        functional.grid_sample(masks, grid, mode="bilinear", align_corners=False),
        torch.from_numpy(data.known[rows].astype(np.float32)),
        torch.from_numpy(data.planes[rows]),
        inside,
    )
    seen = functional.grid_sample(
        pictures, grid, mode="bilinear", padding_mode="border", align_corners=False
    )
    return seen, target
