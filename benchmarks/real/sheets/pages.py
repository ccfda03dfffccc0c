"""Pages of slices as PNG files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.real.drawing.cache import DrawnSet
from benchmarks.real.drawing.draw import Masks, cut
from benchmarks.real.drawing.spider import SPACING_MM, Strip
from benchmarks.real.sheets.paint import page, small_print, tile
from lumbargrade.grading.finding import Plane

A_PAGE, COLUMNS = 20, 5


def write_pages(drawn: DrawnSet, rows: NDArray[np.intp], folder: Path, out: Path) -> Iterator[Path]:
    """Write pages of slices to ``out``, and yield their files.

    ``rows`` are those of ``drawn``; ``folder`` holds the pictures.
    """
    out.mkdir(parents=True, exist_ok=True)
    for start in range(0, len(rows), A_PAGE):
        tiles = [_tile(drawn, int(row), folder) for row in rows[start : start + A_PAGE]]
        file = out / f"page{start // A_PAGE + 1}.png"
        page(tiles, COLUMNS).save(file)
        yield file


def write_strips(found: Sequence[Strip], masks: Masks, out: Path) -> Iterator[Path]:
    """Write a page of evenly chosen strips to ``out``, and yield its file."""
    out.mkdir(parents=True, exist_ok=True)
    rows = np.linspace(0, len(found) - 1, min(A_PAGE, len(found))).astype(int)
    tiles = []
    for row in rows:
        patch = cut(found[row].picture, masks.centres[row], SPACING_MM)
        tiles.append(tile(patch, masks.drawn(int(row), "t2").outlines, found[row].name))
    file = out / "spider.png"
    page(tiles, COLUMNS).save(file)
    yield file


def _tile(drawn: DrawnSet, row: int, folder: Path) -> Image.Image:
    one, masks = drawn.slices[row], drawn.masks
    plane = list(Plane)[int(masks.planes[row].argmax())]
    values = {name: float(column[row]) for name, column in drawn.measures.items()}
    text = small_print(Path(one.file).stem, f"{plane} {masks.planes[row].max():.2f}", values)
    patch = cut(one.picture(folder), masks.centres[row])
    return tile(patch, masks.drawn(row, one.contrast).outlines, text)
