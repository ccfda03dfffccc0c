"""Columns as people name them."""

from __future__ import annotations

import pytest

from lumbargrade.grading.finding import Side
from lumbargrade.readings.columns import grade_columns, side_of


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("LDH", ("LDH", None, "")),
        ("ldh_R", ("LDH", None, "R")),
        ("LNRC_left", ("LNRC", Side.LEFT, "")),
        ("LNRC L Ann", ("LNRC", Side.LEFT, "Ann")),
        ("pfirrmann_Ann", ("PFIRRMANN", None, "Ann")),
        ("MODIC_Ann", ("MODIC", None, "Ann")),
        ("Dr. Ann-LNRC-right", ("LNRC", Side.RIGHT, "Dr. Ann")),
    ],
)
def test_a_name_says_system_side_and_reader(name: str, found: tuple[str, Side | None, str]) -> None:
    (one,) = grade_columns([name])
    assert (one.system.code, one.side, one.reader) == found


def test_other_columns_hold_no_grades() -> None:
    assert grade_columns(["image", "LDHX", "grade", "LDH_left_Ann"]) == []
    assert grade_columns(["slip_mm", "Modic type", "Modic", "upper endplates", "Slip"]) == []
    assert side_of("L") == (Side.LEFT, True)
    assert side_of("both") == (None, False)
