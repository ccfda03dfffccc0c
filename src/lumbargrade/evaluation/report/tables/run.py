"""What the article leaves out: baselines, levels, patients, subgroups and the drop outside."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from lumbargrade.evaluation.measures.chance import CHANCE_NOTE, chance_levels
from lumbargrade.evaluation.measures.system_figures import SystemFigures
from lumbargrade.evaluation.measures.units import RULE
from lumbargrade.evaluation.report.labels import FIGURE_NAMES
from lumbargrade.evaluation.report.tables.groups import BASELINE, drop_table, subgroup_table
from lumbargrade.evaluation.report.tables.paper import SET_OF
from lumbargrade.evaluation.report.tables.rows import table_of
from lumbargrade.evaluation.results import Evaluation
from lumbargrade.files.table import TextTable
from lumbargrade.grading.system import DICHOTOMIES, written_cut, written_grade
from lumbargrade.statistics.accuracy import accuracy, balanced_accuracy, majority_baseline
from lumbargrade.statistics.agreement.two_raters import cohen
from lumbargrade.statistics.format_estimates import number, show, show_interval
from lumbargrade.statistics.patients import ENOUGH_IMAGES, ENOUGH_PATIENTS
from lumbargrade.su2022.published import PAPER, RUN, article
from lumbargrade.su2022.table_cells import K_DIGITS, paper_row

CHANCE = "AC1, chance"
_THREE_WAYS = ("ac1", "ac2_linear", "kappa_linear", "auc_any", "auc_marked")


def run_tables(evaluation: Evaluation) -> list[TextTable]:
    """Return every table of this run that the article does not have."""
    tables = [
        units(evaluation),
        grades(evaluation),
        dichotomies(evaluation.figures),
        intervals(evaluation.figures),
        coverage(evaluation.figures),
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
        ("disc", evaluation.discs),
    )


def units(evaluation: Evaluation) -> TextTable:
    """Return accuracy beside its baseline: images, levels, patients; the article's too."""
    rows = [
        {
            "source": RUN,
            "unit": unit,
            "group": one.group,
            "system": one.system,
            "n": str(one.images),
            "accuracy": show(one.figures["accuracy"]),
            BASELINE: number(one.figures["majority_baseline"].value, 2),
            "balanced accuracy": show(one.figures["balanced_accuracy"]),
            "Gwet AC1": show(one.figures["ac1"]),
            CHANCE: number(one.chance["ac1"], 2),
            "kappa, linear": show(one.figures["kappa_linear"]),
        }
        for unit, figures in _by_unit(evaluation)
        for one in figures
    ]
    rows += [
        {"source": PAPER, "unit": unit, "group": part, "system": system, **_of_counts(counts)}
        for unit, matrices in (("image", article().images), ("level", article().levels))
        for part, key in SET_OF.items()
        for system, counts in matrices[key].items()
    ]
    return table_of(
        "units",
        "Images, levels and patients; accuracy compared with its baseline",
        rows,
        f"{RULE} Majority class: accuracy of always giving the most frequent grade. No "
        f"interval: fewer than {ENOUGH_PATIENTS} patients; of the balanced accuracy, who have one "
        "of the grades; of kappa, who have another grade than the commonest. "
        f"{PAPER}: computed from its Figures 6 and 7. {CHANCE_NOTE}",
    )


def grades(evaluation: Evaluation) -> TextTable:
    """Return precision, recall, F1 and support of each grade and unit."""
    rows = [
        {
            "unit": unit,
            "group": one.group,
            "system": one.system,
            "grade": written_grade(one.system, row.grade),
            "support": str(row.images),
            "patients": str(row.patients),
            "not graded": str(row.not_graded),
            "precision": show(row.precision),
            "recall": show(row.recall),
            "F1": show(row.f1),
        }
        for unit, figures in _by_unit(evaluation)
        for one in figures
        for row in one.grades
    ]
    return table_of(
        "grades",
        "Each grade",
        rows,
        "Support: graded images (levels, patients, discs) with this reference grade. Intervals "
        "of precision and recall: Wilson's, clustered by patient; of F1: Student's, "
        f"patients resampled. No interval: fewer than {ENOUGH_PATIENTS} patients have the grade, "
        "or were given it (precision).",
    )


def dichotomies(figures: Iterable[SystemFigures]) -> TextTable:
    """Return sensitivity, specificity and predictive values of both dichotomies."""
    rows = []
    for one in figures:
        counts = np.array(one.table)
        for name, lowest in DICHOTOMIES.items():
            if lowest >= len(counts):
                continue  # of absent and present there is one
            rows.append(
                {
                    "group": one.group,
                    "system": one.system,
                    "grades": written_cut(one.system, lowest, len(counts)),
                    "positive": f"{int(counts[lowest:].sum())} of {int(counts.sum())}",
                    **{title: show(one.shares[f"{of}_{name}"]) for of, title in _SHARES.items()},
                    "AUC": show(one.figures[f"auc_{name}"]),
                }
            )
    return table_of(
        "dichotomies",
        "Two dichotomies, images",
        rows,
        "Intervals of proportions: Wilson's, clustered by patient, with Korn and "
        "Graubard's degrees of freedom. Predictive values apply only at "
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
            found, formula = one.figures[name], one.formulas[name]
            rows.append(
                {
                    "group": one.group,
                    "system": one.system,
                    "figure": FIGURE_NAMES[name],
                    "value": number(found.value, 2),
                    "chance": number(one.chance.get(name, 0.5), 2),
                    "images independent": show_interval(formula.independent),
                    "clustered by patient": show_interval(formula.clustered),
                    "patients resampled": show_interval(found),
                    "resamples without a value": str(found.undefined),
                }
            )
    return table_of(
        "intervals",
        "Intervals by three methods, images",
        rows,
        "Independent: Gwet's and Cohen's formulas with Student's t; DeLong's for the AUC; too "
        "narrow if patients have several images. Clustered: by leaving out one patient at a time; "
        "Obuchowski's for the AUC. The last two use Student's t of the patients, those of the "
        "rarer class for the AUC, and should agree. No interval: no variation, or fewer than "
        f"{ENOUGH_PATIENTS} patients (who have either class of the AUC, or another grade than the "
        f"commonest for kappa), or {ENOUGH_IMAGES} images with quadratic weights. "
        f"{CHANCE_NOTE} An AUC by chance is 0.5.",
    )


def coverage(figures: Iterable[SystemFigures]) -> TextTable:
    """Return how many images were graded; an image that was not never counts as grade 0."""
    rows = [
        {
            "group": one.group,
            "system": one.system,
            "with a reference": str(one.coverage.with_reference),
            "graded": str(one.coverage.graded),
            "not graded": str(one.coverage.not_graded),
            "graded without reference": str(one.coverage.graded_without_reference),
        }
        for one in figures
    ]
    return table_of("coverage", "Grading coverage", rows)


def _of_counts(counts: NDArray[np.int64]) -> dict[str, str]:
    found = {
        "accuracy": float(accuracy(counts)),
        BASELINE: float(majority_baseline(counts)),
        "balanced accuracy": float(balanced_accuracy(counts)),
        "Gwet AC1": paper_row(counts).k,
        CHANCE: chance_levels(counts)["ac1"],
        "kappa, linear": float(cohen(counts, "linear")),
    }
    cells = {name: number(value, K_DIGITS) for name, value in found.items()}
    return {"n": str(counts.sum()), **cells}
