"""The reader on real notes that are not part of the project: floors well under what it reached."""

from __future__ import annotations

from pathlib import Path

from lumbargrade.reports.accuracy import ALL_LEVELS, accuracies, compare
from lumbargrade.reports.csv import read_readings, read_reports
from lumbargrade.reports.labels import weak_labels
from lumbargrade.reports.reader import read_report

FLOORS = {
    "any disc finding or compression": (0.95, 0.95),
    "marked compression": (0.9, 0.85),
    "bulge or protrusion": (0.75, 0.95),
    "bulge or protrusion that compresses": (0.75, 0.8),
}


def test_the_reader_keeps_what_it_reached(real_data: Path) -> None:
    notes = read_reports(real_data / "notes.csv")
    labels = {one.patient_id: weak_labels(read_report(one.text)) for one in notes}
    compared = compare(read_readings(real_data / "levels.csv"), labels)
    found = {one.finding: one for one in accuracies(compared) if one.level == ALL_LEVELS}
    for finding, (precision, recall) in FLOORS.items():
        assert found[finding].precision.value >= precision, finding
        assert found[finding].recall.value >= recall, finding
