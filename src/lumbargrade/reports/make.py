"""From a table of reports to the tables of what they say, and of how well they were read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lumbargrade.errors import CohortError
from lumbargrade.files.staging import staged
from lumbargrade.reports.accuracy import Accuracy, Compared, accuracies, compare, disagreements
from lumbargrade.reports.csv import (
    PATIENT_COLUMN,
    LevelReading,
    Report,
    read_readings,
    read_reports,
)
from lumbargrade.reports.labels import exclusion_hints, weak_labels
from lumbargrade.reports.reader import read_report
from lumbargrade.reports.write import ReadReport, write, write_accuracy

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class ReaderAccuracy:
    """The reader of reports against a person: precision and recall of findings at each level.

    ``differing`` are levels at which both differ, the furthest apart first; ``left_out`` counts
    readings of the person that cannot be compared.
    """

    accuracies: tuple[Accuracy, ...]
    differing: tuple[Compared, ...]
    left_out: int


def make_report_tables(
    notes: Path,
    out: Path,
    against: Path | None = None,
    patient_column: str = PATIENT_COLUMN,
    text_column: str | None = None,
    progress: Progress = lambda *_: None,
) -> tuple[tuple[ReadReport, ...], ReaderAccuracy | None]:
    """Read the reports of a table and write their tables to the folder ``out``.

    Parameters
    ----------
    against : table of a person's reading of the same reports; None: nothing is compared.
    patient_column, text_column : as for :func:`reports.csv.read_reports`.
    progress : called with (reports read, all reports).

    Raises
    ------
    CohortError
        If a table cannot be read, or no level of ``against`` has a report.
    OutputError
        If ``out`` cannot be written.
    """
    texts = read_reports(notes, patient_column, text_column)
    readings = None if against is None else read_readings(against)
    with staged(out) as folder:
        read = read_all(texts, progress)
        write(read, folder)
        if readings is None:
            return read, None
        found = reader_accuracy(read, readings)
        write_accuracy(found.accuracies, found.differing, folder)
    return read, found


def read_all(
    texts: Sequence[Report], progress: Progress = lambda *_: None
) -> tuple[ReadReport, ...]:
    """Read every report; ``progress`` is called with (reports read, all reports)."""
    read = []
    for done, one in enumerate(texts, start=1):
        findings = read_report(one.text)
        read.append(
            ReadReport(one.patient_id, findings, weak_labels(findings), exclusion_hints(findings))
        )
        progress(done, len(texts))
    return tuple(read)


def reader_accuracy(read: Iterable[ReadReport], readings: Sequence[LevelReading]) -> ReaderAccuracy:
    """Return how well the reader agrees with a person, at the levels that both have read.

    Raises CohortError if there is no such level.
    """
    compared = compare(readings, {one.patient_id: one.labels for one in read})
    if not compared:
        raise CohortError(
            "no level of --against belongs to a patient with a report: give both tables the same "
            "patient_id"
        )
    left_out = len(readings) - len(compared)
    return ReaderAccuracy(accuracies(compared), disagreements(compared), left_out)
