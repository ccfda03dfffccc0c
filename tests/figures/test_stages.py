"""Figure 1 of an archive holds every box and number."""

from __future__ import annotations

import itertools

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from lumbargrade.figures.stages import stages_figure
from lumbargrade.figures.style import svg
from lumbargrade.statistics.patients import Count, Stage

STAGES = [
    Stage("Out", (Count("a $x$ reason", 7, 90), Count("long " * 30, 1, 5)), Count("Left", 1, 9)),
    Stage("Excluded", (), Count("Included", 1, 9)),
]


def spans_of(figure: Figure) -> list[tuple[float, float]]:
    """The lower and the upper edge of each box."""
    boxes = [box for box in figure.axes[0].patches if isinstance(box, Rectangle)]
    return [(box.get_y(), box.get_y() + box.get_height()) for box in boxes]


def test_every_box_is_drawn_inside_the_figure() -> None:
    figure = stages_figure(Count("In the archive", 9, 100), STAGES)
    (axes,) = figure.axes
    texts = [text.get_text() for text in axes.texts if text.get_text()]
    assert texts[:2] == ["In the archive", "9 patients, 100 images"]
    assert {
        "Out: 8 patients",
        "7  a $x$ reason",
        "1 patient, 9 images",
        "Excluded: 0 patients",
    } <= {*texts}
    assert max(map(len, texts)) <= 60
    low, high = axes.get_ylim()
    spans = spans_of(figure)
    assert all(low <= bottom and top <= high for bottom, top in spans)
    assert len(spans) == 5


def test_boxes_do_not_overlap() -> None:
    figure = stages_figure(Count("In the archive", 9, 100), STAGES * 3)
    spans = itertools.pairwise(sorted(spans_of(figure)))
    assert all(below[1] < above[0] for below, above in spans)


def test_it_becomes_a_vector_file() -> None:
    assert svg(stages_figure(Count("x", 1, 1), [])).count("<svg") == 1
