"""Many short lines of text on a page, without the layout that matplotlib makes of each."""

from __future__ import annotations

from typing import Any

from matplotlib.artist import Artist
from matplotlib.font_manager import FontProperties

from lumbargrade.files.clean_text import cleaned

ASCENT_EM = 0.76
"""From the top of a tall letter to the line that it stands on, in sizes of the type."""


class Words(Artist):
    """Lines of text, upright and flush left: thousands of them are most of a printed report.

    ``matplotlib.text.Text`` measures every line several times; a table knows where its
    cells stand.
    """

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[tuple[float, float, str, FontProperties]] = []
        self._fonts: dict[tuple[float, str], FontProperties] = {}

    def write(self, place_pt: tuple[float, float], text: str, size_pt: float, weight: str) -> None:
        """Write ``text`` with its upper left corner at a place, in points from the lower left."""
        key = (size_pt, weight)
        if key not in self._fonts:
            self._fonts[key] = FontProperties(family="DejaVu Sans", size=size_pt, weight=weight)
        if text:
            x, y = place_pt
            self.lines.append((x, y - ASCENT_EM * size_pt, cleaned(text), self._fonts[key]))

    def draw(self, renderer: Any) -> None:
        """Hand every line to the renderer of the file."""
        graphics = renderer.new_gc()
        scale = renderer.points_to_pixels(1.0)
        for x, y, text, font in self.lines:
            renderer.draw_text(graphics, x * scale, y * scale, text, font, 0)
        graphics.restore()
