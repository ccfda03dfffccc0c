"""What the article leaves out: baselines, levels, patients, subgroups and the drop outside."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from lumbargrade.evaluation.measures.measures import ENOUGH_PATIENTS
from lumbargrade.evaluation.measures.system_figures import SystemFigures
from lumbargrade.evaluation.measures.units import RULE
from lumbargrade.evaluation.report.labels import DICHOTOMY_NAMES, FIGURE_NAMES
from lumbargrade.evaluation.report.tables.paper import SET_OF
from lumbargrade.evaluation.results import Evaluation
from lumbargrade.files.table import TextTable
from lumbargrade.grading.system import DICHOTOMIES
from lumbargrade.statistics.accuracy import accuracy, balanced_accuracy, majority_baseline
from lumbargrade.statistics.format_estimates import number, show, show_interval, signed
from lumbargrade.statistics.patients import EXTERNAL, INTERNAL
from lumbargrade.statistics.two_raters import cohen
from lumbargrade.su2022.published import PAPER, RUN, article
from lumbargrade.su2022.table_cells import K_DIGITS, paper_row

_THREE_WAYS = ("ac1", "kappa_linear", "auc_any", "auc_marked")


def run_tables(evaluation: Evaluation) -> list[TextTable]:
    """Return every table of this run that the article does not have."""
    tables = [
        units(evaluation),
        grades(evaluation),
        dichotomies(evaluation.shown(evaluation.figures)),
        intervals(evaluation.shown(evaluation.figures)),
        coverage(evaluation.shown(evaluation.figures)),
    ]
    if evaluation.subgroups:
        tables.append(subgroup_table(evaluation.subgroups))
    if evaluation.drops:
        tables.append(drop_table(evaluation))
    return tables


def _by_unit(evaluation: Evaluation) -> tuple[tuple[str, tuple[SystemFigures, ...]], ...]:
    return (
        ("image", evaluation.figures),
        ("level", evaluation.levels),
        ("patient", evaluation.patients),
    )


def units(evaluation: Evaluation) -> TextTable:
    """Return accuracy beside its baseline: images, levels, patients; the article's too."""
    rows = []
    for unit, figures in _by_unit(evaluation):
        for one in evaluation.shown(figures):
            named = ("accuracy", "majority_baseline", "balanced_accuracy", "ac1", "kappa_linear")
            found = one.figures
            cells = [
                number(found[name].value, 2) if name == "majority_baseline" else show(found[name])
                for name in named
            ]
            rows.append((RUN, unit, one.group, one.system, str(one.images), *cells))
    for unit, matrices in (("image", article().images), ("level", article().levels)):
        for part, key in SET_OF.items():
            for system, counts in matrices[key].items():
                rows.append((PAPER, unit, part, system, *_of_counts(counts)))
    return TextTable(
        "units",
        "Images, levels and patients; accuracy compared with its baseline",
        (
            "source",
            "unit",
            "group",
            "system",
            "n",
            "accuracy",
            "majority class",
            "balanced accuracy",
            "Gwet AC1",
            "kappa, linear",
        ),
        tuple(rows),
        f"{RULE} Majority class: accuracy of always giving the most frequent grade. Balanced "
        f"accuracy has no interval where fewer than {ENOUGH_PATIENTS} patients have one of "
        f"the grades. {PAPER}: computed from its Figures 6 and 7.",
    )


def grades(evaluation: Evaluation) -> TextTable:
    """Return precision, recall, F1 and support of each grade and unit."""
    rows = []
    for unit, figures in _by_unit(evaluation):
        for one in evaluation.shown(figures):
            for row in one.grades:
                counted = (str(row.images), str(row.patients), str(row.not_graded))
                shown = (show(row.precision), show(row.recall), show(row.f1))
                rows.append((unit, one.group, one.system, str(row.grade), *counted, *shown))
    return TextTable(
        "grades",
        "Each grade",
        (
            "unit",
            "group",
            "system",
            "grade",
            "support",
            "patients",
            "not graded",
            "precision",
            "recall",
            "F1",
        ),
        tuple(rows),
        "Support: graded images (levels, patients) with this reference grade. Intervals "
        "of precision and recall: Wilson's, clustered by patient; of F1: patients resampled, "
        f"if {ENOUGH_PATIENTS} or more have the grade.",
    )


def dichotomies(figures: Iterable[SystemFigures]) -> TextTable:
    """Return sensitivity, specificity and predictive values of both dichotomies."""
    rows = []
    for one in figures:
        counts = np.array(one.table)
        for name, lowest in DICHOTOMIES.items():
            shares = [show(one.shares[f"{share}_{name}"]) for share in _SHARES]
            positive = f"{int(counts[lowest:].sum())} of {int(counts.sum())}"
            area = show(one.figures[f"auc_{name}"])
            rows.append((one.group, one.system, DICHOTOMY_NAMES[name], positive, *shares, area))
    return TextTable(
        "dichotomies",
        "Two dichotomies, images",
        ("group", "system", "grades", "positive", *_SHARES.values(), "AUC"),
        tuple(rows),
        "Intervals of proportions: Wilson's, clustered by patient. Predictive values apply only at "
        "the prevalence seen here.",
    )


_SHARES = {
    "sensitivity": "sensitivity",
    "specificity": "specificity",
    "ppv": "positive predictive value",
    "npv": "negative predictive value",
}


def intervals(figures: Iterable[SystemFigures]) -> TextTable:
    """Return the main figures with the interval of each way to make one."""
    rows = []
    for one in figures:
        for name in _THREE_WAYS:
            found, told = one.figures[name], one.formulas[name]
            ends = (show_interval(each) for each in (told.independent, told.clustered, found))
            value = number(found.value, 2)
            rows.append(
                (one.group, one.system, FIGURE_NAMES[name], value, *ends, str(found.undefined))
            )
    return TextTable(
        "intervals",
        "Intervals by three methods, images",
        (
            "group",
            "system",
            "figure",
            "value",
            "images independent",
            "clustered by patient",
            "patients resampled",
            "resamples without a value",
        ),
        tuple(rows),
        "Independent: Gwet's and Cohen's formulas with Student's t; DeLong's for the AUC; too "
        "narrow if patients have several images. Clustered: the same by patient; "
        "Obuchowski's for the AUC. With 100 or more patients the last two should agree. No "
        f"interval: no variation; or, resampled, fewer than {ENOUGH_PATIENTS} patients have a "
        "class of the AUC.",
    )


def coverage(figures: Iterable[SystemFigures]) -> TextTable:
    """Return how many images were graded; an image that was not never counts as grade 0."""
    rows = tuple(
        (
            one.group,
            one.system,
            str(one.coverage.with_reference),
            str(one.coverage.graded),
            str(one.coverage.not_graded),
            str(one.coverage.graded_without_reference),
        )
        for one in figures
    )
    return TextTable(
        "coverage",
        "Grading coverage",
        ("group", "system", "with a reference", "graded", "not graded", "graded without reference"),
        rows,
    )


def subgroup_table(figures: Iterable[SystemFigures]) -> TextTable:
    """Return the main figures of each subgroup."""
    rows = tuple(
        (
            one.system,
            one.group,
            str(one.images),
            str(one.patients),
            show(one.figures["ac1"]),
            show(one.figures["accuracy"]),
            number(one.figures["majority_baseline"].value, 2),
            show(one.figures["auc_marked"]),
            show(one.shares["sensitivity_marked"]),
        )
        for one in figures
    )
    return TextTable(
        "subgroups",
        "Subgroups, images",
        (
            "system",
            "subgroup",
            "images",
            "patients",
            "Gwet AC1",
            "accuracy",
            "majority class",
            "AUC 0-1 / 2-3",
            "sensitivity, 2-3",
        ),
        rows,
        "Differences between subgroups are exploratory unless the intervals are far apart: many "
        "are compared. Interval of the sensitivity: Wilson's, clustered by patient.",
    )


def drop_table(evaluation: Evaluation) -> TextTable:
    """Return the external set beside the internal one; the article's drop where it has one."""
    told = article()
    rows = []
    for one in evaluation.drops:
        printed = "-"
        if (
            one.figure in ("ac1", "accuracy", "auc_marked")
            and one.system in told.printed[SET_OF[INTERNAL]]
        ):
            inside, outside = (_told(part, one.system, one.figure) for part in (INTERNAL, EXTERNAL))
            printed = f"{round(outside - inside, 2) + 0.0:+.2f}"
        rows.append(
            (
                one.system,
                FIGURE_NAMES[one.figure],
                show(one.internal),
                show(one.external),
                signed(one.difference),
                printed,
            )
        )
    return TextTable(
        "external-drop",
        "External compared with internal set",
        ("system", "figure", INTERNAL, EXTERNAL, "external - internal", f"the same: {PAPER}"),
        tuple(rows),
        "The interval of the difference is over the patients of both sets. That of the article is "
        "computed from its Figure 6, that of the AUC from its text.",
    )


def _told(part: str, system: str, figure: str) -> float:
    counts = article().images[SET_OF[part]][system]
    if figure == "accuracy":
        return float(accuracy(counts))
    return paper_row(counts).k if figure == "ac1" else article().auc[SET_OF[part]][system]


def _of_counts(counts: NDArray[np.int64]) -> tuple[str, ...]:
    shares = (accuracy(counts), majority_baseline(counts), balanced_accuracy(counts))
    agreed = (paper_row(counts).k, cohen(counts, "linear"))
    return (str(counts.sum()), *(number(float(one), K_DIGITS) for one in (*shares, *agreed)))
