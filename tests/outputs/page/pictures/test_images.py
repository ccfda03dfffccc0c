from __future__ import annotations

import base64
import io

import numpy as np
import pytest
from PIL import Image

from lumbargrade.outputs.page.pictures.images import MAX_EDGE_PX, edge_letters, grey_png
from lumbargrade.study.geometry import SliceGeometry


def _open(uri: str) -> Image.Image:
    head, _, body = uri.partition(",")
    assert head == "data:image/png;base64"
    return Image.open(io.BytesIO(base64.b64decode(body)))


def test_a_bright_vessel_does_not_darken_the_rest() -> None:
    pixels = np.tile(np.linspace(0, 100, 200, dtype=np.float32), (200, 1))
    pixels[0, 0] = 1e6
    shown = np.asarray(_open(grey_png(pixels)))
    assert shown.dtype == np.uint8
    assert shown[100, 0] == 0
    assert shown[100, 100] == pytest.approx(128, abs=4)
    assert shown[100, 199] == 255


def test_the_window_is_that_of_the_box() -> None:
    pixels = np.full((100, 100), 1000, np.float32)
    pixels[40:60, 40:60] = np.linspace(0, 100, 20)
    assert np.asarray(_open(grey_png(pixels, (40, 40, 20, 20))))[50, 50] > 100
    assert np.asarray(_open(grey_png(pixels)))[50, 50] < 50


@pytest.mark.parametrize("value", [0.0, 7.0])
def test_a_flat_picture_is_no_error(value: float) -> None:
    assert _open(grey_png(np.full((10, 12), value, np.float32))).size == (12, 10)


def test_a_large_picture_is_made_smaller() -> None:
    assert _open(grey_png(np.zeros((1024, 512), np.float32))).size == (
        MAX_EDGE_PX // 2,
        MAX_EDGE_PX,
    )


@pytest.mark.parametrize(
    ("row", "column", "letters"),
    [
        ((1, 0, 0), (0, 1, 0), ("R", "L", "A", "P")),
        ((-1, 0, 0), (0, 1, 0), ("L", "R", "A", "P")),
        ((1, 0, 0), (0, -1, 0), ("R", "L", "P", "A")),
        ((0, 1, 0), (1, 0, 0), ("A", "P", "R", "L")),
        ((0.96, 0.28, 0), (-0.28, 0.96, 0), ("R", "L", "A", "P")),
        ((0, 1, 0), (0, 0, -1), ("A", "P", "H", "F")),
    ],
)
def test_letters_follow_the_geometry(
    row: tuple[float, float, float], column: tuple[float, float, float], letters: tuple[str, ...]
) -> None:
    geometry = SliceGeometry((0, 0, 0), row, column, (1, 1), 10, 10)
    assert edge_letters(geometry) == letters
