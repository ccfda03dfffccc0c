"""``lumbargrade evaluate --crosswalk``: grades beside the labels of a public set."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.table import Table

from lumbargrade.cli.progress import progress
from lumbargrade.cli.screen import Screen
from lumbargrade.cli.tables import rich_table
from lumbargrade.errors import EvaluationError, needs_extra
from lumbargrade.evaluation.report.labels import COEFFICIENT_NAMES
from lumbargrade.external.compare import reasons
from lumbargrade.external.figures import MapFigures
from lumbargrade.external.material import ExternalMaterial
from lumbargrade.external.tables import ORDER_NAMES
from lumbargrade.files.table import TextTable
from lumbargrade.statistics.bootstrap import Estimate
from lumbargrade.statistics.format_estimates import number, show


def run(
    predictions: Path,
    cohorts: Sequence[Path],
    out: Path,
    how: tuple[str, Path | None, Path | None, bool],
    refused: Collection[str],
) -> None:
    """Compare ``predictions`` with the labels of ``cohorts``, write OUT, print the main figures.

    ``how`` are crosswalk, split, model and whether only unseen patients count; ``refused`` are
    options that were given and do not go with a crosswalk. Raises EvaluationError for these.
    """
    if refused:
        raise EvaluationError(
            f"--crosswalk cannot be combined with {', '.join(refused)}: the set's labels are of "
            "other systems; evaluate once more without --crosswalk"
        )
    with needs_extra("lumbargrade evaluate"):
        from lumbargrade.evaluation.report.write import PAGE
        from lumbargrade.external.evaluate import CrosswalkOptions, compare_with_labels
    console = Screen()
    with progress(None, "reading slices, resampling patients", console) as advance:
        evaluation = compare_with_labels(predictions, cohorts, out, CrosswalkOptions(*how), advance)
    console.print(summary_table(evaluation.of_group(True)))
    for line in (*map_lines(evaluation.material), *evaluation.material.notes):
        console.print(line, highlight=False, markup=False)
    console.print(f"Page: {out / PAGE}", highlight=False, soft_wrap=True)


def summary_table(figures: Sequence[MapFigures]) -> Table:
    """Return the main figures, a column a comparison."""
    columns = ("", *(one.grade_map.name for one in figures))
    cells = [_figures(one) for one in figures]
    names = list(dict.fromkeys(name for one in cells for name in one))
    rows = [(name, *(one.get(name, "-") for one in cells)) for name in names]
    title = "Labels compared with the worst slice of their level; 95 % intervals over patients"
    content = TextTable("summary", title, columns, tuple(rows))
    return rich_table(content, no_wrap=True, box=SIMPLE_HEAD, padding=(0, 1), show_edge=False)


def _figures(one: MapFigures) -> dict[str, str]:
    found, cuts = one.agreement.figures, range(1, len(one.grade_map.reference.grades))
    majority = number(found["majority_baseline"].value, 2)
    return {
        "labels / patients": f"{one.agreement.images} / {one.agreement.patients}",
        **{f"AUC, {one.grade_map.cut(cut)}": _brief(one.order[f"auc_{cut}"]) for cut in cuts},
        **{title: _brief(one.order[name]) for name, title in ORDER_NAMES.items()},
        **{COEFFICIENT_NAMES[name]: _brief(found[name]) for name in ("ac1", "kappa_linear")},
        "accuracy": _brief(found["accuracy"]),
        "  majority class": majority,
        **{
            f"recall, {grade.name}": _brief(row.recall)
            for grade, row in zip(one.grade_map.reference.grades, one.agreement.grades, strict=True)
        },
    }


def _brief(found: Estimate) -> str:
    """Without the reason why there is no interval, which the report gives: a screen is narrow."""
    return show(replace(found, reason=""))


def map_lines(material: ExternalMaterial) -> list[str]:
    """Return the merging of each comparison, and what of its labels is not compared."""
    lines = []
    for one, compared in zip(material.crosswalk.maps, material.compared, strict=True):
        left = "; ".join(f"{count} {reason}" for reason, count in reasons(compared).items())
        lines.append(f"{one.name}: {one.merging}. {one.differs}")
        lines.append(f"{one.name}: of {len(compared)} labels not compared: {left or 'none'}.")
    return lines
