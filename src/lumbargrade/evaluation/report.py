"""The figures as files: ``evaluation.json``, ``evaluation.csv`` and one plain page."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment

from lumbargrade.evaluation.intervals import Estimate
from lumbargrade.evaluation.tables import SystemFigures

SCHEMA = "lumbargrade.evaluation/1"
HEADINGS = {
    "ac1": "Gwet AC1",
    "ac2_quadratic": "Gwet AC2, quadratic",
    "kappa_linear": "Kappa, linear",
    "kappa_quadratic": "Kappa, quadratic",
    "auc_marked": "AUC, 0-1 against 2-3",
    "auc_any": "AUC, 0 against 1-3",
    "sensitivity_marked": "Sensitivity, 2-3",
    "specificity_marked": "Specificity, 2-3",
    "ppv_marked": "Positive predictive value, 2-3",
    "npv_marked": "Negative predictive value, 2-3",
    "accuracy": "Accuracy",
    "majority_baseline": "Most frequent grade alone",
    "balanced_accuracy": "Balanced accuracy (recall, occurring grades alike)",
    "precision_weighted": "Precision, weighted by reference",
    "f1_weighted": "F1, weighted by reference",
    "f1_macro": "F1, occurring grades alike",
    "off_by_one_accuracy": "At most one grade off",
    "mean_absolute_error": "Mean distance, in grades",
}
"""Figure -> heading on the page; the other figures are in the JSON and the CSV."""


@dataclass(frozen=True)
class Evaluation:
    """All that was found out about one set of predictions.

    Attributes
    ----------
    model : name and version of the model that graded.
    cohort : which cohort was the reference.
    figures : one entry per grading system and group of images.
    resamples, confidence : how the intervals were made.
    notes : what a reader must know, one sentence each.
    """

    model: str
    cohort: str
    figures: tuple[SystemFigures, ...]
    resamples: int
    confidence: float
    notes: tuple[str, ...] = ()


def write(evaluation: Evaluation, folder: Path) -> tuple[Path, ...]:
    """Write the three files into an existing folder and return their paths."""
    contents = {
        "evaluation.json": json.dumps(as_json(evaluation), indent=1, allow_nan=False) + "\n",
        "evaluation.html": as_page(evaluation),
    }
    for name, text in contents.items():
        (folder / name).write_text(text, encoding="utf-8")
    with (folder / "evaluation.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(as_rows(evaluation.figures))
    return tuple(folder / name for name in (*contents, "evaluation.csv"))


def as_json(evaluation: Evaluation) -> dict[str, Any]:
    """Return plain data; a figure that is undefined is null."""
    return {
        "schema": SCHEMA,
        "model": evaluation.model,
        "cohort": evaluation.cohort,
        "intervals": {
            "kind": "percentile bootstrap over patients",
            "resamples": evaluation.resamples,
            "confidence": evaluation.confidence,
        },
        "notes": list(evaluation.notes),
        "systems": [_system_json(one) for one in evaluation.figures],
    }


def as_rows(figures: Sequence[SystemFigures]) -> list[list[str]]:
    """Return the table of every figure, one a row, with its heading."""
    rows = [["group", "system", "figure", "grade", "value", "low", "high", "images", "patients"]]
    for one in figures:
        for name, found in one.figures.items():
            counted = [str(one.images), str(one.patients)]
            rows.append([one.group, one.system, name, "", *csv_cells(found), *counted])
        for row in one.grades:
            counted = [str(row.images), str(row.patients)]
            named = {"recall": row.recall, "precision": row.precision, "f1": row.f1}
            for name, found in named.items():
                rows.append(
                    [one.group, one.system, name, str(row.grade), *csv_cells(found), *counted]
                )
    return rows


def as_page(evaluation: Evaluation) -> str:
    """Return one self-contained HTML page."""
    template = files("lumbargrade.evaluation").joinpath("report.html").read_text(encoding="utf-8")
    page = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(template)
    page.globals["show"] = show
    return page.render(evaluation=evaluation, headings=HEADINGS)


def show(found: Estimate) -> str:
    """Return an estimate as text.

    Examples
    --------
    >>> show(Estimate(0.8123, 0.79, 0.831))
    '0.81 (0.79 to 0.83)'
    >>> show(Estimate(float("nan"), float("nan"), float("nan")))
    'not defined'
    """
    if not math.isfinite(found.value):
        return "not defined"
    return f"{_two(found.value)} ({show_interval(found)})"


def show_interval(found: Estimate) -> str:
    """Return the ends of an estimate's interval as text.

    Examples
    --------
    >>> show_interval(Estimate(0.8123, 0.79, 0.831))
    '0.79 to 0.83'
    """
    if not math.isfinite(found.low):
        return "no interval"
    return f"{_two(found.low)} to {_two(found.high)}"


def _two(number: float) -> str:
    return f"{round(number, 2) + 0.0:.2f}"  # + 0.0: a difference of -0.001 is no "-0.00"


def estimate_json(found: Estimate) -> dict[str, float | int | None]:
    """Return an estimate as plain data; what is undefined is null."""
    value, low, high = (
        round(number, 6) if math.isfinite(number) else None
        for number in (found.value, found.low, found.high)
    )
    return {"value": value, "low": low, "high": high, "undefined_resamples": found.undefined}


def csv_cells(found: Estimate) -> list[str]:
    """Return value, low and high as cells; what is undefined is empty."""
    numbers = (found.value, found.low, found.high)
    return [f"{number:.6f}" if math.isfinite(number) else "" for number in numbers]


def _system_json(one: SystemFigures) -> dict[str, Any]:
    return {
        "system": one.system,
        "group": one.group,
        "images": one.images,
        "patients": one.patients,
        "coverage": {
            "with_reference": one.coverage.with_reference,
            "graded": one.coverage.graded,
            "not_graded": one.coverage.not_graded,
            "graded_without_reference": one.coverage.graded_without_reference,
        },
        "figures": {name: estimate_json(found) for name, found in one.figures.items()},
        "wilson_by_patient": {name: estimate_json(found) for name, found in one.shares.items()},
        "grades": [
            {
                "grade": row.grade,
                "images": row.images,
                "patients": row.patients,
                "not_graded": row.not_graded,
                "recall": estimate_json(row.recall),
                "precision": estimate_json(row.precision),
                "f1": estimate_json(row.f1),
            }
            for row in one.grades
        ],
        "table": {"rows": "reference", "columns": "prediction", "counts": one.table},
    }
