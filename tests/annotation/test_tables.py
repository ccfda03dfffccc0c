"""Tables go out and come back as they were; the commands of the house read them."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from tests.annotation.made_up_readings import (
    ADJUDICATOR,
    READERS,
    histories,
    reading,
    readings_of,
)

from lumbargrade.annotation.disagreement import disagreements
from lumbargrade.annotation.places import Place
from lumbargrade.annotation.reader_table import read_given_table
from lumbargrade.annotation.reading import GivenGrade, current
from lumbargrade.annotation.reference import reference_standard
from lumbargrade.annotation.tables import (
    given_from_readings,
    item_of,
    reader_in_round,
    without_again,
    write_disagreements,
    write_graded,
    write_readings,
    write_reference,
)
from lumbargrade.errors import ReadingError
from lumbargrade.grading.finding import Side
from lumbargrade.grading.level import Level
from lumbargrade.readings.faults import Faults
from lumbargrade.readings.read import Asked, Reading, read_readings
from lumbargrade.readings.slice_key import SliceKey

in_one_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def again(path: Path) -> set[GivenGrade]:
    faults = Faults()
    found = read_given_table(path, faults).given
    faults.check(ReadingError)
    return {replace(one, id=0) for one in found}


@given(histories())
@in_one_folder
def test_readings_come_back(tmp_path: Path, history: list[GivenGrade]) -> None:
    """Those that stand, with their reasons, rounds and readers."""
    write_readings(tmp_path / "r.csv", history)
    stand = [one for one in current(history) if one.says_something]
    assert again(tmp_path / "r.csv") == {replace(one, id=0, supersedes=None) for one in stand}


def test_time_arm_and_frame_come_back(tmp_path: Path) -> None:
    one = reading(0, made_at="2026-01-02T03:04:05+00:00", arm="assisted", frame=3)
    write_readings(tmp_path / "r.csv", [one])
    assert again(tmp_path / "r.csv") == {one}


@given(readings_of())
@in_one_folder
def test_a_reference_comes_back(tmp_path: Path, given_: list[GivenGrade]) -> None:
    """As grades that stand for themselves, with those who made them."""
    values = reference_standard(given_, READERS, ADJUDICATOR)
    write_reference(tmp_path / "reference.csv", values)
    faults = Faults()
    found = read_readings(tmp_path / "reference.csv", Asked(patient=True), faults, ReadingError)
    faults.check(ReadingError)
    assert [
        (one.reader, one.key.patient, one.image, one.system, one.side, one.grade, one.reference_by)
        for one in found
    ] == [
        (
            *("", one.patient, one.image, one.system, one.side, one.grade),
            one.readers if one.is_settled else (),
        )
        for one in values
    ]
    assert [(row["origin"], row["note"]) for row in rows_of(tmp_path / "reference.csv")] == [
        (one.origin.value, one.note) for one in values
    ]


@given(readings_of())
@in_one_folder
def test_the_table_of_disagreements_is_complete(tmp_path: Path, given_: list[GivenGrade]) -> None:
    found = disagreements(given_, READERS)
    write_disagreements(tmp_path / "d.csv", found, READERS)
    rows = rows_of(tmp_path / "d.csv")
    assert [(row["patient"], row["system"], row["side"]) for row in rows] == [
        (one.patient, one.system, item_of(one).side_name) for one in found
    ]
    for row, one in zip(rows, found, strict=True):
        for reader in READERS:
            grade, cell = one.grades[reader], row[f"grade by {reader}"]
            assert cell == (f"cannot grade: {one.reasons[reader]}" if grade is None else f"{grade}")


def test_a_reader_who_said_nothing_has_an_empty_cell(tmp_path: Path) -> None:
    three = ("Ann", "Bob", "Cy")
    found = disagreements([reading(1, grade=1), reading(2, "Bob", 2)], three)
    write_disagreements(tmp_path / "d.csv", found, three)
    (row,) = rows_of(tmp_path / "d.csv")
    assert [row[f"grade by {reader}"] for reader in three] == ["1", "2", ""]


def test_places_name_the_images_and_their_levels(tmp_path: Path) -> None:
    places = {("P1", "a"): Place(SliceKey("P1", file="x/1.dcm"), Level.L4_L5)}
    write_readings(tmp_path / "r.csv", [reading(image="a"), reading(2, image="b")], places)
    first, second = rows_of(tmp_path / "r.csv")
    assert (first["file"], first["image"], first["level"]) == ("x/1.dcm", "", "L4/L5")
    assert (second["file"], second["image"], second["level"]) == ("", "b", "")


def test_other_columns_stand_behind_what_was_graded(tmp_path: Path) -> None:
    (value,) = reference_standard([reading(grade=2)], ("Ann",))
    write_graded(tmp_path / "t.csv", ("share",), [(value, {"share": 0.5})])
    assert (tmp_path / "t.csv").read_text("utf-8").splitlines() == [
        "patient,sop_instance_uid,level,system,side,share",
        "P1,1.2.3,,LDH,,0.5",
    ]


def test_a_broken_history_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match="does not supersede"):
        write_readings(tmp_path / "r.csv", [reading(1), reading(2, grade=2)])
    assert not (tmp_path / "r.csv").exists()


@pytest.mark.parametrize("reader", ["Ann", "Ann again", "again", "Ann again 3"])
@pytest.mark.parametrize("number", [2, 3, 12])
def test_a_round_has_a_name_that_leads_back(reader: str, number: int) -> None:
    assert without_again(reader_in_round(reader, number)) == reader


def test_readings_of_any_table_become_given_grades() -> None:
    read = [
        Reading("r row 2", "", SliceKey("P1", sop="1.2"), None, "LNRC", Side.LEFT, 2),
        Reading("r row 3", "Bob", SliceKey("P1", sop="1.2"), None, "LDH", None, None),
        Reading("r row 4", "Bob", SliceKey("P1", sop="1.2"), None, "LDH", None, None),
    ]
    cells = {"r row 4": {"reason": "artefact"}}
    assert given_from_readings(read, cells, "Ann") == [
        GivenGrade(1, "Ann", "P1", "1.2", 1, 1, "LNRC", Side.LEFT, 2),
        GivenGrade(2, "Bob", "P1", "1.2", 1, 1, "LDH", None, None, "artefact"),
    ]
    assert len(given_from_readings(read)) == 1
