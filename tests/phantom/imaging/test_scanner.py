"""Presets of scanners, and the protocols drawn from them."""

from __future__ import annotations

import numpy as np
import pytest

from lumbargrade.errors import CohortError
from lumbargrade.phantom.imaging.scanner import (
    draw_protocol,
    find_scanner,
    scanner_presets,
    training_scanners,
)


@pytest.mark.parametrize("name", scanner_presets())
def test_a_protocol_stays_within_its_preset(name: str) -> None:
    preset = find_scanner(name)
    rng = np.random.default_rng(4)
    for _ in range(50):
        protocol = draw_protocol(preset, rng)
        assert protocol.scanner == preset
        for value, (low, high), step in (
            (protocol.echo_time_ms, preset.echo_time_ms, 1.0),
            (protocol.repetition_time_ms, preset.repetition_time_ms, 1.0),
            (protocol.pixel_spacing_mm, preset.pixel_spacing_mm, 1e-4),
            (protocol.slice_thickness_mm, preset.slice_thickness_mm, 0.5),
            (protocol.snr, preset.snr, 1e-9),
            (protocol.coil_falloff_mm, preset.coil_falloff_mm, 1e-9),
        ):
            assert low - step / 2 <= value <= high + step / 2
        assert (2 * protocol.slice_thickness_mm).is_integer()


def test_a_preset_says_how_often_there_is_one_stack() -> None:
    rng = np.random.default_rng(9)
    preset = find_scanner("verio-3t")
    share = np.mean([draw_protocol(preset, rng).parallel_stack for _ in range(2000)])
    assert share == pytest.approx(preset.stack_share, abs=0.04)


def test_six_presets_of_which_two_are_external() -> None:
    presets = scanner_presets()
    external = [preset for preset in presets.values() if preset.external]
    assert len(presets) >= 6
    assert len(external) == 2
    for preset in external:
        assert preset.name not in training_scanners()
        low, high = preset.echo_time_ms
        assert high < 94 or low > 120
        assert preset.pixel_spacing_mm[0] >= 0.8
        assert preset.slice_thickness_mm[0] >= 5
        assert preset.signal_spread == 0


def test_an_unknown_scanner_is_named_with_the_known_ones() -> None:
    with pytest.raises(CohortError, match="'magnet' is not a preset: choose one of verio-3t"):
        find_scanner("magnet")
