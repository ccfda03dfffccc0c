from dataclasses import replace

import numpy as np
import pytest
from tests.morphometry.shapes import outlines
from tests.phantom.bending.slates import SPACING_MM, material, picture, slate

from lumbargrade.grading.finding import Side
from lumbargrade.morphometry.lines import area
from lumbargrade.morphometry.outlines import Root
from lumbargrade.phantom.bending.bend import bend_slice, material_of
from lumbargrade.phantom.bending.plan import Bend
from lumbargrade.phantom.bending.truth import line_depth


@pytest.mark.parametrize(("ratio", "grade"), [(0.3, 1), (0.75, 2), (1.15, 3)])
def test_the_grade_follows_from_height_over_line_depth(ratio: float, grade: int) -> None:
    height = ratio * material().depth_mm
    truth = bend_slice(material(), Bend(height=height, half_width=(5.0, 5.0))).truth
    assert truth.grades["LDH"] == grade
    assert truth.measures["herniation_ratio"] == pytest.approx(ratio, abs=0.06)


def test_a_bulge_is_no_herniation() -> None:
    truth = bend_slice(material(), Bend(bulge=3.0)).truth
    assert truth.grades["LDH"] == 0
    assert truth.measures["bulge_mm"] == pytest.approx(3.0, abs=0.4)
    assert truth.measures["disc_displacement_mm"] < 0.2


@pytest.mark.parametrize("apex", [18.0, 22.0, -18.0, -22.0])
@pytest.mark.parametrize("bulge", [0.0, 3.0])
def test_on_a_steep_flank_a_displacement_is_not_read_as_a_taller_one(
    apex: float, bulge: float
) -> None:
    bend = Bend(height=4.0, apex=apex, half_width=(6.0, 6.0), shoulder=3.0, bulge=bulge)
    measures = bend_slice(material(), bend).truth.measures
    assert 0.0 < measures["disc_displacement_mm"] < 4.2
    assert measures["herniation_ratio"] < 4.2 / (material().depth_mm - bulge)


def test_the_line_depth_is_from_the_margin_to_the_joints() -> None:
    # joints at y = 7, the margin in the midline at -1
    assert line_depth(slate()) == pytest.approx(8.0, abs=0.1)
    assert line_depth(replace(slate(), outlines=replace(outlines(), joints={}))) is None
    joints = {side: line - np.array([0.0, 9.0]) for side, line in outlines().joints.items()}
    assert line_depth(replace(slate(), outlines=replace(outlines(), joints=joints))) is None


def test_the_sac_is_pressed() -> None:
    sac = outlines().sac
    assert sac is not None
    areas = [
        bend_slice(material(), Bend(height=h, half_width=(8.0, 8.0))).truth.measures["sac_area_mm2"]
        for h in (0.0, 4.0, 8.0)
    ]
    assert areas[0] == pytest.approx(area(sac), rel=0.03)
    assert areas[0] > areas[1] > areas[2] > 0


def test_the_root_of_the_displaced_side_is_reached_and_the_other_is_not() -> None:
    roots = {Side.LEFT: Root((9.0, 2.3), 2.6), Side.RIGHT: Root((-9.0, 2.3), 2.6)}
    made = material_of(picture(), SPACING_MM, replace(outlines(), traversing_roots=roots))
    assert made is not None
    free = bend_slice(made, Bend()).truth.grades
    assert (free["LNRC_left"], free["LNRC_right"]) == (0, 0)
    bend = Bend(height=6.0, apex=8.0, half_width=(4.0, 4.0), shoulder=3.0)
    grades = bend_slice(made, bend).truth.grades
    assert grades["LNRC_left"] is not None
    assert grades["LNRC_left"] >= 2
    assert grades["LNRC_right"] == 0


def test_a_root_that_was_not_drawn_has_no_grade() -> None:
    made = material_of(picture(), SPACING_MM, replace(outlines(), traversing_roots={}))
    assert made is not None
    grades = bend_slice(made, Bend(height=5.0)).truth.grades
    assert grades["LNRC_left"] is None
    assert grades["LNRC_right"] is None


def test_the_mirrored_bend_has_the_mirrored_truth() -> None:
    bend = Bend(height=5.0, apex=6.0, half_width=(4.0, 6.0))
    other = replace(bend, apex=-6.0, half_width=(6.0, 4.0))
    given = [bend_slice(material(), one).truth for one in (bend, other)]
    assert given[0].grades["LNRC_left"] == given[1].grades["LNRC_right"]
    for name in ("herniation_ratio", "sac_area_mm2"):
        assert given[0].measures[name] == pytest.approx(given[1].measures[name], rel=0.05)
    assert np.sign(given[0].measures["herniation_u_mm"]) == 1
    assert np.sign(given[1].measures["herniation_u_mm"]) == -1
