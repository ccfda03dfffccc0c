"""The square that the disc grader reads: cut along the disc, in its own size and brightness.

A disc is graded by its signal against CSF and bone, by its structure and by its height. So the
square is turned until the disc lies level, its edge is a multiple of the disc's depth, and
CSF behind the disc and its neighbours is 1. Training and grading both cut here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from lumbargrade.study.model import FloatImage

Floats = NDArray[np.float64]
Corners = NDArray[np.float64]
"""(n, 4, 2) of a slice's discs, caudal to cranial: (column, row) in the order of
``spine.tracing.CORNERS``."""


@dataclass(frozen=True)
class DiscSquare:
    """Edge length in depths of the disc, and in pixels; ``backward`` is by how many depths its
    middle lies behind the disc's, so that the canal is in view.
    """

    depths: float = 1.7
    pixels: int = 64
    backward: float = 0.15

    @property
    def step(self) -> float:
        """Edge length of a pixel in depths of the disc."""
        return self.depths / self.pixels


DISC_SQUARE: Final = DiscSquare()

SAMPLES = 2
"""A pixel is the mean of so many by so many samples: pictures are finer than squares."""

CSF_FROM, CSF_TO, CSF_HALF_HEIGHT = 0.52, 0.95, 0.55
"""Where the canal lies, in depths of the disc from its middle: backward, and up and down."""
CSF_PERCENTILE = 90.0
"""Of the canal: CSF is its brightest part, roots are dark."""
BRIGHTEST = 2.0
"""Limit of the squares; CSF is 1, and fat may be brighter."""


def disc_squares(pixels: FloatImage, corners_px: Corners, margin_px: int = 0) -> FloatImage:
    """Return the squares (n, p, p) of the discs of one sagittal slice.

    ``pixels`` (rows, columns) have square pixels. p is ``DISC_SQUARE.pixels``, with ``margin_px``
    more on each edge, which change nothing inside. Rows run to the feet and columns to the back;
    0 is no signal, 1 that of CSF; what lies outside the slice repeats its edge.
    """
    if not len(corners_px):
        edge = DISC_SQUARE.pixels + 2 * margin_px
        return np.zeros((0, edge, edge), dtype=np.float32)
    picture = pixels - min(0.0, float(pixels.min()))
    csf = np.array([_csf(picture, one) for one in corners_px])
    near = [csf[max(0, n - 1) : n + 2] for n in range(len(csf))]
    squares = [
        _square(picture, one, margin_px) / max(float(np.median(some)), 1e-6)
        for one, some in zip(corners_px, near, strict=True)
    ]
    return np.asarray(np.clip(np.stack(squares), 0.0, BRIGHTEST), dtype=np.float32)


def _square(picture: FloatImage, corners: Floats, margin_px: int) -> Floats:
    edge = DISC_SQUARE.pixels + 2 * margin_px
    axis = (np.arange(edge * SAMPLES) + 0.5 - edge * SAMPLES / 2) * DISC_SQUARE.step / SAMPLES
    fine = _sampled(picture, corners, axis + DISC_SQUARE.backward, axis)
    parts = fine.reshape(edge, SAMPLES, edge, SAMPLES)
    return np.asarray(parts.mean(axis=(1, 3)), dtype=np.float64)


def _csf(picture: FloatImage, corners: Floats) -> float:
    step = DISC_SQUARE.step
    strip = _sampled(
        picture,
        corners,
        np.arange(CSF_FROM, CSF_TO, step),
        np.arange(-CSF_HALF_HEIGHT, CSF_HALF_HEIGHT, step),
    )
    return float(np.percentile(strip, CSF_PERCENTILE))


def _sampled(picture: FloatImage, corners: Floats, back: Floats, down: Floats) -> Floats:
    """(down, back): the slice at places in depths of the disc from its middle."""
    front, rear = corners[[0, 3]].mean(axis=0), corners[[1, 2]].mean(axis=0)
    along = rear - front
    footward = np.array([-along[1], along[0]])
    if footward @ (corners[[2, 3]].sum(axis=0) - corners[[0, 1]].sum(axis=0)) < 0:
        footward = -footward  # rows of the slice run to the head, or its columns to the front
    middle = corners.mean(axis=0)
    columns, rows = (
        middle[k] + back[np.newaxis] * along[k] + down[:, np.newaxis] * footward[k] for k in (0, 1)
    )
    found = ndimage.map_coordinates(picture, [rows, columns], order=1, mode="nearest")
    return np.asarray(found, dtype=np.float64)
