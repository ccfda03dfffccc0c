"""What the ``reader-study`` commands do: read, study, write, print."""

from __future__ import annotations

import math
from pathlib import Path

from rich.box import SIMPLE

from lumbargrade.cli.screen import Screen
from lumbargrade.cli.tables import rich_table
from lumbargrade.errors import EvaluationError
from lumbargrade.evaluation.measures.system_figures import Options
from lumbargrade.evaluation.reader_studies.areas import areas as study_areas
from lumbargrade.evaluation.reader_studies.assisted import assisted as study_assisted
from lumbargrade.evaluation.reader_studies.inputs import Source, read_inputs
from lumbargrade.evaluation.reader_studies.interchange import interchange as study_interchange
from lumbargrade.evaluation.reader_studies.noninferiority import (
    noninferiority as study_noninferiority,
)
from lumbargrade.evaluation.reader_studies.repeats import repeats as study_repeats
from lumbargrade.evaluation.reader_studies.size import size as study_size
from lumbargrade.evaluation.reader_studies.study import LIKE_THESE, THESE, Study
from lumbargrade.evaluation.reader_studies.write import ABOUT, as_tables, write
from lumbargrade.statistics.reader_studies.study_size import Wish

__all__ = ["Source"]


def interchange(source: Source, out: Path, margin: float | None) -> None:
    """Study whether the model is interchangeable with a reader."""
    _finish(study_interchange(read_inputs(source), margin, Options()), out)


def noninferiority(source: Source, out: Path, margin: float, coefficient: str) -> None:
    """Study whether the model is not inferior to readers."""
    _finish(study_noninferiority(read_inputs(source), margin, coefficient), out)


def assisted(source: Source, out: Path) -> None:
    """Study what the model's proposal does to readers."""
    _finish(study_assisted(read_inputs(source)), out)


def repeats(source: Source, out: Path) -> None:
    """Study how well readers agree with themselves."""
    _finish(study_repeats(read_inputs(source)), out)


def areas(source: Source, out: Path) -> None:
    """Study the areas under the ROC curve."""
    _finish(study_areas(read_inputs(source)), out)


def size(source: Source, out: Path, coefficient: str, wanted: Wish) -> None:
    """Count the patients and readers of the next study."""
    if math.isfinite(wanted.margin) and not (source.model and source.reference):
        raise EvaluationError(
            "--margin is about the model and the reference: name both with --model and --reference"
        )
    _finish(study_size(read_inputs(source), coefficient, wanted), out)


def wish(width: float | None, margin: float | None, expected: float, power: float) -> Wish:
    """Return what the study must be able to do.

    Raises EvaluationError unless exactly one of ``width`` and ``margin`` is above 0.
    """
    if bool(width) == bool(margin):
        raise EvaluationError("size: give either --width or --margin, above 0")
    return Wish(width or math.nan, margin or math.nan, expected, power)


def _finish(study: Study, out: Path) -> None:
    write(study, out)
    console = Screen()
    for table in as_tables(study):
        console.print(rich_table(table, box=SIMPLE, pad_edge=False, collapse_padding=True))
    claims = {row.about for row in study.figures} | {one.about for one in study.sizes}
    for about in (THESE, LIKE_THESE):
        if about in claims:
            console.print(f"{about.capitalize()}: {ABOUT[about]}.", highlight=False)
    for line in (*study.statements, *study.notes):
        console.print(line, highlight=False)
    console.print(f"Tables: {out / f'{study.name}.csv'}", highlight=False, soft_wrap=True)
