"""What can be wrong with a record of outlines, fault by fault."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from lumbargrade.morphometry.outlines import Root
from lumbargrade.morphometry.record import KEYS, check, check_sides, line, root

GOOD: dict[str, Any] = {
    "file": "axial/P1_L4-L5.png",
    "centre_px": [160.0, 190.5],
    "pixel_spacing_mm": 0.6875,
    "disc": [[-20.0, -5.0], [20.0, -5.0], [0.0, -30.0]],
}


def faults(**change: Any) -> list[str]:
    found: list[str] = []
    check({**GOOD, **change}, lambda key, wrong: found.append(f"{key}: {wrong}"))
    return found


def test_a_good_record_has_no_fault() -> None:
    assert faults() == []
    more = {
        "plane": "disc",
        "quality": 2,
        "facet_sure": False,
        "note": "",
        "roots_in_sac": [],
        "clusters": [[[0, 0], [1, 0], [1, 1]]],
        "root_left": {"centre": [9.5, 1], "diameter": 4},
        "spinous": [[0, 10], [2, 12], [-2, 12]],
    }
    assert faults(**more) == []


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("discs", [], "is not known: correct its name or take it out"),
        ("file", " ", "must be a text"),
        ("level", 4, "must be a text"),
        ("centre_px", [1, 2, 3], "must be [column, row] in pixels"),
        ("pixel_spacing_mm", 0, "must be a number of mm from 0.05 to 5"),
        ("pixel_spacing_mm", True, "must be a number of mm from 0.05 to 5"),
        ("quality", 4, "must be 1, 2 or 3"),
        ("quality", 2.0, "must be 1, 2 or 3"),
        ("plane", "bone", "must be one of disc, endplate, body"),
        ("plane", ["disc"], "must be one of disc, endplate, body"),
        ("sac_sure", "yes", "must be true or false"),
        ("sac", "round", "must be a list of points [x, y] in mm"),
        ("sac", [[0, 0], [1, None], [2, 2]], "must be a list of points [x, y] in mm"),
        ("sac", [[0, 0], [1, float("nan")], [2, 2]], "must be a list of points [x, y] in mm"),
        ("sac", [[0, 0], [1, 1], [0, 0]], "has fewer than 3 different points"),
        ("canal_back", [[0, 0], [1, 1]], "has fewer than 3 different points"),
        ("sac", [[160, 190], [170, 190], [165, 200]], "lies more than 150 mm from the centre"),
        ("root_left", [9.5, 1.0], "must be a root such as"),
        ("root_left", {"centre": [9.5, 1.0], "diameter": 0}, "must be a root such as"),
        ("root_left", {"centre": [9.5, 1.0]}, "must be a root such as"),
        ("roots_in_sac", {}, "must be a list, not"),
        ("roots_in_sac", [{"centre": [0, 1]}], "number 1 must be a root such as"),
        ("clusters", [[[0, 0], [1, 0]]], "number 1 has fewer than 3 different points"),
    ],
)
def test_one_fault_is_one_line(key: str, value: Any, said: str) -> None:
    (found,) = faults(**{key: value})
    assert found.startswith(f"{key}: ")
    assert said in found
    assert len(found) < 220


def test_what_is_missing() -> None:
    found: list[str] = []
    check({}, lambda key, wrong: found.append(f"{key} {wrong}"))
    assert found == [
        "file is missing: add it",
        "centre_px is missing: add it",
        "pixel_spacing_mm is missing: add it",
    ]


@pytest.mark.parametrize("stem", ["bone", "joint"])
def test_sides_that_are_swapped(stem: str) -> None:
    left, right = [[10, 1], [20, 5], [15, 9]], [[-10, 1], [-20, 5], [-15, 9]]
    found: list[str] = []
    check_sides({f"{stem}_left": left, f"{stem}_right": right}, lambda *one: found.extend(one))
    assert found == []
    check_sides({f"{stem}_left": right, f"{stem}_right": left}, lambda *one: found.extend(one))
    assert found[0] == f"{stem}_left"
    assert "lies on the right of" in found[1]


def test_roots_that_are_swapped() -> None:
    left, right = ({"centre": [x, 3.0], "diameter": 4.0} for x in (9.0, -9.0))
    found: list[str] = []
    check_sides({"root_left": right, "root_right": left}, lambda *one: found.extend(one))
    assert found[0] == "root_left"
    check_sides({"root_left": right}, lambda *one: pytest.fail(str(one)))


def test_a_closed_line_is_not_closed_twice() -> None:
    assert len(line([[0, 0], [1, 0], [1, 1], [0, 0]])) == 3
    assert line([[0, 0], [1, 0]]).dtype == np.float64


def test_a_root() -> None:
    assert root({"centre": [9, 1], "diameter": 4}) == Root((9.0, 1.0), 4.0)


def test_the_keys_of_the_format() -> None:
    assert {"disc", "bone_left", "exit_right", "patient", "centre_px", "clusters"} <= KEYS
