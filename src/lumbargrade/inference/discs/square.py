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

from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.model import FloatImage

Floats = NDArray[np.float64]
Corners = NDArray[np.float64]


@dataclass(frozen=True)
class DiscSquare:
    """Edge length in depths of the disc, and in pixels; ``backward`` is by how many depths its
    middle lies behind the disc's, so that the canal is in view.
    """

    depths: float = 1.8
    pixels: int = 48
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


@dataclass(frozen=True, eq=False)
class DiscSquares:
    """Squares (n, p, p) of the discs of one slice, and the share (n,) of each that lies outside
    the slice.
    """

    pictures: FloatImage
    outside: Floats


def disc_squares(
    pixels: FloatImage, geometry: SliceGeometry, corners_mm: Corners, margin_px: int = 0
) -> DiscSquares:
    """Return the squares of the discs of one sagittal slice.

    Parameters
    ----------
    pixels : (rows, columns) float32, as ``Slice.load_pixels`` returns them.
    corners_mm : (n, 4, 3) of the discs, caudal to cranial, in patient coordinates and in the order
        of ``spine.tracing.CORNERS``.
    margin_px : extra pixels on each edge (room for augmentation), which change nothing inside.

    Returns
    -------
    p = ``DISC_SQUARE.pixels + 2 * margin_px``. Rows run to the feet and columns to the back; 0 is
    no signal and 1 that of CSF, clipped to 0..2. What lies outside the slice repeats its edge.
    """
    edge = DISC_SQUARE.pixels + 2 * margin_px
    if not len(corners_mm):
        return DiscSquares(np.zeros((0, edge, edge), dtype=np.float32), np.zeros(0))
    # Magnitude MR has no signal at 0; only an export with an offset goes below.
    picture = pixels - min(0.0, float(pixels.min()))
    frames = [_Frame.of(geometry, corners) for corners in corners_mm]
    csf = [_csf(picture, frame) for frame in frames]
    near = [max(float(np.median(csf[max(0, n - 1) : n + 2])), 1e-6) for n in range(len(csf))]
    cut = [_square(picture, frame, edge) for frame in frames]
    pictures = [square / scale for (square, _), scale in zip(cut, near, strict=True)]
    return DiscSquares(
        np.asarray(np.clip(np.stack(pictures), 0.0, BRIGHTEST), dtype=np.float32),
        np.array([outside for _, outside in cut]),
    )


@dataclass(frozen=True, eq=False)
class _Frame:
    """A disc on its slice: middle, one depth backward and one to the feet, each (column, row)."""

    middle: Floats
    backward: Floats
    footward: Floats

    @classmethod
    def of(cls, geometry: SliceGeometry, corners_mm: Floats) -> _Frame:
        spacing = np.array(geometry.pixel_spacing_mm[::-1])
        plane = np.array([geometry.to_pixel(one)[:2] for one in corners_mm]) * spacing
        backward = (plane[[1, 2]] - plane[[0, 3]]).mean(axis=0)
        footward = np.array([-backward[1], backward[0]])
        if footward @ (plane[[2, 3]] - plane[[0, 1]]).sum(axis=0) < 0:
            footward = -footward  # the slice is stored with the head below, or the front behind
        return cls(plane.mean(axis=0) / spacing, backward / spacing, footward / spacing)

    def sampled(self, picture: FloatImage, back: Floats, down: Floats) -> tuple[Floats, Floats]:
        """Return the slice (down, back) at places in depths of the disc from its middle, and
        whether each lies outside of it.
        """
        column, row = (
            self.middle[k] + back * self.backward[k] + down[:, np.newaxis] * self.footward[k]
            for k in (0, 1)
        )
        rows, columns = picture.shape
        inside = (column >= -0.5) & (column <= columns - 0.5)
        inside = inside & (row >= -0.5) & (row <= rows - 0.5)
        values = ndimage.map_coordinates(picture, [row, column], order=1, mode="nearest")
        return np.asarray(values, dtype=np.float64), ~inside


def _csf(picture: FloatImage, frame: _Frame) -> float:
    step = DISC_SQUARE.step
    back = np.arange(CSF_FROM, CSF_TO, step)
    strip, _ = frame.sampled(picture, back, np.arange(-CSF_HALF_HEIGHT, CSF_HALF_HEIGHT, step))
    return float(np.percentile(strip, CSF_PERCENTILE))


def _square(picture: FloatImage, frame: _Frame, edge: int) -> tuple[Floats, float]:
    fine = (np.arange(edge * SAMPLES) + 0.5 - edge * SAMPLES / 2) * DISC_SQUARE.step / SAMPLES
    values, outside = frame.sampled(picture, fine + DISC_SQUARE.backward, fine)
    means = values.reshape(edge, SAMPLES, edge, SAMPLES).mean(axis=(1, 3))
    return np.asarray(means, dtype=np.float64), float(outside.mean())
