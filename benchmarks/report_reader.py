"""The reader of free-text reports on patients set aside.

``python -m benchmarks report_reader FOLDER``: FOLDER holds ``notes.csv`` and ``levels.csv`` of the
Lumbar Spine MRI Dataset. Two thirds of the patients served to tune the rules; the figures are of
the other third.
"""

from __future__ import annotations

import argparse
import hashlib

from rich.console import Console

from lumbargrade.cli.cohort.reports import compare_all, read_all, show_accuracy
from lumbargrade.reports.accuracy import accuracies, disagreements
from lumbargrade.reports.csv import read_readings, read_reports

SPLIT_KEY = b"lumbargrade report reader 1"
PARTS = 3
SEEN_BEFORE = 40
"""Notes of patients up to this number were looked at before the split: they are tuned on."""


def set_aside(patient: str) -> bool:
    """Return whether this patient took no part in tuning."""
    if patient.isdigit() and int(patient) <= SEEN_BEFORE:
        return False
    digest = hashlib.blake2b(patient.encode(), key=SPLIT_KEY, digest_size=8).digest()
    return int.from_bytes(digest, "big") % PARTS == 0


def run(options: argparse.Namespace) -> None:
    """Print precision and recall on the patients set aside, and ten disagreements."""
    console = Console(width=110)
    texts = read_reports(options.folder / "notes.csv")
    readings = read_readings(options.folder / "levels.csv")
    patients = {one.patient_id for one in readings}
    tuned = sum(not set_aside(patient) for patient in patients)
    read = read_all([one for one in texts if set_aside(one.patient_id)], console)
    aside = [one for one in readings if set_aside(one.patient_id)]
    print(
        f"{len(patients)} patients with a reading: {tuned} tuned on; {len(read)} reports set aside"
    )
    compared = compare_all(read, aside)
    show_accuracy(
        console, accuracies(compared), disagreements(compared), len(aside) - len(compared)
    )
