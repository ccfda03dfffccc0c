from __future__ import annotations

import numpy as np
import pytest

from lumbargrade.inference.locate import (
    LOW_CONFIDENCE,
    Located,
    agree_in_stacks,
    decode_heatmap,
)
from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.patch import OverviewSpec, overview

SPEC = OverviewSpec()


def _geometry(z: float, shift_mm: float = 0.0, tilt_deg: float = 0.0) -> SliceGeometry:
    tilt = np.radians(tilt_deg)
    column = (0.0, float(np.cos(tilt)), float(-np.sin(tilt)))
    return SliceGeometry((-100.0 + shift_mm, -90.0, z), (1, 0, 0), column, (0.8, 0.8), 240, 250)


def _heatmap(u: float, v: float, sharpness: float = 0.1) -> np.ndarray:
    """Gaussian logits around overview pixel (u, v)."""
    cells = 2 * np.arange(64) + 0.5
    squared = (cells[np.newaxis, :] - u) ** 2 + (cells[:, np.newaxis] - v) ** 2
    return (-sharpness * squared).astype(np.float32)


@pytest.mark.parametrize(("u", "v"), [(63.5, 63.5), (40.2, 71.9), (90.0, 30.7)])
def test_the_centre_is_finer_than_a_cell(u: float, v: float) -> None:
    geometry = _geometry(0)
    _, frame = overview(np.ones((240, 250), np.float32), geometry, SPEC)
    located = decode_heatmap(_heatmap(u, v), frame, SPEC)
    expected = frame.to_pixel(u, v)
    assert np.hypot(*np.subtract(located.center_px, expected)) * 0.8 < 0.5
    assert located.confidence > 0.9


def test_a_flat_map_has_no_confidence() -> None:
    _, frame = overview(np.ones((240, 250), np.float32), _geometry(0), SPEC)
    located = decode_heatmap(np.zeros((64, 64), np.float32), frame, SPEC)
    assert located.confidence < 0.02


def test_two_peaks_share_the_confidence_and_do_not_mix() -> None:
    _, frame = overview(np.ones((240, 250), np.float32), _geometry(0), SPEC)
    logits = np.maximum(_heatmap(30, 60, 0.2), _heatmap(90, 60, 0.2) - 0.1)
    located = decode_heatmap(logits, frame, SPEC)
    assert np.hypot(*np.subtract(located.center_px, frame.to_pixel(30, 60))) * 0.8 < 1
    assert 0.45 < located.confidence < 0.6


def test_an_outlier_moves_to_its_neighbours_in_patient_coordinates() -> None:
    # The third slice was acquired 20 mm further left: same canal, other pixel.
    geometries = [_geometry(4.0 * i, shift_mm=20 if i == 2 else 0) for i in range(5)]
    found = [Located((125.0, 120.0), 0.9) for _ in range(5)]
    found[2] = Located((200.0, 60.0), 0.7)
    settled = agree_in_stacks(geometries, found)
    assert settled[2].center_px == pytest.approx((100.0, 120.0))
    assert settled[2].confidence == pytest.approx(0.9)
    assert "taken from the neighbouring slices" in settled[2].warning
    assert [item.warning for i, item in enumerate(settled) if i != 2] == [""] * 4


def test_a_lordotic_stack_is_not_flattened() -> None:
    geometries = [_geometry(5.0 * i) for i in range(12)]
    found = [Located((125.0, 100.0 + 3.5 * i), 0.9) for i in range(12)]
    assert agree_in_stacks(geometries, found) == tuple(found)


def test_neighbours_that_contradict_each_other_move_nobody() -> None:
    geometries = [_geometry(4.0 * i) for i in range(3)]
    found = [Located((60.0 * i + 20, 120.0), 0.9) for i in range(3)]
    assert agree_in_stacks(geometries, found) == tuple(found)


def test_low_confidence_warns_and_agreement_helps() -> None:
    alone = agree_in_stacks([_geometry(0)], [Located((125.0, 120.0), 0.1)])[0]
    assert alone.confidence == 0.1
    assert "low locator confidence (0.10)" in alone.warning
    geometries = [_geometry(4.0 * i) for i in range(3)]
    found = [
        Located((125.0, 120.0), 0.9),
        Located((126.0, 120.0), 0.1),
        Located((125.0, 120.0), 0.9),
    ]
    helped = agree_in_stacks(geometries, found)[1]
    assert helped.center_px == (126.0, 120.0)
    assert 0.1 < helped.confidence < LOW_CONFIDENCE
    assert "neighbouring slices agree" in helped.warning
