"""The list that a reader fills in: their order, all slices, no grade, never written over."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from lumbargrade.annotation.cohort_list import CohortList, in_reading_order, write_cohort_list
from lumbargrade.annotation.reader_table import read_given_table
from lumbargrade.annotation.worklist import ListOptions, work_list
from lumbargrade.cohort.read import read_cohort
from lumbargrade.errors import OutputError, ReadingError
from lumbargrade.grading.system import Unit
from lumbargrade.readings.faults import Faults
from lumbargrade.study.dicom.place import place_of


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_it_holds_every_slice_once_and_no_grade(graded_cohort: Path, tmp_path: Path) -> None:
    made = write_cohort_list(graded_cohort, tmp_path / "a.csv", "Ann", ListOptions())
    assert made == CohortList(4, 24, ("LDH", "LCCS", "LNRC_left", "LNRC_right"))
    rows = rows_of(tmp_path / "a.csv")
    slices = read_cohort(graded_cohort).slices
    assert sorted(row["sop_instance_uid"] for row in rows) == sorted(
        one.sop_instance_uid for one in slices
    )
    assert all(not row[name] for row in rows for name in (*made.outputs, "reason"))
    assert {row["reader"] for row in rows} == {"Ann"}
    assert all((graded_cohort / row["file"]).is_file() for row in rows)


def test_studies_come_in_the_readers_order_and_slices_downwards(
    graded_cohort: Path, tmp_path: Path
) -> None:
    orders = []
    patients = ["001", "002", "003", "004"]
    for reader in ("Ann", "Bob"):
        write_cohort_list(graded_cohort, tmp_path / f"{reader}.csv", reader, ListOptions(5))
        rows = rows_of(tmp_path / f"{reader}.csv")
        orders.append(list(dict.fromkeys(row["patient"] for row in rows)))
        listed = work_list(patients, reader, ListOptions(5))
        assert orders[-1] == [one.patient for one in listed]
        for patient in patients:
            heights = [
                float(place_of(graded_cohort / row["file"]).to_patient(24, 20)[2])
                for row in rows
                if row["patient"] == patient
            ]
            assert heights == sorted(heights, reverse=True)
    assert orders[0] != orders[1]


def test_series_stay_together(graded_cohort: Path) -> None:
    slices = [one for one in read_cohort(graded_cohort).slices if one.patient_id == "001"]
    other = [replace(one, series_instance_uid="1.9") for one in slices]
    mixed = [one for pair in zip(slices, other, strict=True) for one in pair]
    found = in_reading_order(mixed)
    assert [one.series_instance_uid for one in found] == ["1.2.1.1"] * 6 + ["1.9"] * 6
    assert in_reading_order(mixed[::-1])[6:] == found[:6]


def test_a_list_of_repeats_is_of_the_second_round(graded_cohort: Path, tmp_path: Path) -> None:
    made = write_cohort_list(graded_cohort, tmp_path / "a.csv", "Ann", ListOptions(0, 0.5), ["ldh"])
    assert made == CohortList(2, 12, ("LDH",))
    path = tmp_path / "filled.csv"
    text = (tmp_path / "a.csv").read_text("utf-8")
    path.write_text(text.replace(",,,Ann,", ",1,,Ann,"), "utf-8")
    found = read_given_table(path, Faults()).given
    assert {(one.reader, one.round, one.grade) for one in found} == {("Ann", 2, 1)}
    with pytest.raises(ReadingError, match="has nothing to list: give a larger share, or more"):
        write_cohort_list(graded_cohort, tmp_path / "b.csv", "Ann", ListOptions(0, 0.01))


def test_what_cannot_be_listed_is_refused(graded_cohort: Path, tmp_path: Path) -> None:
    def refused(
        message: str, name: str = "a.csv", reader: str = "Ann", system: str = "LDH"
    ) -> None:
        with pytest.raises((ReadingError, OutputError), match=message):
            write_cohort_list(graded_cohort, tmp_path / name, reader, ListOptions(), [system])

    (tmp_path / "there.csv").write_text("filled in", "utf-8")
    refused(r"there\.csv: exists, and may be filled in: choose another name", "there.csv")
    refused("the reader has no name: give one with --reader", reader=" ")
    refused("system LXX is unknown: use LDH, LCCS, LNRC", system="LXX")
    refused("cannot write to", "no such folder/a.csv")
    assert (tmp_path / "there.csv").read_text("utf-8") == "filled in"


def test_a_list_of_discs_comes_back_as_readings_of_them(
    graded_cohort: Path, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    made = write_cohort_list(graded_cohort, path, "Ann", ListOptions(), ["pfirrmann"])
    assert made == CohortList(4, 20, ("PFIRRMANN",), Unit.DISC)
    rows = rows_of(path)
    for number, row in enumerate(rows):
        row["PFIRRMANN"] = str(1 + number % 5)
        row["patient"] = row["patient"].lstrip("0")  # as a spreadsheet does
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    assert {row["folder"] for row in rows} == {f"studies/00{number}" for number in range(1, 5)}
    given = read_given_table(path, Faults()).given
    assert [one.grade for one in given] == [0, 1, 2, 3, 4] * 4
    assert len({one.item for one in given}) == 20
    assert {one.patient for one in given} == {"001", "002", "003", "004"}
    with pytest.raises(ReadingError, match="PFIRRMANN is graded of discs, the others of slices"):
        write_cohort_list(
            graded_cohort, tmp_path / "b.csv", "A", ListOptions(), ["LDH", "PFIRRMANN"]
        )
