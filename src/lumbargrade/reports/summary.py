"""How well the reader of reports did, for a screen."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from lumbargrade.files.table import TextTable
from lumbargrade.reports.accuracy import Compared, one_a_patient
from lumbargrade.reports.make import ReaderAccuracy
from lumbargrade.reports.write import disagreement_cells
from lumbargrade.statistics.format_estimates import show

SHOWN = 10
"""Disagreements that are shown; the file has them all."""
COLUMNS = ("level", "manual", "software", "both", "precision", "recall")


def accuracy_tables(found: ReaderAccuracy) -> Iterator[TextTable]:
    """Yield precision and recall at each level, a table for each finding."""
    for finding, some in groupby(found.accuracies, lambda one: one.finding):
        rows = tuple(
            (
                one.level,
                *map(str, (one.reference, one.found, one.both)),
                show(one.precision),
                show(one.recall),
            )
            for one in some
        )
        yield TextTable("accuracy", finding, COLUMNS, rows)


def accuracy_lines(found: ReaderAccuracy) -> list[str]:
    """Return what the tables leave out, and the disagreements that are furthest apart."""
    return [
        "Levels with the finding; 95 % intervals over patients in brackets",
        f"{found.left_out} levels left out: no report, or findings at unnamed levels",
        f"{len(found.differing)} levels disagree; the largest disagreements:",
        *map(_disagreement, one_a_patient(found.differing, SHOWN)),
    ]


def _disagreement(one: Compared) -> str:
    """Return two lines: who says what, and the sentence that decided."""
    patient, level, wanted, bulge_wanted, given, bulge, basis, sentence = disagreement_cells(one)
    return (
        f"{patient} {level}: manual {wanted or '?'} / {bulge_wanted or '?'}, "
        f"software {given} / bulge {bulge} ({basis})\n"
        f"    {sentence or 'no sentence mentions this level'}"
    )
