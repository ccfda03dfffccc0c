"""What a spreadsheet gives back: its reader, its gaps, and what is wrong with its rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from lumbargrade.annotation.reader_table import (
    ReaderTable,
    read_given_table,
    read_reader_table,
    with_leading_zeros,
)
from lumbargrade.errors import ReadingError
from lumbargrade.grading.level import Level
from lumbargrade.readings.faults import Faults


def read(path: Path, text: str) -> ReaderTable:
    path.write_text(text, "utf-8")
    faults = Faults()
    found = read_reader_table(path, faults)
    faults.check(ReadingError)
    return found


def test_a_list_that_came_back_from_a_spreadsheet(tmp_path: Path) -> None:
    table = read(
        tmp_path / "x.csv",
        "\ufeffpatient;file;level;LDH;LNRC_left;reason;reader;round;sop_instance_uid\r\n"
        "17;studies/0017/01/0001.dcm;L4/L5;2,0;;scar tissue;Ann;1;1.2.3\r\n"
        "17;studies/0017/01/0002.dcm;;;;;Ann;1;1.2.4\r\n",
    )
    assert table.reader == "Ann"
    graded, unreadable = table.given
    assert (graded.patient, graded.image, graded.grade, graded.reason) == ("0017", "1.2.3", 2, "")
    assert (unreadable.system, unreadable.grade, unreadable.reason) == ("LNRC", None, "scar tissue")
    place = table.places["0017", "1.2.3"]
    assert (place.key.file, place.level) == ("studies/0017/01/0001.dcm", Level.L4_L5)


def test_without_a_column_the_reader_has_the_name_of_the_file(tmp_path: Path) -> None:
    assert read(tmp_path / "Dr Lee.csv", "patient,image,LDH\nP1,a,2\n").reader == "Dr Lee"
    table = read(tmp_path / "Bob.csv", "patient,image,LDH,reader\nP1,a,2,\n")
    assert table.reader == "Bob"


def test_a_row_may_say_the_same_again(tmp_path: Path) -> None:
    table = read(tmp_path / "Ann.csv", "patient,image,LDH\nP1,a,2\nP1,a,2\n")
    assert len(table.given) == 1


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("P1,a,LDH,,2,,\nP1,a,LDH,,1,,", "row 3: LDH of image a contradicts Ann.csv row 2"),
        ("P1,a,LDH,,,cut,\nP1,a,LDH,,,blur,", "row 3: LDH of image a contradicts Ann.csv row 2"),
        ("P1,a,LNRC,,2,,", "row 2: side '' of LNRC is unknown: use left or right"),
        ("P1,a,LDH,,2,,two", "row 2: round 'two' is no number: use 1, 2, ..."),
        ("P1,a,LDH,,2,,0", "row 2: round '0' is no number"),
        ("P1,a,LDH,,7,,", "row 2: LDH grade '7' is unknown: grades go from 0 to 3"),
        (",a,LDH,,2,,", "row 2: patient is empty: fill it in"),
        ("P1,,LDH,,2,,", "row 2: names no slice: fill in sop"),
    ],
)
def test_what_is_wrong_is_told_by_its_row(tmp_path: Path, rows: str, message: str) -> None:
    text = f"patient,image,system,side,grade,reason,round\n{rows}\n"
    with pytest.raises(ReadingError, match=r"1 fault, nothing was written: Ann\.csv row") as told:
        read(tmp_path / "Ann.csv", text)
    assert message in str(told.value)
    assert "\n" not in str(told.value)


def test_a_table_is_of_one_reader_who_read_something(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match=r"x\.csv: holds the readings of Ann, Bob: give each"):
        read(tmp_path / "x.csv", "patient,image,LDH_Ann,LDH_Bob\nP1,a,2,1\n")
    with pytest.raises(ReadingError, match=r"x\.csv: holds no reading: fill in the grades"):
        read(tmp_path / "x.csv", "patient,image,LDH\nP1,a,\n")
    with pytest.raises(ReadingError, match=r"x\.csv: no column patient: the first line"):
        read(tmp_path / "x.csv", "image,LDH\na,1\n")


def test_a_table_of_several_readers_can_be_read_as_such(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("reader,patient,image,LDH,round\nAnn again,P1,a,2,2\nBob,P1,a,1,1\n", "utf-8")
    found = read_given_table(path, Faults()).given
    assert [(one.reader, one.round) for one in found] == [("Ann", 2), ("Bob", 1)]


@pytest.mark.parametrize(
    ("patient", "file", "whole"),
    [
        ("17", r"studies\0017\01\3.dcm", "0017"),
        ("0", "studies/000/3.dcm", "000"),
        ("17", "studies/0170/3.dcm", "17"),
        ("1", "studies/0001.dcm", "1"),  # no folder
        ("1", "studies/case1/01/0001.dcm", "1"),  # not the patient's
        ("1", "", "1"),
        ("P1", "studies/0001/3.dcm", "P1"),
    ],
)
def test_leading_zeros_come_back(patient: str, file: str, whole: str) -> None:
    assert with_leading_zeros(patient, file) == whole
