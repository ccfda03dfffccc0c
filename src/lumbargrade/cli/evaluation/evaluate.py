"""``lumbargrade evaluate``: from predictions and a cohort to the whole results section."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.table import Table

from lumbargrade.cli.progress import progress
from lumbargrade.cli.screen import Screen
from lumbargrade.cli.tables import rich_table
from lumbargrade.errors import needs_extra
from lumbargrade.evaluation.measures.system_figures import SystemFigures
from lumbargrade.evaluation.morphometry.measure_figures import MeasureFigures
from lumbargrade.evaluation.morphometry.measurer import digits_of, title_of
from lumbargrade.evaluation.report.tables.graders import beside_line, comparison_line
from lumbargrade.files.table import TextTable
from lumbargrade.grading.system import written_grade
from lumbargrade.statistics.bootstrap import Estimate
from lumbargrade.statistics.format_estimates import number, show

_COLUMNS = (
    "system",
    "group",
    "n",
    "AC1",
    "linear\nkappa",
    "AUC\n0-1/2-3",
    "accu-\nracy",
    "major-\nity",
    "recall of grade\n  0   1   2   3",
)
_MEASURE_COLUMNS = (
    "measure",
    "values\npatients",
    "bias",
    "limits of\nagreement",
    "median\ndifference",
    "ICC(2,1)",
)


def run(
    predictions: Path,
    cohorts: Sequence[Path],
    out: Path,
    split: Path | None,
    compare: Sequence[Path],
    model: Path | None,
    error_limit: float,
    only_unseen: bool,
    measures: Sequence[Path] = (),
    key: Path | None = None,
) -> None:
    """Evaluate ``predictions`` against ``cohorts``, write OUT and print the main figures."""
    with needs_extra("lumbargrade evaluate"):
        from lumbargrade.evaluation.evaluate import EvaluateOptions, evaluate
        from lumbargrade.evaluation.report.write import PAGE
    options = EvaluateOptions(split, compare, model, error_limit, only_unseen, measures, key)
    console = Screen()
    with progress(None, "resampling patients", console) as advance:
        evaluation = evaluate(predictions, cohorts, out, options, advance)
    console.print(summary_table(evaluation.figures))
    for line in disc_lines(evaluation.discs):
        console.print(line, highlight=False)
    for table in measure_tables(evaluation.measures):
        console.print(table)
    for line in (*evaluation.material.notes, *map(comparison_line, evaluation.comparisons)):
        console.print(line, highlight=False)
    for one in evaluation.agreements:
        for among in one.beside:
            console.print(beside_line(one.system, one.part, among), highlight=False)
    console.print(f"Page: {out / PAGE}", highlight=False, soft_wrap=True)


def summary_table(figures: Iterable[SystemFigures]) -> Table:
    """Return the main figures, two lines per system and group: values, and intervals below.

    It is read on screens of 80 columns, so the zero before the point is left out.
    """
    rows = []
    for one in figures:
        named = [one.figures[name] for name in ("ac1", "kappa_linear", "auc_marked", "accuracy")]
        recalls = " ".join(_short(row.recall.value).rjust(3) for row in one.grades)
        rows.append(
            (
                one.system,
                one.group.replace(" ", "\n"),
                str(one.images),
                *(
                    f"{_short(each.value)}\n{_short(each.low)}-{_short(each.high)}"
                    for each in named
                ),
                _short(one.figures["majority_baseline"].value),
                recalls,
            )
        )
    title = "Images compared with the reference; below: 95 % interval over patients"
    content = TextTable("summary", title, _COLUMNS, tuple(rows))
    return rich_table(content, no_wrap=True, box=SIMPLE_HEAD, padding=0, show_edge=False)


def disc_lines(figures: Iterable[SystemFigures]) -> Iterator[str]:
    """Yield a line for each system of which discs on sagittal series were graded."""
    for one in figures:
        recalls = ", ".join(
            f"{written_grade(one.system, row.grade)} {_short(row.recall.value)}"
            for row in one.grades
        )
        yield (
            f"{one.system}, {one.images} discs of {one.patients} patients ({one.group}): linear "
            f"kappa {show(one.figures['kappa_linear'])}, accuracy {show(one.figures['accuracy'])}, "
            f"majority {_short(one.figures['majority_baseline'].value)}, recall of grades {recalls}"
        )


def measure_tables(measures: Iterable[MeasureFigures]) -> list[Table]:
    """Return a table for every two measurers in a part, two lines per measure as above."""
    grouped: dict[str, list[tuple[str, ...]]] = {}
    for one in measures:
        title = f"{one.part}: {one.first} minus {one.second}; below: 95 % interval over patients"
        digits = digits_of(one.unit)
        limits = [number(one.figures[end].value, digits) for end in ("lower_limit", "upper_limit")]
        grouped.setdefault(title, []).append(
            (
                title_of(one.measure) + ("" if one.unit == "1" else f", {one.unit}"),
                f"{len(one.values)}\n{one.patients}",
                _two_lines(one.figures["bias"], digits),
                "\n".join(limits),
                _two_lines(one.figures["median_distance"], digits),
                _two_lines(one.figures["icc"], 2),
            )
        )
    return [
        rich_table(
            TextTable("measures", title, _MEASURE_COLUMNS, tuple(rows)),
            no_wrap=True, box=SIMPLE_HEAD, padding=0, show_edge=False,
        )
        for title, rows in grouped.items()
    ]  # fmt: skip


def _two_lines(found: Estimate, digits: int) -> str:
    value, low, high = (number(one, digits) for one in (found.value, found.low, found.high))
    return f"{value}\n{low}, {high}"


def _short(value: float) -> str:
    return number(value, 2).removeprefix("0").replace("1.00", "1.0")
