"""What a mean hides: subgroups of the patients, and the external set beside the internal one."""

from __future__ import annotations

from collections.abc import Iterable

from lumbargrade.evaluation.measures.chance import CHANCE_NOTE
from lumbargrade.evaluation.measures.system_figures import SystemFigures
from lumbargrade.evaluation.report.labels import FIGURE_NAMES
from lumbargrade.evaluation.report.tables.paper import SET_OF
from lumbargrade.evaluation.report.tables.rows import table_of
from lumbargrade.evaluation.results import Evaluation
from lumbargrade.files.table import TextTable
from lumbargrade.statistics.accuracy import accuracy
from lumbargrade.statistics.format_estimates import number, show, signed
from lumbargrade.statistics.patients import EXTERNAL, INTERNAL
from lumbargrade.su2022.published import PAPER, article
from lumbargrade.su2022.table_cells import paper_row

BASELINE = "majority class"


def subgroup_table(figures: Iterable[SystemFigures]) -> TextTable:
    """Return the main figures of each subgroup."""
    rows = [
        {
            "system": one.system,
            "subgroup": one.group,
            "images": str(one.images),
            "patients": str(one.patients),
            "Gwet AC1": show(one.figures["ac1"]),
            "AC1, chance": number(one.chance["ac1"], 2),
            "accuracy": show(one.figures["accuracy"]),
            BASELINE: number(one.figures["majority_baseline"].value, 2),
            "AUC 0-1 / 2-3": show(one.figures["auc_marked"]),
            "sensitivity, 2-3": show(one.shares["sensitivity_marked"]),
        }
        for one in figures
    ]
    return table_of(
        "subgroups",
        "Subgroups, images",
        rows,
        "Differences between subgroups are exploratory unless the intervals are far apart: many "
        "are compared. Interval of the sensitivity: Wilson's, clustered by patient. "
        f"{CHANCE_NOTE}",
    )


def drop_table(evaluation: Evaluation) -> TextTable:
    """Return the external set beside the internal one; the article's drop where it has one."""
    paper = article()
    rows = []
    for one in evaluation.drops:
        printed = "-"
        if (
            one.figure in ("ac1", "accuracy", "auc_marked")
            and one.system in paper.printed[SET_OF[INTERNAL]]
        ):
            inside, outside = (_told(part, one.system, one.figure) for part in (INTERNAL, EXTERNAL))
            printed = f"{round(outside - inside, 2) + 0.0:+.2f}"
        rows.append(
            {
                "system": one.system,
                "figure": FIGURE_NAMES[one.figure],
                INTERNAL: show(one.internal),
                EXTERNAL: show(one.external),
                "external - internal": signed(one.difference),
                f"the same: {PAPER}": printed,
            }
        )
    return table_of(
        "external-drop",
        "External compared with internal set",
        rows,
        "The interval of the difference is over the patients of both sets. That of the article is "
        "computed from its Figure 6, that of the AUC from its text.",
    )


def _told(part: str, system: str, figure: str) -> float:
    counts = article().images[SET_OF[part]][system]
    if figure == "accuracy":
        return float(accuracy(counts))
    return paper_row(counts).k if figure == "ac1" else article().auc[SET_OF[part]][system]
