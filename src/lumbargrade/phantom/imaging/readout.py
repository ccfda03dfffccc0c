"""How one series is read out: resolution, filter, ghosts, shading, saturation band, noise.

The picture and its noise go through k-space together: the readout is measured to the
full resolution, the phase direction to less, a window rounds the corners off and the
scanner's filter lifts or lowers what is left. Noise is therefore correlated as on real
slices (lag one 0.2-0.3 in one direction, 0.5 in the other), and edges are as sharp as the
resolution allows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from lumbargrade.phantom.imaging.scanner import Protocol

Array = NDArray[np.floating[Any]]

SHADING_LENGTH_MM = 110.0
"""Over which the receive field changes [design]."""
HIGHEST_GAIN = 2.4
"""Largest signal near the coil against the canal's: scanners even out what lies above."""


@dataclass(frozen=True)
class Readout:
    """One series' draws; shares are of the resolution that the pixels could show.

    Attributes
    ----------
    phase_axis : 0 = phase encoding from front to back, 1 = from side to side.
    read_share, phase_share : resolution along the two directions.
    sharpening : gain of the finest detail, less one; negative smooths.
    ghost : amplitude of the copies of the picture along the phase direction.
    ghost_shift : their distance, as a share of the field.
    shading : five coefficients of the smooth field over (x, y), first and second order.
    band_v_mm, band_width_mm, band_tilt : where the saturation band ends, how gradually,
        and its slope from side to side; band_floor : signal that is left under it.
    snr : of the brightest common tissue at the depth of the canal, after the filter.
    """

    phase_axis: int = 0
    read_share: float = 1.0
    phase_share: float = 1.0
    sharpening: float = 0.0
    ghost: float = 0.0
    ghost_shift: float = 0.5
    shading: tuple[float, ...] = (0.0, 0.0, 0.0, 0.0, 0.0)
    band_v_mm: float | None = None
    band_width_mm: float = 6.0
    band_tilt: float = 0.0
    band_floor: float = 0.05
    coil_falloff_mm: float = 1e5
    snr: float = 1e4


def draw_readout(protocol: Protocol, rng: np.random.Generator) -> Readout:
    """Draw one series' readout within its scanner's limits."""
    scanner = protocol.scanner
    band = protocol.saturation_band
    return Readout(
        phase_axis=int(rng.random() < 0.3),
        read_share=rng.uniform(*scanner.read_share),
        phase_share=rng.uniform(*scanner.phase_share),
        sharpening=rng.uniform(*scanner.sharpening),
        ghost=rng.uniform(*scanner.ghost),
        ghost_shift=rng.uniform(0.15, 0.5),
        shading=tuple(float(c) for c in rng.normal(0, scanner.shading, 5)),
        band_v_mm=float(rng.normal(-54, 7)) if band else None,
        band_width_mm=rng.uniform(2.0, 6.0),
        band_tilt=float(rng.normal(0, 0.05)),
        band_floor=rng.uniform(0.01, 0.07),
        coil_falloff_mm=protocol.coil_falloff_mm,
        snr=protocol.snr * rng.uniform(0.85, 1.15),
    )


def receive_field(readout: Readout, x: Array, v: Array, depth_mm: Array) -> Array:
    """Return the sensitivity of coil and sequence, 1 in the canal; arrays share one shape.

    ``x`` is to the patient's left, ``v`` behind the disc margin, ``depth_mm`` what lies
    between skin and canal, counted from the canal (positive in front of it).
    """
    a, b = x / np.float32(SHADING_LENGTH_MM), v / np.float32(SHADING_LENGTH_MM)
    terms = (a, b, a * a, a * b, b * b)
    smooth = sum(np.float32(c) * term for c, term in zip(readout.shading, terms, strict=True))
    gain = np.exp(np.clip(smooth, -1.2, 1.2) - depth_mm / np.float32(readout.coil_falloff_mm))
    gain = gain / (1 + (gain / HIGHEST_GAIN) ** 4) ** 0.25
    if readout.band_v_mm is not None:
        behind = v - readout.band_v_mm - readout.band_tilt * x
        gain *= readout.band_floor + (1 - readout.band_floor) / (
            1 + np.exp(-np.clip(behind / readout.band_width_mm, -30, 30))
        )
    return np.asarray(gain, np.float32)


def transfer(readout: Readout, shape: tuple[int, int]) -> Array:
    """Return the gain over k-space (rows, columns), in the order of ``fft``, 1 in its centre."""
    shares = [readout.read_share, readout.read_share]
    shares[readout.phase_axis] = readout.phase_share
    frequency = [fft.fftfreq(size).astype(np.float32) * 2 for size in shape]
    edges = [_window(np.abs(f) / share) for f, share in zip(frequency, shares, strict=True)]
    gain = edges[0][:, None] * edges[1][None, :]
    radius = frequency[0][:, None] ** 2 + frequency[1][None, :] ** 2
    gain *= 1 + np.float32(readout.sharpening) * (1 - np.exp(-radius / np.float32(0.2)))
    steps = np.arange(shape[readout.phase_axis]) * (2 * np.pi * readout.ghost_shift)
    ghosts = 1 + 2 * readout.ghost * (np.cos(steps) - 1).astype(np.float32)
    return np.asarray(gain * np.expand_dims(ghosts, 1 - readout.phase_axis), np.float32)


def _window(position: Array) -> Array:
    """1 in the middle of the measured lines, rounded off over their last third, 0 beyond."""
    fall = np.clip((position - 0.65) / 0.35, 0, 1)
    return np.asarray((0.54 + 0.46 * np.cos(np.pi * fall)) * (position <= 1), np.float32)


def read_out(signal: Array, readout: Readout, rng: np.random.Generator) -> Array:
    """Return the magnitude picture of a signal (rows, columns), the brightest tissue being 1."""
    rows, columns = signal.shape
    gain = transfer(readout, (rows, columns))
    # noise has its level after the filter, as it is measured
    sigma = np.float32(1.0 / readout.snr / float(np.sqrt(np.mean(gain * gain))))
    noise = rng.standard_normal((2, rows, columns), dtype=np.float32) * sigma
    complex_picture = np.empty((rows, columns), np.complex64)
    complex_picture.real, complex_picture.imag = signal + noise[0], noise[1]
    lines = fft.fft2(complex_picture, overwrite_x=True)
    lines *= gain
    return np.asarray(np.abs(fft.ifft2(lines, overwrite_x=True)), np.float32)
