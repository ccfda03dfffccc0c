"""The whole evaluation as plain data: ``evaluation.json``."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from lumbargrade.evaluation.measures.external_drop import Drop
from lumbargrade.evaluation.measures.system_figures import SystemFigures
from lumbargrade.evaluation.report.checklist import Checklist
from lumbargrade.evaluation.report.json_certainty import certainty_json
from lumbargrade.evaluation.report.json_graders import companions_json, contest_json
from lumbargrade.evaluation.results import Curve, Evaluation
from lumbargrade.files.table import TextTable
from lumbargrade.statistics.format_estimates import estimate_json
from lumbargrade.statistics.patients import CohortImage, demographics

SCHEMA = "lumbargrade.evaluation/4"


def as_json(
    evaluation: Evaluation, tables: Sequence[TextTable], lists: Sequence[Checklist]
) -> dict[str, Any]:
    """Return plain data; a figure that is undefined is null.

    ``tables`` holds the text of every table as it stands in the report, the article's
    figures included.
    """
    material, options = evaluation.material, evaluation.options
    return {
        "schema": SCHEMA,
        "model": material.model,
        "cohort": material.cohort,
        "simulated": material.simulated,
        "intervals": {
            "kind": "percentile bootstrap over patients",
            "resamples": options.resamples,
            "confidence": options.confidence,
        },
        "notes": list(material.notes),
        "flow": asdict(material.flow),
        "demographics": _demographics(material.images),
        "systems": [_system(one) for one in evaluation.figures],
        "levels": [_system(one) for one in evaluation.levels],
        "patients": [_system(one) for one in evaluation.patients],
        "subgroups": [_system(one) for one in evaluation.subgroups],
        "external_drop": [_drop(one) for one in evaluation.drops],
        "roc": [_curve(one) for one in evaluation.curves],
        "certainty": [certainty_json(one) for one in evaluation.certainties],
        "comparisons": [contest_json(one) for one in evaluation.contests],
        "graders": [companions_json(one) for one in evaluation.companions],
        "tables": [asdict(one) for one in tables],
        "checklists": [asdict(one) for one in lists],
    }


def _demographics(images: Iterable[CohortImage]) -> dict[str, Any]:
    parts: dict[str, list[CohortImage]] = {}
    for one in images:
        parts.setdefault(one.part, []).append(one)
    return {part: _finite(asdict(demographics(some))) for part, some in parts.items()}


def _finite(value: Any) -> Any:
    """JSON has no NaN: what is undefined is null."""
    if isinstance(value, dict):
        return {key: _finite(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _system(one: SystemFigures) -> dict[str, Any]:
    return {
        "system": one.system,
        "group": one.group,
        "images": one.images,
        "patients": one.patients,
        "coverage": asdict(one.coverage),
        "figures": {name: estimate_json(found) for name, found in one.figures.items()},
        "wilson_by_patient": {name: estimate_json(found) for name, found in one.shares.items()},
        "by_formula": {
            name: {
                "independent": estimate_json(found.independent),
                "clustered": estimate_json(found.clustered),
            }
            for name, found in one.formulas.items()
        },
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


def _drop(one: Drop) -> dict[str, Any]:
    return {
        "system": one.system,
        "figure": one.figure,
        "internal": estimate_json(one.internal),
        "external": estimate_json(one.external),
        "difference": estimate_json(one.difference),
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
        "auc": estimate_json(one.area),
        "false_positive_rate_and_sensitivity": _finite(np.round(points, 6).tolist()),
    }
