"""Noise, edges and clipping of pictures that were made with known ones."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter
from tests.benchmarks.realism.slices import painted, seen

from benchmarks.real.realism import scans
from benchmarks.real.realism.scans import clipped, edge, noise, scan_figures
from lumbargrade.morphometry.outlines import Outlines


def flat(deviation: float, blur_px: float = 0.0) -> NDArray[np.float64]:
    white = np.random.default_rng(0).standard_normal((120, 120))
    some = gaussian_filter(white, blur_px) if blur_px else white
    return np.asarray(100 + deviation * some / some.std())


@pytest.mark.parametrize("deviation", [1.0, 4.0])
def test_the_deviation_of_white_noise(deviation: float) -> None:
    found, correlation = noise(flat(deviation))
    # the flattest windows of many are somewhat flatter than all
    assert 0.7 * deviation < found < deviation
    assert abs(correlation) < 0.12


def test_blurred_noise_is_correlated() -> None:
    assert noise(flat(2.0, blur_px=0.8))[1] > noise(flat(2.0, blur_px=0.6))[1] > 0.0
    assert noise(flat(2.0, blur_px=0.8))[1] > 0.3


def test_a_slope_is_no_noise() -> None:
    slope = flat(1.0) + np.arange(120) * 3.0
    assert noise(slope)[0] == pytest.approx(noise(flat(1.0))[0], rel=0.15)


def test_air_is_not_looked_at() -> None:
    half = flat(4.0)
    half[:, :60] = 0.0
    assert noise(half)[0] > 2.5


def test_a_flat_or_empty_square_has_no_noise() -> None:
    assert noise(np.full((60, 60), 7.0))[0] == 0.0
    assert np.isnan(noise(np.zeros((60, 60)))[1])


def test_an_edge_is_as_steep_as_it_is_and_its_pixel_small() -> None:
    step = np.zeros((60, 60))
    step[:, 30:] = 100.0
    assert edge(step, 0.5) == pytest.approx(100.0)  # half of the step a pixel
    assert edge(step, 1.0) == pytest.approx(50.0)
    assert edge(gaussian_filter(step, 2.0), 1.0) < 25.0


def test_clipped_pixels_are_counted() -> None:
    picture = np.arange(100.0)
    assert clipped(picture) == 0.01
    assert clipped(np.minimum(picture, 79.0)) == pytest.approx(0.21)


def test_every_figure_of_a_slice() -> None:
    found = scan_figures(seen(Outlines(), painted(np.random.default_rng(2))))
    assert list(found) == list(scans.TITLES)
    assert all(np.isfinite(value) for value in found.values())
    assert found[scans.SNR] == pytest.approx(190 / 10, rel=0.35)
