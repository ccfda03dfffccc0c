"""The sheet of slices of every grade."""

from __future__ import annotations

import numpy as np
import pytest
from tests.benchmarks.realism.slices import seen
from tests.morphometry.shapes import outlines

from benchmarks.real.realism.seen import Seen
from benchmarks.real.sheets.grades import choose_grades, grade_sheet, outlined_sheet, worst


def graded(patient: str, ldh: int, lccs: int, left: int | None, right: int | None) -> Seen:
    grades = {"LDH": ldh, "LCCS": lccs, "LNRC_left": left, "LNRC_right": right}
    return seen(outlines(), patient=patient, grades=grades)


def test_of_two_sides_the_worse_one_counts() -> None:
    assert worst(graded("P1", 1, 0, 0, 2), "LNRC") == 2
    assert worst(graded("P1", 1, 0, None, 2), "LNRC") == 2
    assert worst(graded("P1", 1, 0, None, None), "LNRC") is None
    assert worst(graded("P1", 1, 0, None, None), "LDH") == 1


def test_the_slice_with_little_else_is_chosen_and_of_another_patient() -> None:
    slices = [
        graded("P1", 0, 0, 0, 0),
        graded("P2", 3, 2, 3, 0),
        graded("P3", 3, 0, 0, 1),
        graded("P4", 0, 0, 0, 0),
    ]
    found = choose_grades(slices)
    assert found["LDH", 3].patient == "P3"
    assert found["LDH", 0].patient != found["LCCS", 0].patient
    assert ("LDH", 2) not in found


def test_a_sheet_has_a_place_for_every_grade_of_every_set() -> None:
    chosen = choose_grades([graded("P1", 2, 0, 0, 0)])
    one = grade_sheet({"simulated": chosen})
    two = grade_sheet({"simulated": chosen, "real": {}})
    assert two.width == 2 * one.width
    assert two.height == one.height
    tile = (one.width // 4, one.height // 3)
    missing = np.asarray(one.crop((0, 30, tile[0] - 2, tile[1] - 2)))
    assert not missing.any()  # LDH 0
    shown = np.asarray(one.crop((2 * tile[0], 30, 3 * tile[0] - 2, tile[1] - 2)))
    colours = {tuple(colour) for colour in shown.reshape(-1, 3).tolist()}
    assert (255, 70, 70) in colours  # the disc


def test_a_list_too_short_is_told() -> None:
    one = seen(outlines())
    with pytest.raises(ValueError, match="shorter"):
        outlined_sheet([one.patch], [one.outlines], [], 1)
