"""The whole evaluation as plain data: ``evaluation.json``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from lumbargrade.evaluation.measures.chance import CHANCE_NOTE
from lumbargrade.evaluation.measures.system_figures import SystemFigures
from lumbargrade.evaluation.report.chance import levels_json
from lumbargrade.evaluation.report.checklist import Checklist
from lumbargrade.evaluation.report.json_certainty import certainty_json
from lumbargrade.evaluation.report.json_graders import agreement_json, comparison_json
from lumbargrade.evaluation.report.json_measures import measure_json
from lumbargrade.evaluation.results import Curve, Evaluation
from lumbargrade.files.table import TextTable
from lumbargrade.statistics.format_estimates import plain
from lumbargrade.statistics.patients import CohortImage, demographics

SCHEMA = "lumbargrade.evaluation/5"


def as_json(
    evaluation: Evaluation, tables: Sequence[TextTable], lists: Sequence[Checklist]
) -> dict[str, Any]:
    """Return plain data; a figure that is undefined is null.

    ``tables`` holds the text of every table as it stands in the report, the article's
    figures included.
    """
    material, options = evaluation.material, evaluation.options
    measures = [measure_json(one) for one in evaluation.measures]
    discs = [_system(one) for one in evaluation.discs]
    return {
        "schema": SCHEMA,
        "model": material.model,
        "cohort": material.cohort,
        "simulated": material.simulated,
        "intervals": {
            "kind": "Student's t over patients, error from resamples; shares: Wilson, by patient",
            "resamples": options.resamples,
            "confidence": options.confidence,
        },
        "chance": CHANCE_NOTE,
        "notes": list(material.notes),
        "flow": plain(material.flow),
        "demographics": _demographics(material.images),
        "systems": [_system(one) for one in evaluation.figures],
        "levels": [_system(one) for one in evaluation.levels],
        "patients": [_system(one) for one in evaluation.patients],
        **({"discs": discs} if discs else {}),
        "subgroups": [_system(one) for one in evaluation.subgroups],
        "external_drop": plain(evaluation.drops),
        "roc": [_curve(one) for one in evaluation.curves],
        "certainty": [certainty_json(one) for one in evaluation.certainties],
        "comparisons": [comparison_json(one) for one in evaluation.comparisons],
        "graders": [agreement_json(one) for one in evaluation.agreements],
        **({"measures": measures} if measures else {}),
        "tables": plain(tables),
        "checklists": plain(lists),
    }


def _demographics(images: Iterable[CohortImage]) -> dict[str, Any]:
    parts: dict[str, list[CohortImage]] = {}
    for one in images:
        parts.setdefault(one.part, []).append(one)
    return {part: plain(demographics(some)) for part, some in parts.items()}


def _system(one: SystemFigures) -> dict[str, Any]:
    return {
        "system": one.system,
        "group": one.group,
        "images": one.images,
        "patients": one.patients,
        "coverage": plain(one.coverage),
        "figures": plain(one.figures),
        "wilson_by_patient": plain(one.shares),
        "by_formula": plain(one.formulas),
        "chance": levels_json(one.chance),
        "grades": plain(one.grades),
        "table": {"rows": "reference", "columns": "prediction", "counts": one.table},
    }


def _curve(one: Curve) -> dict[str, Any]:
    """The corners alone: points on a straight line between them say nothing new."""
    x, y = one.curve.false_positive_rate, one.curve.sensitivity
    turns = np.diff(x)[:-1] * np.diff(y)[1:] != np.diff(x)[1:] * np.diff(y)[:-1]
    corner = np.concatenate([[True], turns, [True]]) if len(x) > 1 else np.ones(len(x), bool)
    points = np.column_stack([x[corner], y[corner]])
    return {
        "system": one.system,
        "part": one.part,
        "auc": plain(one.area),
        "false_positive_rate_and_sensitivity": plain(np.round(points, 6).tolist()),
    }
