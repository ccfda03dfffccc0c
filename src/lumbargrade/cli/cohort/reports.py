"""``lumbargrade cohort reports``: read reports, write the tables, say how well that went."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path

from rich.box import SIMPLE
from rich.console import Console
from rich.markup import escape
from rich.progress import track
from rich.table import Table

from lumbargrade.errors import CohortError
from lumbargrade.files.staging import staged
from lumbargrade.reports.accuracy import (
    Accuracy,
    Compared,
    accuracies,
    compare,
    disagreements,
    one_a_patient,
)
from lumbargrade.reports.csv import LevelReading, Report, read_readings, read_reports
from lumbargrade.reports.labels import exclusion_hints, weak_labels
from lumbargrade.reports.reader import read_report
from lumbargrade.reports.write import (
    EXCLUSIONS,
    WEAK_LABELS,
    ReadReport,
    disagreement_cells,
    write,
    write_accuracy,
)
from lumbargrade.statistics.format_estimates import show

SHOWN = 10
"""Disagreements that are printed; the file has them all."""


def run(
    notes: Path, out: Path, against: Path | None, patient_column: str, text_column: str | None
) -> None:
    """Read ``notes``, write OUT and print what was found."""
    texts = read_reports(notes, patient_column, text_column)
    readings = None if against is None else read_readings(against)
    console = Console()
    with staged(out) as folder:
        read = read_all(texts, console)
        write(read, folder)
        if readings is not None:
            compared = compare_all(read, readings)
            found, differing = accuracies(compared), disagreements(compared)
            write_accuracy(found, differing, folder)
    if readings is not None:
        left_out = len(readings) - len(compared)
        show_accuracy(console, found, differing, left_out)
    hinted = sum(bool(one.hints) for one in read)
    console.print(
        f"{len(read)} reports; {hinted} with a possible reason for exclusion, for manual "
        f"review: {out / EXCLUSIONS}",
        highlight=False,
        markup=False,
        soft_wrap=True,
    )
    console.print(f"Labels: {out / WEAK_LABELS}", highlight=False, markup=False, soft_wrap=True)


def read_all(texts: Iterable[Report], console: Console) -> tuple[ReadReport, ...]:
    """Read every report, with a progress bar."""
    read = []
    for one in track(tuple(texts), "reading reports", console=console, transient=True):
        findings = read_report(one.text)
        read.append(
            ReadReport(one.patient_id, findings, weak_labels(findings), exclusion_hints(findings))
        )
    return tuple(read)


def compare_all(
    read: Iterable[ReadReport], readings: Sequence[LevelReading]
) -> tuple[Compared, ...]:
    """Return the levels that reader and person have both read.

    Raises
    ------
    CohortError
        If there is none.
    """
    compared = compare(readings, {one.patient_id: one.labels for one in read})
    if not compared:
        raise CohortError(
            "no level of --against belongs to a patient with a report: give both tables the same "
            "patient_id"
        )
    return compared


def show_accuracy(
    console: Console, found: Iterable[Accuracy], differing: Sequence[Compared], left_out: int
) -> None:
    """Print precision and recall, and the disagreements that are furthest apart."""
    for finding, rows in groupby(found, lambda one: one.finding):
        table = Table(title=finding, box=SIMPLE, pad_edge=False, title_justify="left")
        for heading in ("level", "manual", "software", "both", "precision", "recall"):
            table.add_column(heading, no_wrap=True)
        for one in rows:
            counts = map(str, (one.reference, one.found, one.both))
            table.add_row(one.level, *counts, show(one.precision), show(one.recall))
        console.print(table)
    console.print(
        "Levels with the finding; 95 % intervals over patients in brackets", highlight=False
    )
    console.print(
        f"{left_out} levels left out: no report, or findings at unnamed levels",
        highlight=False,
    )
    console.print(f"{len(differing)} levels disagree; the largest disagreements:", highlight=False)
    for level in one_a_patient(differing, SHOWN):
        console.print(escape(_disagreement(level)), highlight=False, soft_wrap=True)


def _disagreement(one: Compared) -> str:
    """Return two lines: who says what, and the sentence that decided."""
    patient, level, wanted, bulge_wanted, given, bulge, basis, sentence = disagreement_cells(one)
    return (
        f"{patient} {level}: manual {wanted or '?'} / {bulge_wanted or '?'}, "
        f"software {given} / bulge {bulge} ({basis})\n"
        f"    {sentence or 'no sentence mentions this level'}"
    )
