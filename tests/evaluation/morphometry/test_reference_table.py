"""Tables of measures: what is read, and what is refused in one line."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.evaluation.measured import AREA, RECESS, write_table

from lumbargrade.errors import EvaluationError
from lumbargrade.evaluation.morphometry.measurer import Place
from lumbargrade.evaluation.morphometry.reference_table import Row, read_reference
from lumbargrade.grading.finding import Side


def test_rows_are_read(tmp_path: Path) -> None:
    rows = [f"1.2,3,{AREA},,112.5,mm2", f"1.2,,{RECESS},Left,-.5,mm", f"1.3,1.0,{AREA},,NA,"]
    found, repeated = read_reference(write_table(tmp_path / "t.csv", rows))
    assert repeated == 0
    assert found == [
        Row(2, Place("1.2", 3, AREA, None), 112.5),
        Row(3, Place("1.2", 1, RECESS, Side.LEFT), -0.5),
        Row(4, Place("1.3", 1, AREA, None), None),
    ]


def test_a_repeated_row_counts_once(tmp_path: Path) -> None:
    rows = [f"1.2,1,{AREA},,112.5,", f"1.2,,{AREA},,1.125e2,"]
    found, repeated = read_reference(write_table(tmp_path / "t.csv", rows))
    assert (len(found), repeated) == (1, 1)


@pytest.mark.parametrize(
    ("second", "words"),
    [
        ("113", "sac_area_mm2 of image 1.2 is 113 here and 112.5 in line 2: keep one"),
        ("", "sac_area_mm2 of image 1.2 is empty here and 112.5 in line 2: keep one"),
    ],
)
def test_two_values_for_one_place_are_refused(tmp_path: Path, second: str, words: str) -> None:
    rows = [f"1.2,1,{AREA},,112.5,", f"1.2,1,{AREA},,{second},"]
    with pytest.raises(EvaluationError) as caught:
        read_reference(write_table(tmp_path / "t.csv", rows))
    assert str(caught.value) == f"{tmp_path / 't.csv'}: line 3: {words}"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (f",1,{AREA},,1,", "sop_instance_uid is empty: fill it in"),
        ("1.2,1,,,1,", "measure is empty: fill it in"),
        (f'1.2,1,{AREA},,"1,5",', "value '1,5' is not a number: write it as 12.5, or leave it"),
        (f"1.2,1,{AREA},,inf,", "value 'inf' is not a number: write it as 12.5"),
        (f"1.2,1,{AREA},,1e400,", "value '1e400' is not a number: write it as 12.5"),
        (f"1.2,0,{AREA},,1,", "frame_number '0' is not 1 or more: frames count from 1"),
        (f"1.2,x,{AREA},,1,", "frame_number 'x' is not 1 or more: frames count from 1"),
        (f"1.2,1,{RECESS},L,1,", "side 'L' is unknown: use left, right, or nothing for a measure"),
        (f"1.2,1,{RECESS},left,1,cm", "unit 'cm' is not that of recess_depth_mm: give values in"),
    ],
)
def test_an_impossible_row_is_named(tmp_path: Path, row: str, words: str) -> None:
    good = f"1.1,1,{AREA},,1,"
    with pytest.raises(EvaluationError) as caught:
        read_reference(write_table(tmp_path / "t.csv", [good, row, row]))
    assert f"line 3: {words}" in str(caught.value)
    assert str(caught.value).endswith("(1 more lines are wrong)")


def test_a_table_without_rows_or_columns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="holds no measure: give one row per measure"):
        read_reference(write_table(tmp_path / "t.csv", []))
    with pytest.raises(EvaluationError, match="no column value"):
        read_reference(write_table(tmp_path / "t.csv", [], "sop_instance_uid,measure"))
