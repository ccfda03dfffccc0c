"""Each example has the grade that it is an example of, by the formulas of the phantom's truth."""

from __future__ import annotations

import numpy as np
import pytest

from lumbargrade.grading.finding import Side
from lumbargrade.phantom.anatomy.anatomy import Anatomy
from lumbargrade.phantom.anatomy.spine import plane_of_level
from lumbargrade.phantom.grades import grade_slice
from lumbargrade.phantom.schematic.example import LEVEL, example, is_drawn
from lumbargrade.study.geometry import SliceGeometry

CASES = [
    ("LDH", Side.LEFT, "LDH"),
    ("LCCS", Side.LEFT, "LCCS"),
    ("LNRC", Side.LEFT, "LNRC_left"),
    ("LNRC", Side.RIGHT, "LNRC_right"),
]


def slice_through_the_disc(shown: Anatomy) -> SliceGeometry:
    plane = plane_of_level(LEVEL)
    tilt = float(shown.spine.tilts_rad[plane])
    left, back = np.array([1.0, 0.0, 0.0]), np.array([0.0, np.cos(tilt), np.sin(tilt)])
    x, y, z = (shown.spine.origins_mm[plane] - 60 * (left + back)).tolist()
    row, column = (1.0, 0.0, 0.0), (0.0, float(back[1]), float(back[2]))
    return SliceGeometry((x, y, z), row, column, (0.5, 0.5), 241, 241)


@pytest.mark.parametrize(("system", "side", "output"), CASES)
def test_an_example_has_its_grade(system: str, side: Side, output: str) -> None:
    found = []
    for grade in range(4):
        shown = example(system, grade, side)
        found.append(grade_slice(shown, slice_through_the_disc(shown)).grades[output])
    assert found == [0, 1, 2, 3]


@pytest.mark.parametrize("grade", [1, 2, 3])
def test_the_other_root_is_free(grade: int) -> None:
    shown = example("LNRC", grade, Side.RIGHT)
    assert grade_slice(shown, slice_through_the_disc(shown)).grades["LNRC_left"] == 0


def test_only_what_the_phantom_grades_is_drawn() -> None:
    assert [one for one in ("LDH", "LCCS", "LNRC", "PFIRRMANN") if is_drawn(one)] == [
        "LDH",
        "LCCS",
        "LNRC",
    ]
    with pytest.raises(KeyError):
        example("PFIRRMANN", 1)
    with pytest.raises(IndexError):
        example("LDH", 4)
