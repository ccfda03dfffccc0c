"""Precision and recall against a person, counted by hand."""

from __future__ import annotations

import math

from lumbargrade.grading.level import Level
from lumbargrade.reports.accuracy import (
    ALL_LEVELS,
    accuracies,
    compare,
    disagreements,
    one_a_patient,
)
from lumbargrade.reports.csv import LevelReading
from lumbargrade.reports.labels import weak_labels
from lumbargrade.reports.reader import read_report

TEXTS = {
    "P1": "Bulge at L4/5 compressing the sac. No herniation.",
    "P2": "Mild bulge at L4/5.",
    "P3": "Adequate canal.",
    "P4": "Multilevel bulges, mainly at L3/4.",
}
LABELS = {patient: weak_labels(read_report(text)) for patient, text in TEXTS.items()}
READINGS = [
    LevelReading("P1", Level.L4_L5, 2, 2),
    LevelReading("P1", Level.L5_S1, 1, 0),  # the report denies it
    LevelReading("P2", Level.L4_L5, 0, 1),
    LevelReading("P2", Level.L5_S1, None, 0),
    LevelReading("P3", Level.L4_L5, 0, 0),
    LevelReading("P4", Level.L4_L5, 2, 2),  # may be one that the report does not name
    LevelReading("P5", Level.L4_L5, 2, 2),  # no report
]


def test_what_counts() -> None:
    compared = compare(READINGS, LABELS)
    assert [one.reading for one in compared] == READINGS[:5]
    assert [(one.severity, one.bulge) for one in compared] == [
        (2, True),
        (0, False),
        (1, True),
        (0, False),
        (0, False),
    ]


def test_accuracy_by_hand() -> None:
    found = {(one.finding, one.level): one for one in accuracies(compare(READINGS, LABELS))}
    assert len(found) == 4 * 3
    one = found["any disc finding or compression", ALL_LEVELS]
    assert (one.levels, one.patients) == (4, 3)
    assert (one.reference, one.found, one.both) == (2, 2, 1)
    assert (one.precision.value, one.recall.value) == (0.5, 0.5)
    assert (one.precision.reason, one.recall.reason) == (
        "2 patients, 10 needed",
        "1 patient, 10 needed",
    )
    one = found["bulge or protrusion", "L4/L5"]
    assert (one.levels, one.reference, one.found, one.both) == (3, 2, 2, 2)
    assert one.precision.value == one.recall.value == 1
    one = found["marked compression", "L5/S1"]
    assert (one.levels, one.reference, one.found) == (1, 0, 0)
    assert math.isnan(one.precision.value)


def test_the_furthest_apart_come_first_and_one_a_patient() -> None:
    far = LevelReading("P3", Level.L3_L4, 2, 2)
    apart = disagreements(compare([*READINGS, far], LABELS))
    assert [(one.reading.patient_id, one.distance) for one in apart] == [
        ("P3", 3),
        ("P1", 1),
        ("P2", 1),
    ]
    assert [one.reading.patient_id for one in one_a_patient((*apart, *apart), 2)] == ["P3", "P1"]
