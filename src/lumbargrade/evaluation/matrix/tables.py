"""Tables of published counts and of what a paper claims of them."""

from __future__ import annotations

from collections.abc import Sequence

from lumbargrade.evaluation.matrix.check import Checked, Verdict
from lumbargrade.evaluation.matrix.figures import CUTS, Figure, MatrixFigures
from lumbargrade.evaluation.measures.chance import CHANCE_NOTE
from lumbargrade.evaluation.report.labels import COEFFICIENT_NAMES
from lumbargrade.evaluation.report.tables.rows import table_of
from lumbargrade.files.table import TextTable
from lumbargrade.statistics.format_estimates import number, show

INDEPENDENT = (
    "Intervals take every image as independent of every other, as most papers do: a table of "
    "counts does not say which images are of one patient. Where patients have several, they are "
    "too narrow."
)
"""What every table with an interval says."""

_NAMES = {
    "sensitivity": "sensitivity",
    "specificity": "specificity",
    "ppv": "positive predictive value",
    "npv": "negative predictive value",
}
_MEANS = ("precision_weighted", "precision_macro", "f1_weighted", "f1_macro")


def matrix_tables(found: Sequence[MatrixFigures], checked: Sequence[Checked]) -> list[TextTable]:
    """Return every table; that of the claims first, where there are claims."""
    claims = [claims_table(checked)] if checked else []
    own = [accuracy_table, agreement_table, grades_table, cuts_table, counts_table]
    return [*claims, *(table(found) for table in own)]


def claims_line(checked: Sequence[Checked]) -> str:
    """Return how many of the printed figures (at least one) fit."""
    fitting = sum(one.verdict is Verdict.FITS for one in checked)
    return f"{fitting} of {len(checked)} printed figures fit the counts."


def claims_table(checked: Sequence[Checked]) -> TextTable:
    """Return each claim beside the counts, those that do not fit first."""
    ordered = sorted(checked, key=lambda one: one.verdict is Verdict.FITS)
    rows = [
        {
            "system": one.claim.system,
            "figure": one.claim.figure.name,
            "grade": one.grade,
            "printed": one.claim.printed.text,
            "counts give": number(one.found.value, 4),
            "verdict": str(one.verdict),
            "why": one.why,
        }
        for one in ordered
    ]
    return table_of(
        "claims",
        "Printed figures compared with the counts",
        rows,
        "Not possible: no counts at all give this share of so many images in these digits (the "
        "GRIM test, Brown and Heathers 2017). Rounding: a half may go either way. Intervals are "
        "compared with those of independent images.",
    )


def accuracy_table(found: Sequence[MatrixFigures]) -> TextTable:
    """Return accuracy beside the majority class, and the means over grades."""
    rows = [
        {
            "system": one.matrix.system,
            "images": str(one.matrix.counts.sum()),
            "accuracy": show(one.values[Figure("accuracy")]),
            "majority class": _bare(one, "majority_baseline"),
            "balanced accuracy": _bare(one, "balanced_accuracy"),
            "at most one grade off": show(one.values[Figure("off_by_one_accuracy")]),
            "mean absolute error": _bare(one, "mean_absolute_error"),
            **{name.replace("_", ", "): _bare(one, name) for name in _MEANS},
        }
        for one in found
    ]
    return table_of(
        "accuracy",
        "Accuracy",
        rows,
        "Majority class: accuracy of always giving the most frequent reference grade. Weighted: "
        "by how often a grade is the reference; macro: all grades alike. Interval: Wilson's. "
        f"{INDEPENDENT}",
    )


def agreement_table(found: Sequence[MatrixFigures]) -> TextTable:
    """Return each coefficient of agreement beside its level of chance."""
    rows = [
        {
            "system": one.matrix.system,
            "coefficient": title,
            "value": show(one.values[Figure(name)]),
            "chance": number(one.chance[name], 2),
        }
        for one in found
        for name, title in COEFFICIENT_NAMES.items()
    ]
    return table_of(
        "agreement",
        "Agreement with the reference",
        rows,
        f"{CHANCE_NOTE} Interval: Gwet's and Cohen's formulas with Student's t. {INDEPENDENT}",
    )


def grades_table(found: Sequence[MatrixFigures]) -> TextTable:
    """Return support, precision, recall and F1 of each grade."""
    rows = [
        {
            "system": one.matrix.system,
            "grade": grade,
            "support": str(one.matrix.counts[place].sum()),
            "given": str(one.matrix.counts[:, place].sum()),
            "precision": show(one.values[Figure("precision", place)]),
            "recall": show(one.values[Figure("recall", place)]),
            "F1": number(one.values[Figure("f1", place)].value, 2),
        }
        for one in found
        for place, grade in enumerate(one.matrix.grades)
    ]
    note = f"Support: images with this reference grade. Interval: Wilson's. {INDEPENDENT}"
    return table_of("grades", "Each grade", rows, note)


def cuts_table(found: Sequence[MatrixFigures]) -> TextTable:
    """Return sensitivity, specificity and predictive values of every cut between two grades."""
    rows = [
        {
            "system": one.matrix.system,
            "positive": f"{grade} and above" if cut < len(one.matrix.grades) - 1 else grade,
            "images": f"{one.matrix.counts[cut:].sum()} of {one.matrix.counts.sum()}",
            **{_NAMES[name]: show(one.values[Figure(name, cut)]) for name in CUTS},
        }
        for one in found
        for cut, grade in enumerate(one.matrix.grades)
        if cut
    ]
    return table_of(
        "dichotomies",
        "Dichotomies",
        rows,
        "Predictive values apply only at the prevalence seen here. Interval: Wilson's. "
        f"{INDEPENDENT}",
    )


def counts_table(found: Sequence[MatrixFigures]) -> TextTable:
    """Return the counts themselves, so that a reader can check that they were read right."""
    rows = [
        {
            "system": one.matrix.system,
            "reference": grade,
            "given, from the first grade to the last": "  ".join(
                map(str, one.matrix.counts[place])
            ),
            "sum": str(one.matrix.counts[place].sum()),
        }
        for one in found
        for place, grade in enumerate(one.matrix.grades)
    ]
    return table_of("counts", "The counts that were read", rows)


def _bare(one: MatrixFigures, name: str) -> str:
    return number(one.values[Figure(name)].value, 2)
