"""Intensities made comparable: scale, gradient and limits."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.normalise import HIGH, LOW, normalise
from lumbargrade.study.patch import PatchSpec, extract_patch

WHOLE = (slice(None), slice(None))
INSIDE = np.ones((128, 128), dtype=bool)


def tissue(share_of_fat: float = 0.25) -> np.ndarray:
    """Return muscle (15) with spots of fat (100) and some noise, spread evenly."""
    draw = np.random.default_rng(5)
    fat = np.kron(draw.random((32, 32)) < share_of_fat, np.ones((4, 4))).astype(bool)
    return (np.where(fat, 100, 15) + draw.normal(0, 1, fat.shape)).astype(np.float32)


@pytest.mark.parametrize("share", [0.1, 0.25, 0.5])
def test_fat_is_near_one_and_muscle_far_below(share: float) -> None:
    picture = tissue(share)
    result = normalise(picture, INSIDE, WHOLE)
    assert float(np.median(result[picture > 60])) == pytest.approx(1, abs=0.2)
    assert 0.0 < float(np.median(result[picture < 60])) < 0.2


@pytest.mark.parametrize("slope", [-0.8, 0.4, 0.8])
def test_a_log_linear_gradient_leaves_no_trace(slope: float) -> None:
    picture = tissue()
    down = np.linspace(-1, 1, 128, dtype=np.float32)[:, None]
    shaded = (picture * np.exp(slope * down)).astype(np.float32)
    plain = normalise(picture, INSIDE, WHOLE)
    assert float(np.abs(normalise(shaded, INSIDE, WHOLE) - plain).mean()) < 0.02


def test_the_result_is_clipped() -> None:
    picture = tissue()
    picture[5, 5], picture[9, 9] = 1e6, -1e3
    result = normalise(picture, INSIDE, WHOLE)
    assert (float(result.min()), float(result.max())) == (LOW, HIGH)
    assert result.dtype == np.float32


def test_nothing_inside_or_nothing_to_see_is_black() -> None:
    assert not normalise(tissue(), ~INSIDE, WHOLE).any()
    assert not normalise(np.full((128, 128), 7, np.float32), INSIDE, WHOLE).any()


def test_real_muscle_and_fat_come_out_alike_on_every_slice(real_data: Path) -> None:
    geometry = SliceGeometry((0, 0, 0), (1, 0, 0), (0, 1, 0), (0.6875, 0.6875), 320, 320)
    for file in sorted((real_data / "axial_t2").glob("*.png")):
        pixels = np.asarray(Image.open(file)).astype(np.float32)
        patch = extract_patch(pixels, geometry, (157, 197), PatchSpec())
        dark, bright = np.percentile(patch, [20, 95])
        assert 0.05 < dark < 0.25, file.name
        assert 0.9 < bright < 1.1, file.name
