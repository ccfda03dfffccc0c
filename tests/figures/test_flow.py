"""Figure 1 of an evaluation: every box, and an arrow to each."""

from __future__ import annotations

from matplotlib.figure import Figure
from matplotlib.patches import ConnectionPatch, Rectangle
from tests.figures.drawn import texts

from lumbargrade.figures.flow import flow_figure
from lumbargrade.statistics.patients import Count, Flow, Origin, Stage


def test_the_flow_names_every_box_and_draws_an_arrow_to_each() -> None:
    flow = Flow(
        cohort=Count("cohort", 9, 90),
        left_out=(Count("another contrast", 9, 20),),
        parts=(Count("train and validation", 5, 40), Count("internal test", 4, 30)),
        graded=(Count("internal test", 1, 28),),
    )
    found = [one for one in texts(flow_figure(flow)) if one]
    assert found == [
        "cohort\n9 patients, 90 images",
        "another contrast\n9 patients, 20 images\nleft out",
        "train and validation\n5 patients, 40 images\nnot evaluated",
        "internal test\n4 patients, 30 images",
        "graded\n1 patient, 28 images",
    ]
    assert texts(flow_figure(flow)).count("") == 4


def test_boxes_of_several_parts_do_not_overlap() -> None:
    parts = tuple(Count(f"part {number}", 1, 1) for number in range(3))
    figure = flow_figure(Flow(Count("cohort", 9, 90), (Count("left", 1, 2),), parts, parts))
    boxes = [one for one in figure.axes[0].patches if isinstance(one, Rectangle)]
    assert len(boxes) == 1 + 1 + 3 + 3
    for index, one in enumerate(boxes):
        for other in boxes[index + 1 :]:
            apart_x = abs(one.get_x() - other.get_x()) >= one.get_width() - 1e-9
            apart_y = abs(one.get_y() - other.get_y()) >= one.get_height() - 1e-9
            assert apart_x or apart_y


def test_the_way_out_of_an_archive_stands_above_the_cohort() -> None:
    stages = (Stage("Excluded", (Count("fracture", 3, 40),), Count("Included", 9, 90)),)
    origins = (Origin("A", Count("In the archive", 12, 130), stages),) * 2
    parts = (Count("internal test", 9, 90),)
    figure = flow_figure(Flow(Count("cohort", 9, 90), (), parts, parts, origins))
    *above, below = figure.axes
    assert len(above) == 2
    for axes in above:
        said = [one.get_text() for one in axes.texts]
        assert {"12 patients, 130 images", "Excluded: 3 patients", "3  fracture"} <= {*said}
    heights = [axes.get_position() for axes in figure.axes]
    assert heights[0].y0 > heights[1].y1 > heights[1].y0 > heights[2].y1
    assert heights[0].y1 <= 0.9 + 1e-9
    assert below.get_position().y0 >= 0.1
    assert "A: archive" in {one.get_text() for one in above[0].texts}
    assert leads(figure) == 0
    alone = flow_figure(Flow(Count("cohort", 9, 90), (), parts, parts, origins[:1]))
    assert "In the archive" in {one.get_text() for one in alone.axes[0].texts}
    assert leads(alone) == 1


def leads(figure: Figure) -> int:
    """How many arrows lead from one part of the figure to the other."""
    return sum(isinstance(one, ConnectionPatch) for one in figure.artists)
