"""The reader of free-text reports on patients set aside.

``python -m benchmarks report_reader FOLDER``: FOLDER holds ``notes.csv`` and ``levels.csv`` of the
Lumbar Spine MRI Dataset. Two thirds of the patients served to tune the rules; the figures are of
the other third.
"""

from __future__ import annotations

import argparse
import hashlib

from lumbargrade.reports.csv import read_readings, read_reports
from lumbargrade.reports.make import read_all, reader_accuracy
from lumbargrade.reports.summary import accuracy_lines, accuracy_tables

SPLIT_KEY = b"lumbargrade report reader 1"
PARTS = 3
SEEN_BEFORE = 40
"""Notes of patients up to this number were looked at before the split: they are tuned on."""

WIDTHS = (10, 6, 6, 5, 20, 20)
"""Characters of each column of the printed tables."""


def set_aside(patient: str) -> bool:
    """Return whether this patient took no part in tuning."""
    if patient.isdigit() and int(patient) <= SEEN_BEFORE:
        return False
    digest = hashlib.blake2b(patient.encode(), key=SPLIT_KEY, digest_size=8).digest()
    return int.from_bytes(digest, "big") % PARTS == 0


def run(options: argparse.Namespace) -> None:
    """Print precision and recall on the patients set aside, and ten disagreements."""
    texts = read_reports(options.folder / "notes.csv")
    readings = read_readings(options.folder / "levels.csv")
    patients = {one.patient_id for one in readings}
    tuned = sum(not set_aside(patient) for patient in patients)
    read = read_all([one for one in texts if set_aside(one.patient_id)])
    aside = [one for one in readings if set_aside(one.patient_id)]
    print(
        f"{len(patients)} patients with a reading: {tuned} tuned on; {len(read)} reports set aside"
    )
    found = reader_accuracy(read, aside)
    for table in accuracy_tables(found):
        print(table.title)
        for row in (table.columns, *table.rows):
            print("  ".join(f"{cell:{width}}" for cell, width in zip(row, WIDTHS, strict=True)))
    print("\n".join(accuracy_lines(found)))
