"""Figure 1 of an evaluation: every box, and an arrow to each."""

from __future__ import annotations

from matplotlib.patches import Rectangle
from tests.figures.drawn import texts

from lumbargrade.figures.flow import flow_figure
from lumbargrade.statistics.patients import Count, Flow


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
