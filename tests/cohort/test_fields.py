from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lumbargrade.cohort import fields
from lumbargrade.grading.level import Level

REGION = {"region": {"center_px": [1, 2.5], "box_px": None}}


def test_each_field_is_read() -> None:
    assert fields.level({"level": "L5/S1"}) is Level.L5_S1
    assert fields.numbers(REGION, "center_px", "[column, row]") == (1.0, 2.5)
    assert fields.grades({"grades": {"LDH": 3, "LNRC_left": None}}) == {"LDH": 3, "LNRC_left": None}
    assert fields.number({"age_years": 54}, "age_years") == 54.0
    assert fields.flag({"external": False}, "external") is False


def test_null_is_not_known() -> None:
    assert fields.level({"level": None}) is None
    assert fields.disc_in_plane({"disc_in_plane": None}) is None
    assert fields.numbers({"region": None}, "center_px", "[column, row]") is None
    assert fields.numbers(REGION, "box_px", "[x, y, width, height]") is None
    assert fields.picture_code({}) is None


@pytest.mark.parametrize(
    ("read", "message"),
    [
        (lambda: fields.file(3, Path()), "is not a table"),
        (lambda: fields.file({"file": "../a"}, Path()), "points outside the cohort folder"),
        (lambda: fields.text({"sex": ""}, "sex"), "'sex' is '', not a text"),
        (lambda: fields.flag({}, "external"), "'external' is None, not true or false"),
        (lambda: fields.number({"a": True}, "a"), "'a' is True, not a number or null"),
        (lambda: fields.number({"a": math.nan}, "a"), "'a' is nan, not a number or null"),
        (lambda: fields.numbers(REGION, "center_px", "[x, y, z]"), r"not \[x, y, z\]"),
        (lambda: fields.grades({"grades": {"LDH": 4}}), "LDH 4, not 0 to 3 or null"),
        (lambda: fields.grades({"grades": []}), "'grades' is .*, not a table"),
        (lambda: fields.picture_code({"picture_code": "x"}), "is 'x', not an image hash"),
    ],
)
def test_what_is_wrong_is_said(read: Callable[[], Any], message: str) -> None:
    with pytest.raises(fields.TruthError, match=message):
        read()
