"""One slice with its outlines, and a page of them, as pictures."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from lumbargrade.inference.bundle_json import OUTLINE_PATCH
from lumbargrade.morphometry.outlines import Line, Outlines, Root

SCALE = 3
"""Pixels of the sheet a pixel of the square."""

BRIGHTEST = 1.4
"""Fat and CSF are 1 in a square."""

RED, BLUE, YELLOW = (255, 70, 70), (90, 150, 255), (255, 225, 60)
GREEN, MAGENTA, WHITE = (80, 220, 100), (255, 80, 255), (255, 255, 255)

SHORT = {
    "sac_area_mm2": "sac",
    "sac_depth_mm": "ap",
    "canal_depth_mm": "canal",
    "intrafacet_depth_mm": "D",
    "disc_displacement_mm": "h",
    "recess_depth_mm_right": "recess R",
    "recess_depth_mm_left": "L",
    "root_gap_mm_right": "gap R",
    "root_gap_mm_left": "L",
    "flavum_thickness_mm_right": "flavum R",
    "flavum_thickness_mm_left": "L",
}
"""Measures in the small print, and how they are called there."""

PER_LINE = 6


def tile(patch: NDArray[np.float32], outlines: Outlines, title: str) -> Image.Image:
    """Return a square (p, p) with its outlines: disc red, sac blue, canal yellow, facets green,
    joints magenta, roots white.
    """
    grey = np.clip(patch / BRIGHTEST, 0.0, 1.0)
    picture = Image.fromarray(np.round(255 * grey).astype(np.uint8))
    size = (patch.shape[1] * SCALE, patch.shape[0] * SCALE)
    shown = picture.resize(size, Image.Resampling.BICUBIC).convert("RGB")
    pen = ImageDraw.Draw(shown)
    for line, colour in _lines(outlines):
        if len(line) > 1:
            pen.line(_places(line, patch.shape[0]), fill=colour, width=1)
    for root in _roots(outlines):
        pen.ellipse(_box(root, patch.shape[0]), outline=WHITE)
    write(shown, title)
    return shown


def write(shown: Image.Image, title: str) -> None:
    """Write the lines of a title into the upper left corner of a picture."""
    pen = ImageDraw.Draw(shown)
    for number, text in enumerate(title.splitlines()):
        pen.text((4, 3 + 12 * number), text, fill=WHITE, font=ImageFont.load_default(10))


def page(tiles: Sequence[Image.Image], columns: int) -> Image.Image:
    """Return tiles of one size in rows of ``columns``."""
    width, height = tiles[0].size
    rows = math.ceil(len(tiles) / columns)
    sheet = Image.new("RGB", (columns * (width + 2), rows * (height + 2)))
    for number, one in enumerate(tiles):
        row, column = divmod(number, columns)
        sheet.paste(one, (column * (width + 2), row * (height + 2)))
    return sheet


def small_print(name: str, plane: str, measures: Mapping[str, float]) -> str:
    """Return the name of a slice, what it cuts, and a few measures, in lines."""
    words = [f"{short} {_number(measures.get(one))}" for one, short in SHORT.items()]
    lines = [" ".join(words[at : at + PER_LINE]) for at in range(0, len(words), PER_LINE)]
    return "\n".join([f"{name} {plane}", *lines])


def _number(value: float | None) -> str:
    if value is None or not math.isfinite(value):
        return "-"
    return f"{value:.0f}" if abs(value) >= 30 else f"{value:.1f}"


def _lines(outlines: Outlines) -> Iterator[tuple[Line, tuple[int, int, int]]]:
    for closed, colour in ((outlines.disc, RED), (outlines.sac, BLUE)):
        if closed is not None:
            yield np.vstack([closed, closed[:1]]), colour
    if outlines.canal_back is not None:
        yield outlines.canal_back, YELLOW
    for facet in outlines.facets.values():
        yield np.vstack([facet, facet[:1]]), GREEN
    for joint in outlines.joints.values():
        yield joint, MAGENTA


def _roots(outlines: Outlines) -> Iterator[Root]:
    yield from outlines.traversing_roots.values()
    yield from outlines.exiting_roots.values()
    yield from outlines.roots_in_sac or ()


def _places(line: Line, pixels: int) -> list[tuple[float, float]]:
    at = (line / OUTLINE_PATCH.spacing_mm + pixels / 2) * SCALE
    return [(float(x), float(y)) for x, y in at]


def _box(root: Root, pixels: int) -> list[tuple[float, float]]:
    centre, half = np.array(root.centre_mm), root.diameter_mm / 2
    return _places(np.array([centre - half, centre + half]), pixels)
