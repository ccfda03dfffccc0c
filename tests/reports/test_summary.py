"""What a screen shows of the reader of reports against a person."""

from __future__ import annotations

from tests.reports.test_accuracy import READINGS, TEXTS

from lumbargrade.reports.csv import Report
from lumbargrade.reports.make import read_all, reader_accuracy
from lumbargrade.reports.summary import accuracy_lines, accuracy_tables

FOUND = reader_accuracy(read_all([Report(*one) for one in TEXTS.items()]), READINGS)


def test_a_table_for_each_finding_and_a_row_for_each_level() -> None:
    tables = list(accuracy_tables(FOUND))
    assert [one.title for one in tables] == [
        "any disc finding or compression",
        "marked compression",
        "bulge or protrusion",
        "bulge or protrusion that compresses",
    ]
    assert [row[0] for row in tables[0].rows] == ["L4/L5", "L5/S1", "all levels"]
    assert tables[0].rows[2][1:4] == ("2", "2", "1")
    assert tables[1].rows[1][4] == "not defined"


def test_what_is_left_out_and_one_disagreement_a_patient() -> None:
    lines = accuracy_lines(FOUND)
    assert lines[1] == "2 levels left out: no report, or findings at unnamed levels"
    assert lines[2] == "2 levels disagree; the largest disagreements:"
    assert lines[3].startswith("P1 L5/S1: manual mild / none, software none / bulge no (")
    assert lines[4].endswith("\n    Mild bulge at L4/5")
    assert len(lines) == 5
