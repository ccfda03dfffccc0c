"""The canal on real slices, as they are, shifted and turned, against a table made by eye.

``real_canals.csv`` holds the middle of the dural sac in pixels (x to the right, y down),
read off each of the 29 real T2 slices at four-fold zoom; about 2 mm uncertain.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.engine import Engine
from lumbargrade.inference.regions import find_regions
from lumbargrade.study.geometry import SliceGeometry

SPACING_MM = 0.6875
SHIFT_PX = round(40 / SPACING_MM)
REACH_MM = 15.0
"""A region of 75 mm whose centre is this far off still shows disc, canal and recesses."""

Change = Callable[[Image.Image], Image.Image]
Move = Callable[[float, float], tuple[float, float]]


def shifted(columns: int, rows: int) -> tuple[Change, Move]:
    """Move the picture in its field; what leaves the field is lost."""

    def change(picture: Image.Image) -> Image.Image:
        empty = Image.new("L", picture.size)
        empty.paste(picture, (columns, rows))
        return empty

    return change, lambda x, y: (x + columns, y + rows)


def turned(degrees: float) -> tuple[Change, Move]:
    """Turn the picture about its middle, counter-clockwise."""
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))

    def move(x: float, y: float) -> tuple[float, float]:
        dx, dy = x - 159.5, y - 159.5
        return 159.5 + cos * dx + sin * dy, 159.5 - sin * dx + cos * dy

    return lambda picture: picture.rotate(degrees, Image.Resampling.BILINEAR), move


CHANGES = {
    "as it is": shifted(0, 0),
    "40 mm to the left": shifted(-SHIFT_PX, 0),
    "40 mm to the right": shifted(SHIFT_PX, 0),
    "40 mm up": shifted(0, -SHIFT_PX),
    "40 mm down": shifted(0, SHIFT_PX),
    "turned by 15 degrees": turned(15),
    "turned by -15 degrees": turned(-15),
}


@pytest.fixture(scope="module")
def default_engine() -> Engine:
    return Engine(load_bundle())


@pytest.mark.parametrize("name", CHANGES)
def test_the_canal_is_found(name: str, real_data: Path, default_engine: Engine) -> None:
    change, move = CHANGES[name]
    with (Path(__file__).parent / "real_canals.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 29
    far = []
    for row in rows:
        with Image.open(real_data / "axial_t2" / row["file"]) as picture:
            pixels = np.asarray(change(picture.convert("L")), dtype=np.float32)
        geometry = SliceGeometry(
            (0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (SPACING_MM, SPACING_MM), 320, 320
        )
        (found,) = find_regions(default_engine, [geometry], [pixels])
        wanted = move(float(row["x"]), float(row["y"]))
        error_mm = SPACING_MM * float(np.hypot(*np.subtract(found.center_px, wanted)))
        if error_mm > REACH_MM:
            far.append(f"{row['file']}: {error_mm:.0f} mm")
    assert not far, f"{name}: {far}"
