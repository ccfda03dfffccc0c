"""Figures of the scan: noise, sharpness and clipping, in the slice's own pixels."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from benchmarks.real.realism.seen import Floats, Seen

WINDOW_PX = 7
"""Edge length of the windows in which noise is looked for."""
FLATTEST = 0.05
"""Share of the windows, those that a plane fits best, that are taken for noise alone."""
DARKEST = 0.08
"""Of the brightest (95th of 100): darker windows are air or cortex, where noise is not Gaussian."""

PIXEL = "pixel, mm"
LAG = "noise, correlation with the next pixel"
SNR = "fat over noise"
EDGE = "steepest edges, share of fat a mm"
CLIPPED = "pixels at the largest value, %"
TITLES = (PIXEL, LAG, SNR, EDGE, CLIPPED)


def scan_figures(seen: Seen) -> dict[str, float]:
    """Return title -> value of every figure in ``TITLES``; NaN where a square is flat."""
    spacing = seen.geometry.pixel_spacing_mm[0]
    square = seen.square
    bright = float(np.percentile(square, 95))
    deviation, correlation = noise(square)
    return {
        PIXEL: spacing,
        LAG: correlation,
        SNR: bright / deviation if deviation > 0 else np.nan,
        EDGE: edge(square, spacing) / bright if bright > 0 else np.nan,
        CLIPPED: 100 * clipped(np.asarray(seen.picture, dtype=np.float64)),
    }


def noise(square: Floats) -> tuple[float, float]:
    """Return the deviation of the noise, and its correlation with the next pixel.

    Windows are freed of a plane; those with the least left are taken for noise. Anatomy that
    is left makes both figures somewhat too high, real or simulated; so only compare them.
    """
    windows = sliding_window_view(square, (WINDOW_PX, WINDOW_PX))[::3, ::3]
    flat = windows.reshape(-1, WINDOW_PX, WINDOW_PX)
    flat = flat[flat.mean(axis=(1, 2)) > DARKEST * np.percentile(square, 95)]
    if not len(flat):
        return float("nan"), float("nan")
    left = _without_plane(flat)
    power = (left**2).mean(axis=(1, 2))
    some = left[np.argsort(power)[: max(int(FLATTEST * len(left)), 1)]]
    total = (some**2).mean()
    if total <= 0:
        return 0.0, float("nan")
    across = (some[:, :, 1:] * some[:, :, :-1]).mean()
    down = (some[:, 1:] * some[:, :-1]).mean()
    return float(np.sqrt(total)), float((across + down) / 2 / total)


def edge(square: Floats, spacing_mm: float) -> float:
    """Return the gradient that one pixel in two hundred exceeds, in greys a mm."""
    down, across = np.gradient(square, spacing_mm)
    return float(np.percentile(np.hypot(down, across), 99.5))


def clipped(picture: Floats) -> float:
    """Return the share of a picture's pixels that have its largest value."""
    return float((picture == picture.max()).mean())


def _without_plane(windows: Floats) -> Floats:
    """Subtract from each window (n, w, w) the plane that fits it best."""
    place = np.arange(WINDOW_PX) - (WINDOW_PX - 1) / 2
    power = (place**2).sum() * WINDOW_PX
    down = np.einsum("nij,i->n", windows, place) / power
    across = np.einsum("nij,j->n", windows, place) / power
    plane = down[:, None, None] * place[:, None] + across[:, None, None] * place
    return np.asarray(windows - windows.mean(axis=(1, 2), keepdims=True) - plane)
