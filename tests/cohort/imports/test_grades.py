"""Grades out of a table: long or wide, not known is not zero, faults by their row."""

from __future__ import annotations

from pathlib import Path

import pytest

from lumbargrade.cohort.imports.faults import Faults
from lumbargrade.cohort.imports.grades import GradeRow, read_grades
from lumbargrade.cohort.imports.keys import SliceKey
from lumbargrade.errors import CohortError
from lumbargrade.grading.level import Level


def read(path: Path, text: str) -> tuple[list[GradeRow], str]:
    """The rows, and what is wrong with the others."""
    path.write_text(text, "utf-8")
    faults = Faults()
    rows = read_grades(path, faults)
    try:
        faults.check()
    except CohortError as error:
        return rows, str(error)
    return rows, ""


def test_a_long_row_is_one_grade(tmp_path: Path) -> None:
    rows, faults = read(
        tmp_path / "g.csv",
        "sop,level,system,side,grade\n1.2,L4-5,ldh,,2\n1.2,,LNRC,R,0\n1.3,,,,\n",
    )
    assert rows == [
        GradeRow("g.csv row 2", SliceKey(sop="1.2"), Level.L4_L5, "LDH", 2),
        GradeRow("g.csv row 3", SliceKey(sop="1.2"), None, "LNRC_right", 0),
    ]
    assert faults == ""


def test_a_wide_row_is_a_grade_for_each_output(tmp_path: Path) -> None:
    rows, faults = read(tmp_path / "g.csv", "patient,level,LDH,lnrc_LEFT\nA,L5/S1,3,NA\n")
    assert [(row.output, row.grade) for row in rows] == [("LDH", 3), ("LNRC_left", None)]
    assert {row.key for row in rows} == {SliceKey(patient="A")}
    assert faults == ""


@pytest.mark.parametrize("text", ["", "NA", "nan", "-1"])
def test_what_is_not_known_is_not_zero(tmp_path: Path, text: str) -> None:
    ((row,), faults) = read(tmp_path / "g.csv", f"sop,LDH\n1.2,{text}\n")
    assert row.grade is None
    assert faults == ""


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("1.2,,LDH,,4", "LDH grade '4' is unknown: grades go from 0 to 3"),
        ("1.2,,LDH,,1.0", "LDH grade '1.0' is unknown: grades go from 0 to 3"),
        ("1.2,,LXX,,1", "system 'LXX' is unknown: use LDH, LCCS, LNRC"),
        ("1.2,,LNRC,,1", "side '' of LNRC is unknown: use left or right"),
        ("1.2,,LNRC,up,1", "side 'up' of LNRC is unknown: use left or right"),
        ("1.2,,LCCS,left,1", "side 'left': LCCS has no sides; leave it empty"),
        ("1.2,,,,1", "has a grade but no system: fill in system"),
        ("1.2,L9,LDH,,1", "level 'L9' is unknown"),
        (",,LDH,,1", "names no slice: fill in sop, or file, or series and slice, or patient and"),
    ],
)
def test_a_fault_is_told_with_its_row(tmp_path: Path, row: str, message: str) -> None:
    rows, faults = read(tmp_path / "g.csv", f"sop,level,system,side,grade\n{row}\n")
    assert rows == []
    assert f"g.csv row 2: {message}" in faults


def test_a_table_without_grades_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CohortError, match=r"g\.csv: no columns system and grade: the first line"):
        read(tmp_path / "g.csv", "patient,what\na,b\n")
