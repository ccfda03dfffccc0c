"""A contact sheet of sagittal slices with the discs that were found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

EDGE_PX, ACROSS = 300, 6
FOUND, TRUTH = (255, 200, 0), (80, 220, 255)


@dataclass(frozen=True, eq=False)
class Shown:
    """One slice: its picture, what was found by name (corners as column, row), and the true
    middles by name.
    """

    title: str
    picture: NDArray[np.float32]
    found: Sequence[tuple[str, NDArray[np.float64]]]
    truth: Sequence[tuple[str, tuple[float, float]]]


def write_sheet(shown: Sequence[Shown], path: Path) -> None:
    """Write the sheet as PNG."""
    down = -(-len(shown) // ACROSS)
    sheet = Image.new("RGB", (ACROSS * EDGE_PX, max(down, 1) * EDGE_PX))
    for number, one in enumerate(shown):
        sheet.paste(_tile(one), (number % ACROSS * EDGE_PX, number // ACROSS * EDGE_PX))
    path.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(path)


def _tile(one: Shown) -> Image.Image:
    grey = np.clip(one.picture / max(float(np.percentile(one.picture, 99.0)), 1.0), 0, 1) ** 0.7
    picture = Image.fromarray(np.round(255 * grey).astype(np.uint8)).convert("RGB")
    scale = EDGE_PX / max(picture.size)
    tile = Image.new("RGB", (EDGE_PX, EDGE_PX))
    tile.paste(picture.resize([round(scale * size) for size in picture.size]))
    draw = ImageDraw.Draw(tile)
    for name, corners in one.found:
        places = [(float(x * scale), float(y * scale)) for x, y in corners]
        draw.polygon(places, outline=FOUND)
        draw.text((places[1][0] + 3, places[1][1]), name, fill=FOUND)
    for _, (x, y) in one.truth:
        draw.ellipse([x * scale - 2, y * scale - 2, x * scale + 2, y * scale + 2], fill=TRUTH)
    draw.text((4, 4), one.title, fill=(255, 255, 255))
    return tile
