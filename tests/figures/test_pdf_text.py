"""Text on a page: where it stands, and in which type."""

from __future__ import annotations

from typing import Any

from matplotlib.backend_bases import RendererBase

from lumbargrade.figures.pdf_text import ASCENT_EM, Words


class Recorder(RendererBase):
    """A renderer of two pixels a point that notes what it is to draw."""

    def __init__(self) -> None:
        super().__init__()
        self.drawn: list[tuple[float, float, str, float]] = []

    def points_to_pixels(self, points: Any) -> Any:
        return 2 * points

    def draw_text(
        self,
        gc: Any,
        x: float,
        y: float,
        s: str,
        prop: Any,
        angle: float,
        ismath: Any = False,
        mtext: Any = None,
    ) -> None:
        self.drawn.append((x, y, s, angle))


def test_text_hangs_from_its_upper_left_corner() -> None:
    words, page = Words(), Recorder()
    words.write((40.0, 500.0), "Table 1", 10.0, "normal")
    words.draw(page)
    assert page.drawn == [(80.0, 2 * (500.0 - 10 * ASCENT_EM), "Table 1", 0)]


def test_nothing_is_drawn_for_an_empty_cell_and_types_are_shared() -> None:
    words = Words()
    for text, size, weight in (("", 8.0, "normal"), ("a", 8.0, "normal"), ("b", 8.0, "normal")):
        words.write((0.0, 0.0), text, size, weight)
    words.write((0.0, 0.0), "c", 8.0, "bold")
    fonts = [font for *_, font in words.lines]
    assert [text for _, _, text, _ in words.lines] == ["a", "b", "c"]
    assert fonts[0] is fonts[1]
    assert (fonts[0].get_weight(), fonts[2].get_weight()) == ("normal", "bold")
