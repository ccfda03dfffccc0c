"""What reports say, as tables: findings, weak labels, hints for exclusion, and how well read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lumbargrade.files.table import write_rows
from lumbargrade.reports.accuracy import SEVERITIES, Accuracy, Compared
from lumbargrade.reports.csv import BULGE, SIGNIFICANCE
from lumbargrade.reports.labels import ExclusionHint, WeakLabel
from lumbargrade.reports.reader import ReportFinding
from lumbargrade.statistics.format_estimates import csv_cells

FINDINGS, WEAK_LABELS, EXCLUSIONS = "findings.csv", "weak_labels.csv", "exclusions.csv"
ACCURACY, DISAGREEMENTS = "accuracy.csv", "disagreements.csv"

FINDING_COLUMNS = (
    "patient_id",
    "level",
    "finding",
    "negated",
    "certainty",
    "severity",
    "side",
    "character",
    "sentence",
)
LABEL_COLUMNS = (
    "patient_id",
    "level",
    "basis",
    "herniation",
    "bulge",
    "stenosis",
    "sac",
    "root",
    "severity",
    "side",
    "sentence",
)
EXCLUSION_COLUMNS = ("patient_id", "reason_hint", "certainty", "sentence")
ACCURACY_COLUMNS = (
    "finding",
    "level",
    "levels",
    "patients",
    "reference",
    "found",
    "both",
    *(f"{name}{end}" for name in ("precision", "recall") for end in ("", "_low", "_high")),
)
DISAGREEMENT_COLUMNS = (
    "patient_id",
    "level",
    "reference_significance",
    "reference_bulge",
    "severity",
    "bulge_or_protrusion",
    "basis",
    "sentence",
)


@dataclass(frozen=True)
class ReadReport:
    """One patient's report as it was read."""

    patient_id: str
    findings: tuple[ReportFinding, ...]
    labels: tuple[WeakLabel, ...]
    hints: tuple[ExclusionHint, ...]


def write(reports: Sequence[ReadReport], folder: Path) -> None:
    """Write findings, weak labels and exclusion hints into an existing folder."""
    write_rows(folder / FINDINGS, FINDING_COLUMNS, _findings(reports))
    write_rows(folder / WEAK_LABELS, LABEL_COLUMNS, _labels(reports))
    write_rows(folder / EXCLUSIONS, EXCLUSION_COLUMNS, _exclusions(reports))


def write_accuracy(
    accuracies: Iterable[Accuracy], differing: Iterable[Compared], folder: Path
) -> None:
    """Write precision and recall, and every level of which both say something else."""
    rows = (
        (
            *(one.finding, one.level, one.levels, one.patients),
            *(one.reference, one.found, one.both),
            *csv_cells(one.precision),
            *csv_cells(one.recall),
        )
        for one in accuracies
    )
    write_rows(folder / ACCURACY, ACCURACY_COLUMNS, rows)
    write_rows(folder / DISAGREEMENTS, DISAGREEMENT_COLUMNS, map(disagreement_cells, differing))


def disagreement_cells(one: Compared) -> tuple[str, ...]:
    """Return a level that both read otherwise under :data:`DISAGREEMENT_COLUMNS`."""
    significance, bulge = one.reading.significance, one.reading.bulge
    return (
        one_line(one.reading.patient_id),
        one.reading.level,
        "" if significance is None else SIGNIFICANCE[significance],
        "" if bulge is None else BULGE[bulge],
        SEVERITIES[one.severity],
        "yes" if one.bulge else "no",
        one.label.basis,
        one_line(one.label.sentence),
    )


def one_line(text: str) -> str:
    """Return text without line ends and signs that steer a terminal."""
    return "".join(sign for sign in " ".join(text.split()) if sign.isprintable())


def _findings(reports: Iterable[ReadReport]) -> Iterator[Sequence[object]]:
    for report in reports:
        for one in report.findings:
            yield (
                report.patient_id,
                one.level or "",
                one.kind,
                "yes" if one.negated else "no",
                _certainty(one.possible),
                one.severity,
                one.side,
                one.start,
                one_line(one.sentence),
            )


def _labels(reports: Iterable[ReadReport]) -> Iterator[Sequence[object]]:
    for report in reports:
        for one in report.labels:
            yield (
                *(report.patient_id, one.level, one.basis),
                *(one.herniation, one.bulge, one.stenosis, one.sac, one.root),
                *(one.severity, one.side, one_line(one.sentence)),
            )


def _exclusions(reports: Iterable[ReadReport]) -> Iterator[Sequence[object]]:
    for report in reports:
        for one in report.hints:
            sentence = one_line(one.sentence)
            yield report.patient_id, one.reason, _certainty(one.possible), sentence


def _certainty(possible: bool) -> str:
    return "possible" if possible else "stated"
