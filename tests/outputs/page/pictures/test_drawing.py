from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.made_up_measures import outlines

from lumbargrade.grading.finding import Side
from lumbargrade.morphometry.measure import measure
from lumbargrade.morphometry.outlines import Outlines, Root
from lumbargrade.outputs.page.pictures.drawing import PARTS, Drawing, drawing_of, legend_of
from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.patch import PatchSpec, extract_patch


def _drawn(drawing: Drawing | None, part: str) -> list[str]:
    assert drawing is not None
    return [shape.path for shape in drawing.shapes if shape.part == part]


def _points(path: str) -> NDArray[np.float64]:
    pairs = re.findall(r"(-?[\d.]+),(-?[\d.]+)", path)
    return np.array([(float(x), float(y)) for x, y in pairs])


def test_lines_are_drawn_where_they_lie() -> None:
    made = outlines()
    drawing = drawing_of(made, 75.0)
    assert made.disc is not None
    assert made.canal_back is not None
    (disc,), (canal,) = _drawn(drawing, "disc"), _drawn(drawing, "canal")
    assert _points(disc) == pytest.approx(made.disc, abs=0.005)
    assert _points(canal) == pytest.approx(made.canal_back, abs=0.005)
    assert (disc[-1], canal[-1] == "Z") == ("Z", False)


def test_a_root_is_a_circle() -> None:
    made = Outlines(traversing_roots={Side.LEFT: Root((8.0, 0.5), 3.0)})
    drawing = drawing_of(made, 75.0)
    assert _drawn(drawing, "root") == ["M6.50,0.50a1.50,1.50 0 1 0 3.00,0a1.50,1.50 0 1 0 -3.00,0Z"]
    assert drawing is not None
    assert drawing.shapes[0].side is Side.LEFT


def test_every_part_can_be_drawn_and_is_in_the_legend() -> None:
    drawing = drawing_of(outlines(), 75.0)
    assert drawing is not None
    assert list(dict.fromkeys(shape.part for shape in drawing.shapes)) == list(PARTS)
    assert [(one.part, one.title) for one in legend_of([None, drawing])] == list(PARTS.items())


def test_without_outlines_there_is_no_drawing_and_no_legend() -> None:
    assert drawing_of(None, 75.0) is None
    assert drawing_of(Outlines(), 75.0) is None
    assert legend_of([None]) == ()


def test_the_intra_facet_line_joins_the_medial_ends_of_both_joints() -> None:
    (line,) = _drawn(drawing_of(outlines(), 75.0), "line")
    assert _points(line).tolist() == [[11.0, 6.0], [-11.0, 6.0]]
    one_sided = replace(outlines(), joints={Side.LEFT: outlines().joints[Side.LEFT]})
    assert _drawn(drawing_of(one_sided, 75.0), "line") == []


@pytest.mark.parametrize("turn", [-0.15, 0.0, 0.15])
def test_the_displacement_is_as_long_as_it_is_measured(turn: float) -> None:
    """Also where the patient lies turned, and the region off the midline."""
    made = _turned(outlines(), turn, (3.0, -2.0))
    (shift,) = _drawn(drawing_of(made, 75.0), "shift")
    start, end = _points(shift)
    measured = {one.name: one.value for one in measure(made) if one.side is None}
    length = float(np.hypot(*(end - start)))
    assert length == pytest.approx(measured["disc_displacement_mm"], abs=0.02)
    assert made.disc is not None
    assert np.hypot(*(made.disc - end).T).min() < 2.0  # the end lies on the disc's margin
    assert end[1] > start[1]


def _turned(made: Outlines, turn: float, offset: tuple[float, float]) -> Outlines:
    matrix = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])

    def move(line: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(line @ matrix.T + offset)

    assert made.disc is not None
    assert made.sac is not None
    assert made.canal_back is not None
    return Outlines(
        disc=move(made.disc),
        sac=move(made.sac),
        canal_back=move(made.canal_back),
        facets={side: move(line) for side, line in made.facets.items()},
        joints={side: move(line) for side, line in made.joints.items()},
    )


@pytest.mark.parametrize(
    ("row", "column"), [((1, 0, 0), (0, 1, 0)), ((-1, 0, 0), (0, 1, 0)), ((0, 1, 0), (1, 0, 0))]
)
def test_a_drawing_lies_on_the_picture_of_its_region(
    row: tuple[int, int, int], column: tuple[int, int, int]
) -> None:
    """What lies 10 mm to the left of the centre and 5 mm behind it is seen where it is drawn."""
    geometry = SliceGeometry((0.0, 0.0, 0.0), row, column, (0.5, 0.5), 240, 240)
    spec, centre = PatchSpec(), (119.5, 119.5)
    columns, rows = np.meshgrid(np.arange(240), np.arange(240))
    grid = zip(columns.ravel().tolist(), rows.ravel().tolist(), strict=True)
    places = np.array([geometry.to_patient(c, r) for c, r in grid])
    apart = places - np.add(geometry.to_patient(*centre), (10, 5, 0))
    near = np.hypot(apart[:, 0], apart[:, 1]).reshape(240, 240) < 2.5
    pixels = np.random.default_rng(0).uniform(0, 20, (240, 240)).astype(np.float32)
    patch = extract_patch(pixels + 80 * near, geometry, centre, spec)
    seen = np.nonzero(patch > 0.8 * patch.max())
    # As the page lays them: the picture fills the view box of the drawing.
    y, x = (
        (float(found.mean()) + 0.5) / spec.pixels * spec.size_mm - spec.size_mm / 2
        for found in seen
    )
    assert (x, y) == pytest.approx((10, 5), abs=0.3)
