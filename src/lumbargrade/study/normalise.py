"""Intensities made comparable between scanners, coils and places in the picture.

A spine coil lies under the back, so the same fat is many times brighter behind than in
front. In the logarithm of intensity that fall-off is nearly a plane over a slice: it is
fitted on coarse blocks and divided out, and percentiles then set the scale.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lumbargrade.study.model import FloatImage

LOW, HIGH = -0.5, 2.0
"""Limits of a normalised picture."""

BLOCKS = 16
"""The plane is fitted on this many blocks along each edge."""

UPPER_SHARE = 0.85
"""Weight of a block that lies above the plane (1 - this below it): the plane follows
the brighter tissue (fat, CSF), which is found everywhere, and not the dark muscle."""

DARK_SHARE = 0.04
"""Blocks darker than this share of the brightest tell of noise or air, not of the coil."""

REWEIGHTINGS = 8
MAX_LOG_RANGE = 1.5
"""Largest change of log gain from the middle to the edge of the window."""


def normalise(
    picture: FloatImage, inside: NDArray[np.bool_], window: tuple[slice, slice]
) -> FloatImage:
    """Divide the coil gradient out and scale fat and CSF to about 1.

    Parameters
    ----------
    picture : (n, n) float32.
    inside : (n, n), False where the picture lies outside the slice.
    window : (rows, columns) of the part whose statistics are used.

    Returns
    -------
    (n, n) float32, clipped to [-0.5, 2]; all 0 where the window is flat.
    """
    part, part_inside = picture[window], inside[window]
    values = part[part_inside]
    if values.size == 0 or float(values.max()) <= float(values.min()):
        return np.zeros_like(picture)
    # Magnitude MR has no signal at 0; only an export with an offset goes below.
    floor = min(0.0, float(values.min()))
    gain = _gain(picture, part - floor, part_inside, window)
    flat = (picture - floor) / gain
    low, high = np.percentile(flat[window][part_inside], (0.5, 95.0))
    scaled: FloatImage = np.clip((flat - low) / max(float(high - low), 1e-12), LOW, HIGH)
    return scaled.astype(np.float32, copy=False)


def _gain(
    picture: FloatImage, part: FloatImage, inside: NDArray[np.bool_], window: tuple[slice, slice]
) -> FloatImage:
    """Return the fitted gain over the whole picture, 1 at the middle of the window."""
    rows, columns = (np.arange(n, dtype=np.float64) for n in picture.shape)
    v, u = (
        _centred(axis, axis[part_of_axis])
        for axis, part_of_axis in zip((rows, columns), window, strict=True)
    )
    slope_u, slope_v = _plane(part, inside)
    across = np.clip(slope_u * u, -MAX_LOG_RANGE, MAX_LOG_RANGE)
    down = np.clip(slope_v * v, -MAX_LOG_RANGE, MAX_LOG_RANGE)
    gain: FloatImage = np.multiply.outer(np.exp(down), np.exp(across)).astype(np.float32)
    return gain


def _centred(axis: NDArray[np.float64], part: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return positions scaled so that the window runs from -1 to 1."""
    middle, half = (part[0] + part[-1]) / 2, part.size / 2
    centred: NDArray[np.float64] = (axis - middle) / half
    return centred


def _plane(part: FloatImage, inside: NDArray[np.bool_]) -> tuple[float, float]:
    """Fit log intensity of the bright tissue = a + slope_u * u + slope_v * v."""
    size = part.shape[0] // BLOCKS
    used = size * BLOCKS
    shape = (BLOCKS, size, BLOCKS, size)
    means = part[:used, :used].reshape(shape).mean(axis=(1, 3), dtype=np.float64)
    whole = inside[:used, :used].reshape(shape).all(axis=(1, 3))
    keep = whole & (means > DARK_SHARE * means.max())
    if keep.sum() < BLOCKS:
        return 0.0, 0.0
    place = (np.arange(BLOCKS) + 0.5) * 2 / BLOCKS - 1
    v, u = np.meshgrid(place, place, indexing="ij")
    design = np.stack([np.ones(int(keep.sum())), u[keep], v[keep]], axis=1)
    target = np.log(means[keep])
    weights = np.ones_like(target)
    fit = np.zeros(3)
    for _ in range(REWEIGHTINGS):
        weighted = design * weights[:, None]
        # The small ridge keeps a single row or column of blocks solvable.
        fit = np.linalg.solve(weighted.T @ design + 1e-6 * np.eye(3), weighted.T @ target)
        weights = np.where(target > design @ fit, UPPER_SHARE, 1 - UPPER_SHARE)
    return float(fit[1]), float(fit[2])
