"""The tables of a comparison with the labels of a set that grades otherwise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from lumbargrade.evaluation.report.labels import COEFFICIENT_NAMES
from lumbargrade.evaluation.report.tables.rows import table_of
from lumbargrade.external.compare import ComparedLabel, Reason
from lumbargrade.external.figures import ExternalEvaluation, MapFigures
from lumbargrade.external.locate import Basis
from lumbargrade.files.table import TextTable
from lumbargrade.grading.crosswalk import Crosswalk
from lumbargrade.statistics.format_estimates import number, show

ORDER_NAMES = {
    "spearman": "Spearman",
    "concordance": "concordance",
    "concordance_within_level": "concordance within level",
}
"""Key of ``MapFigures.order`` -> name, beside the areas of the cuts."""

_AGREEMENT = ("ac1", "ac2_linear", "kappa_linear", "kappa_quadratic")


def external_tables(evaluation: ExternalEvaluation) -> list[TextTable]:
    """Return all tables, in their order."""
    whole, levels = evaluation.of_group(True), evaluation.of_group(False)
    return [
        crosswalk_table(evaluation.material.crosswalk),
        labels_table(evaluation),
        order_table(whole, "order", "Order: does the model's grade rise with the severity?"),
        agreement_table(whole),
        classes_table(whole),
        *([levels_table(levels)] if levels else []),
    ]


def crosswalk_table(crosswalk: Crosswalk) -> TextTable:
    """Return what is set beside what, after which merging, and how the two differ."""
    rows = [
        {
            "set": f"{one.reference.code}: {one.reference.name}",
            "model": f"{one.model.code}: {one.model.name}",
            "merging": one.merging,
            "why": one.why,
            "what differs": one.differs,
        }
        for one in crosswalk.maps
    ]
    return table_of(
        "crosswalk",
        "What is compared, and how grades are merged",
        rows,
        f"{crosswalk.source} The order figures need no merging; agreement, recall and accuracy "
        f"depend on it. Reach: {crosswalk.reach_mm:g} mm. {crosswalk.reach_source}",
    )


def labels_table(evaluation: ExternalEvaluation) -> TextTable:
    """Return how many labels there are, how their slices were found, and why some are left out."""
    material = evaluation.material
    rows = []
    for one, compared in zip(material.crosswalk.maps, material.compared, strict=True):
        known = [each for each in compared if each.reason is None]
        basis = Counter(each.basis for each in known)
        reasons = Counter(each.reason for each in compared)
        rows.append(
            {
                "comparison": one.name,
                "labels": str(len(compared)),
                "compared": str(len(known)),
                "patients": str(len({each.label.patient for each in known})),
                "slices per label": _mean_slices(known),
                **{f"left out: {reason}": str(reasons[reason]) for reason in Reason},
                **{f"found by: {one}": str(basis[one]) for one in Basis if one != Basis.NOTHING},
            }
        )
    return table_of(
        "labels",
        "Labels",
        rows,
        "A label that is left out is never counted as grade 0. Slices per label: mean number of "
        "graded slices of its level.",
    )


def order_table(figures: Sequence[MapFigures], name: str, title: str) -> TextTable:
    """Return area under the curve for each cut, rank correlation and concordance."""
    cuts = max(len(one.grade_map.reference.grades) for one in figures) - 1
    rows = []
    for one in figures:
        areas = {f"AUC, cut {cut}": _area(one, cut) for cut in range(1, cuts + 1)}
        named = {title: show(one.order[key]) for key, title in ORDER_NAMES.items()}
        rows.append({**_head(one), **areas, **named})
    return table_of(
        name,
        title,
        rows,
        "By the model's expected grade, the mean of its grades by their probability; no merging. "
        "AUC: area under the curve at this severity or worse, 0.5 is chance. Concordance: share of "
        "pairs of labels of different severity in which the worse one has the higher expected "
        "grade, ties half; within level, only pairs of the same level, which the frequency of "
        "disease by level cannot raise.",
    )


def agreement_table(figures: Sequence[MapFigures]) -> TextTable:
    """Return coefficients of agreement, and accuracy beside the most frequent class."""
    rows = []
    for one in figures:
        found = one.agreement.figures
        rows.append(
            {
                **_head(one),
                **{COEFFICIENT_NAMES[key]: show(found[key]) for key in _AGREEMENT},
                "accuracy": show(found["accuracy"]),
                "majority class": number(found["majority_baseline"].value, 2),
                "balanced accuracy": show(found["balanced_accuracy"]),
                "at most one off": show(found["off_by_one_accuracy"]),
            }
        )
    merged = "; ".join(f"{one.grade_map.name}: {one.grade_map.merging}" for one in figures)
    return table_of(
        "agreement",
        "Agreement after merging",
        rows,
        f"Merging: {merged}. Majority class: the accuracy of always giving the most frequent "
        "severity; the balanced accuracy of that is one divided by the number of severities.",
    )


def classes_table(figures: Sequence[MapFigures]) -> TextTable:
    """Return recall, precision and F1 of each severity."""
    rows = [
        {
            "comparison": one.grade_map.name,
            "severity": one.grade_map.reference.grades[row.grade].name,
            "labels": str(row.images),
            "patients": str(row.patients),
            "not compared": str(row.not_graded),
            "given": str(sum(counts[row.grade] for counts in one.agreement.table)),
            "recall": show(row.recall),
            "precision": show(row.precision),
            "F1": show(row.f1),
        }
        for one in figures
        for row in one.agreement.grades
    ]
    return table_of(
        "severities",
        "Each severity",
        rows,
        "Given: how often the merged grade of the model is this severity. Recall and precision "
        "have Wilson's interval, clustered by patient.",
    )


def levels_table(figures: Sequence[MapFigures]) -> TextTable:
    """Return order and agreement of each level."""
    order = order_table(figures, "levels", "Each level")
    # Within one level the two concordances are the same.
    columns = (*order.columns[:-1], COEFFICIENT_NAMES["ac1"], "accuracy", "majority class")
    rows = tuple(
        (
            *row[:-1],
            show(one.agreement.figures["ac1"]),
            show(one.agreement.figures["accuracy"]),
            number(one.agreement.figures["majority_baseline"].value, 2),
        )
        for row, one in zip(order.rows, figures, strict=True)
    )
    return TextTable(order.name, order.title, columns, rows, "As in the tables above.")


def label_rows(compared: Sequence[ComparedLabel]) -> list[list[str]]:
    """Return ``compared.csv``: one row a label, with its heading."""
    rows = [["patient", "level", "side", "system", "severity", "grade", "merged", "expected"]]
    rows[0] += ["found_by", "slices", "left_out"]
    for one in compared:
        label = one.label
        numbers = ("" if one is None else str(one) for one in (label.grade, one.grade, one.merged))
        expected = "" if one.expected is None else f"{one.expected:.4f}"
        named = [label.patient, label.level, label.side or "", label.system]
        rows.append([*named, *numbers, expected, one.basis, " ".join(one.slices)])
        rows[-1].append(one.reason or "")
    return rows


def _head(one: MapFigures) -> dict[str, str]:
    return {
        "comparison": one.grade_map.name,
        "group": one.group,
        "labels": str(one.agreement.images),
        "patients": str(one.agreement.patients),
    }


def _area(one: MapFigures, cut: int) -> str:
    if f"auc_{cut}" not in one.order:
        return "-"
    return f"{one.grade_map.cut(cut)}: {show(one.order[f'auc_{cut}'])}"


def _mean_slices(known: Sequence[ComparedLabel]) -> str:
    return number(sum(len(one.slices) for one in known) / len(known), 1) if known else "-"
