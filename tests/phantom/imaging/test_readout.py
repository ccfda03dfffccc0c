"""What the scanner does to a picture: resolution, noise, ghosts, shading."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from lumbargrade.phantom.imaging.readout import (
    HIGHEST_GAIN,
    Readout,
    draw_readout,
    read_out,
    receive_field,
)
from lumbargrade.phantom.imaging.scanner import draw_protocol, find_scanner

FLAT = np.ones((128, 128), np.float32)


def noise_of(readout: Readout) -> NDArray[np.floating]:
    return read_out(FLAT, readout, np.random.default_rng(1)) - 1


def lag_one(noise: NDArray[np.floating], axis: int) -> float:
    first, second = np.delete(noise, 0, axis), np.delete(noise, -1, axis)
    return float(np.corrcoef(first.ravel(), second.ravel())[0, 1])


def test_noise_has_its_level_after_the_filter() -> None:
    for readout in (Readout(snr=30.0), Readout(snr=30.0, phase_share=0.6, sharpening=0.5)):
        assert noise_of(readout).std() == pytest.approx(1 / 30, rel=0.08)


def test_noise_is_correlated_along_the_coarser_direction() -> None:
    noise = noise_of(Readout(phase_axis=0, phase_share=0.65, read_share=0.95, snr=30.0))
    assert 0.35 < lag_one(noise, 0) < 0.65  # as between the rows of real slices
    assert lag_one(noise, 1) < 0.3
    turned = noise_of(Readout(phase_axis=1, phase_share=0.65, read_share=0.95, snr=30.0))
    assert lag_one(turned, 1) > 0.35 > lag_one(turned, 0)


def test_an_edge_is_sharper_with_the_filter_and_blunter_with_few_lines() -> None:
    step = np.ones((64, 64), np.float32)
    step[20:44] = 2.0

    def slope(readout: Readout) -> float:
        picture = read_out(step, readout, np.random.default_rng(0))
        return float(np.diff(picture[:, 32]).max())

    plain = Readout(snr=1e6)
    sharp, soft = (slope(replace(plain, sharpening=share)) for share in (0.5, -0.3))
    assert sharp > slope(plain) > soft
    assert slope(plain) > slope(replace(plain, phase_share=0.5))


def test_a_ghost_lies_where_it_is_said_to() -> None:
    picture = np.full((100, 100), 1.0, np.float32)
    picture[50, 50] = 50.0
    readout = Readout(snr=1e6, ghost=0.02, ghost_shift=0.3)
    found = read_out(picture, readout, np.random.default_rng(0))
    quiet = read_out(picture, Readout(snr=1e6), np.random.default_rng(0))
    rows = {int(row) for row in np.argsort((found - quiet)[:, 50])[-2:]}
    assert rows == {20, 80}


def test_the_field_falls_with_depth_and_the_band_darkens_the_front() -> None:
    v = np.linspace(-100, 60, 161).astype(np.float32)
    zero = np.zeros_like(v)
    plain = receive_field(Readout(coil_falloff_mm=100.0), zero, v, -v)
    assert (np.diff(plain) > 0).all()
    assert plain.max() < HIGHEST_GAIN
    assert plain[100] == pytest.approx(1.0, abs=0.02)
    banded = receive_field(Readout(coil_falloff_mm=100.0, band_v_mm=-50.0), zero, v, -v)
    assert banded[0] < 0.1 * plain[0]
    assert banded[120] == pytest.approx(plain[120], rel=0.01)


def test_draws_stay_within_the_scanner() -> None:
    rng = np.random.default_rng(5)
    preset = find_scanner("fine-1t5")
    for _ in range(40):
        readout = draw_readout(draw_protocol(preset, rng), rng)
        for value, (low, high) in (
            (readout.read_share, preset.read_share),
            (readout.phase_share, preset.phase_share),
            (readout.sharpening, preset.sharpening),
            (readout.ghost, preset.ghost),
        ):
            assert low <= value <= high
        assert readout.phase_axis in (0, 1)
