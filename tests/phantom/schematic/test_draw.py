"""The drawings: whole SVG, and what a grade is about is where it belongs."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from lumbargrade.grading.finding import Side
from lumbargrade.phantom.schematic.draw import GRADED_ROOT, HERNIATION, schematic_svg

SVG = "{http://www.w3.org/2000/svg}"


def parsed(system: str, grade: int, side: Side | None = None) -> ET.Element:
    return ET.fromstring(schematic_svg(system, grade, side))


@pytest.mark.parametrize("system", ["LDH", "LCCS", "LNRC"])
@pytest.mark.parametrize("grade", range(4))
def test_a_drawing_names_its_grade_and_is_small(system: str, grade: int) -> None:
    title = parsed(system, grade).findtext(f"{SVG}title")
    assert title is not None
    assert title.startswith(f"{system} {grade}: ")
    assert len(schematic_svg(system, grade)) < 30_000


def displaced(system: str, grade: int) -> list[float]:
    """How far back (mm) disc material reaches in a drawing."""
    paths = [one for one in parsed(system, grade).iter(f"{SVG}path")]
    data = [one.get("d", "") for one in paths if one.get("fill") == HERNIATION]
    return [float(part.split()[1]) for one in data for part in one.strip("MZ").split("L")]


def test_disc_material_reaches_further_with_the_grade() -> None:
    assert not displaced("LDH", 0)
    reach = [max(displaced("LDH", grade)) for grade in (1, 2, 3)]
    assert reach == sorted(reach)
    assert reach[0] < reach[2] - 4.0


@pytest.mark.parametrize(("side", "sign"), [(Side.LEFT, 1), (Side.RIGHT, -1), (None, 1)])
@pytest.mark.parametrize("grade", range(4))
def test_the_graded_root_lies_on_its_side(grade: int, side: Side | None, sign: int) -> None:
    """The patient's left is on the right of the picture, as slices are shown."""
    roots = [
        one for one in parsed("LNRC", grade, side).iter(f"{SVG}ellipse")
        if one.get("fill") == GRADED_ROOT
    ]  # fmt: skip
    (root,) = roots
    assert sign * float(root.get("cx", "0")) > 5


def test_a_compressed_root_is_flat() -> None:
    def flatness(grade: int) -> float:
        (root,) = (
            one for one in parsed("LNRC", grade).iter(f"{SVG}ellipse")
            if one.get("fill") == GRADED_ROOT
        )  # fmt: skip
        return float(root.get("rx", "0")) / float(root.get("ry", "1"))

    assert flatness(2) < 2 < flatness(3)


def test_a_herniation_is_measured_against_two_lines() -> None:
    dashed = [one for one in parsed("LDH", 2).iter(f"{SVG}path") if one.get("stroke-dasharray")]
    assert len(dashed) == 2
    assert not [one for one in parsed("LCCS", 2).iter(f"{SVG}path") if one.get("stroke-dasharray")]
