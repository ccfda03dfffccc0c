"""Grades out of a table: long or wide, not known is not zero, faults by their row."""

from __future__ import annotations

from pathlib import Path

import pytest

from lumbargrade.errors import CohortError
from lumbargrade.grading.finding import Side
from lumbargrade.grading.level import Level
from lumbargrade.readings.faults import Faults
from lumbargrade.readings.occasion import Arm, Occasion
from lumbargrade.readings.read import Asked, Reading, first_readings, read_readings, readers_of
from lumbargrade.readings.slice_key import SliceKey


def read(path: Path, text: str) -> tuple[list[Reading], str]:
    """The rows, and what is wrong with the others."""
    path.write_text(text, "utf-8")
    faults = Faults()
    rows = read_readings(path, Asked(), faults, CohortError)
    try:
        faults.check(CohortError)
    except CohortError as error:
        return rows, str(error)
    return rows, ""


def test_a_long_row_is_one_grade(tmp_path: Path) -> None:
    rows, faults = read(
        tmp_path / "g.csv",
        "sop,level,system,side,grade\n1.2,L4-5,ldh,,2\n1.2,,LNRC,R,0\n1.3,,,,\n",
    )
    assert rows == [
        Reading("g.csv row 2", "", SliceKey(sop="1.2"), Level.L4_L5, "LDH", None, 2),
        Reading("g.csv row 3", "", SliceKey(sop="1.2"), None, "LNRC", Side.RIGHT, 0),
    ]
    assert faults == ""


def test_a_reference_standard_may_name_its_makers(tmp_path: Path) -> None:
    rows, faults = read(tmp_path / "g.csv", "sop,LDH,reference_by\n1.2,2,Ann; Bob\n1.3,1,\n")
    assert [row.reference_by for row in rows] == [("Ann", "Bob"), ()]
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
        ("1.2,,LDH,,1.5", "LDH grade '1.5' is unknown: grades go from 0 to 3"),
        (
            "1.2,,LNRC,,1/2",
            "LNRC grade '1/2' is unknown: grades go from 0 to 3, one in a cell: give",
        ),
        ("1.2,,LXX,,1", "system 'LXX' is unknown: use LDH, LCCS, LNRC"),
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
    with pytest.raises(CohortError, match=r"g\.csv: no column system and grade: the first line"):
        read(tmp_path / "g.csv", "patient,what\na,b\n")


def test_two_readers_in_columns(tmp_path: Path) -> None:
    rows, faults = read(
        tmp_path / "g.csv",
        "image,LDH_Ann,Bob LDH,LNRC_left_Ann,LNRC_Bob_right,LDH_comment\na,2,1.0,,3,poor picture\n",
    )
    assert faults == ""
    assert readers_of(rows) == ["Ann", "Bob"]
    assert [(one.reader, one.output, one.grade) for one in rows] == [
        ("Ann", "LDH", 2),
        ("Bob", "LDH", 1),
        ("Ann", "LNRC_left", None),
        ("Bob", "LNRC_right", 3),
    ]


def test_a_table_of_a_spreadsheet(tmp_path: Path) -> None:
    rows, faults = read(tmp_path / "g.csv", "\ufeffimage;reader;LDH\na;Ann;2,0\na;Bob;\n")
    assert faults == ""
    assert [(one.reader, one.grade) for one in rows] == [("Ann", 2), ("Bob", None)]


def test_remarks_beside_a_column_are_passed_over(tmp_path: Path) -> None:
    rows, faults = read(tmp_path / "g.csv", "sop,LDH,LDH_confidence\n1.2,2,5\n1.3,1,1\n")
    assert faults == ""
    assert [(one.reader, one.grade) for one in rows] == [("", 2), ("", 1)]


@pytest.mark.parametrize(
    ("head", "message"),
    [
        ("image,system,grade,LDH", "has the columns system and grade, and LDH: keep one grade a"),
        ("image,LDH_R,LNRC_R", "column LNRC_R may be of a side or of reader R: write"),
        ("image,LNRC_l,LNRC_left", "columns LNRC_l and LNRC_left are of one output: keep one"),
    ],
)
def test_a_doubtful_heading_is_refused(tmp_path: Path, head: str, message: str) -> None:
    with pytest.raises(CohortError, match=message):
        read(tmp_path / "g.csv", f"{head}\n")


def test_readings_have_an_occasion_and_a_frame(tmp_path: Path) -> None:
    path = tmp_path / "room.csv"
    path.write_text(
        "reader,patient,sop_instance_uid,frame_number,system,grade,reason,round,arm,seconds\n"
        "Ann,P1,1.2,1,LDH,2,,1,plain,31\n"
        "Ann,P1,1.2,1,LDH,,blurred,2,plain,12\n"
        "Ann,P1,1.2,2,LDH,1,,1,assisted,9.5\n"
    )
    faults = Faults()
    found = read_readings(path, Asked(reader=True, patient=True), faults, CohortError)
    faults.check(CohortError)
    assert [one.image for one in found] == ["1.2", "1.2", "1.2 2"]
    assert found[2].occasion == Occasion(1, Arm.ASSISTED, 9.5)
    kept, notes = first_readings(found)
    assert kept == found[:1]
    assert notes == [
        "1 reading of a later round left out: see reader-study repeats.",
        "1 reading with the model's help left out: see reader-study assisted.",
    ]


def test_an_impossible_round_is_a_fault_of_its_row(tmp_path: Path) -> None:
    path = tmp_path / "room.csv"
    path.write_text("image,system,grade,round\ni1,LDH,2,0\n")
    faults = Faults()
    assert read_readings(path, Asked(), faults, CohortError) == []
    with pytest.raises(CohortError, match="round '0' is no number of a reading"):
        faults.check(CohortError)


def test_a_table_of_slices_may_have_an_empty_column_of_discs(tmp_path: Path) -> None:
    head = "reader,patient,file,level,LDH,PFIRRMANN"
    rows, faults = read(tmp_path / "g.csv", f"{head}\nAnn,P1,a.dcm,,2,\n")
    assert [(one.system, one.grade, faults) for one in rows] == [("LDH", 2, "")]
    rows, faults = read(tmp_path / "g.csv", f"{head}\nAnn,P1,a.dcm,,2,3\n")
    assert "PFIRRMANN is of a disc: fill in patient and level" in faults


def test_grades_of_discs_are_read_as_they_are_written(tmp_path: Path) -> None:
    rows, faults = read(
        tmp_path / "g.csv",
        "patient,level,system,grade,image\nP1,L4/L5,PFIRRMANN,1,a\nP1,L5-S1,pfirrmann,5.0,a\n",
    )
    assert faults == ""
    assert [(one.image, one.grade) for one in rows] == [("P1 L4/L5", 0), ("P1 L5/S1", 4)]
    text = "patient,level,system,grade,grade_name\nP1,L4/L5,PFIRRMANN,3,4\n"
    assert [one.grade for one in read(tmp_path / "g.csv", text)[0]] == [3]
