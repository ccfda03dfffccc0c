from __future__ import annotations

import pytest

from lumbargrade.readings.occasion import FIRST, Arm, Occasion, read_occasion


def test_a_table_without_the_columns_holds_first_readings() -> None:
    assert read_occasion({"grade": "1"}) == (FIRST, "")
    assert read_occasion({"round": "", "arm": "", "seconds": ""}) == (FIRST, "")
    assert FIRST.first_and_plain


def test_what_the_reading_room_exports_is_read() -> None:
    row = {"round": "2", "arm": "Assisted", "seconds": "12,5"}
    assert read_occasion(row) == (Occasion(2, Arm.ASSISTED, 12.5), "")
    assert not Occasion(2).first_and_plain
    assert not Occasion(arm=Arm.ASSISTED).first_and_plain


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ({"round": "0"}, "round '0' is no number of a reading"),
        ({"round": "two"}, "round 'two' is no number of a reading"),
        ({"arm": "both"}, "arm 'both' is unknown: use plain or assisted"),
        ({"seconds": "-1"}, "seconds '-1' is no time"),
        ({"seconds": "nan"}, "seconds 'nan' is no time"),
        ({"seconds": "long"}, "seconds 'long' is no time"),
    ],
)
def test_what_is_impossible_is_said(row: dict[str, str], fault: str) -> None:
    assert read_occasion(row)[1].startswith(fault)
