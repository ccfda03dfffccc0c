"""Graders beside each other as plain data: part of ``evaluation.json``."""

from __future__ import annotations

import math
from typing import Any

from lumbargrade.evaluation.measures.beside import BesideReaders
from lumbargrade.evaluation.measures.comparison import McNemar
from lumbargrade.evaluation.measures.graders import GraderAgreement, GraderComparison
from lumbargrade.evaluation.report.chance import levels_json
from lumbargrade.statistics.format_estimates import plain


def comparison_json(one: GraderComparison) -> dict[str, Any]:
    """Return two graders against the reference; what is undefined is null."""
    compared = one.comparison
    return {
        "part": one.part,
        "system": compared.system,
        "first": one.first,
        "second": one.second,
        "made_reference": {"first": one.made[0], "second": one.made[1]},
        "images": compared.images,
        "patients": compared.patients,
        "first_alone_graded": compared.first_only,
        "second_alone_graded": compared.second_only,
        "figures": plain(compared.figures),
        "mcnemar": {name: _mcnemar(test) for name, test in compared.tests.items()},
    }


def agreement_json(one: GraderAgreement) -> dict[str, Any]:
    """Return how well graders agree with each other."""
    return {
        "part": one.part,
        "system": one.system,
        "pairs": [
            {
                "graders": list(pair.readers),
                "images": pair.images,
                "patients": pair.patients,
                "coefficients": {row.name: plain(row.bootstrap) for row in pair.coefficients},
                "chance": levels_json(pair.chance),
            }
            for pair in one.pairs
        ],
        "model_beside_readers": [beside_json(among) for among in one.beside],
    }


def beside_json(among: BesideReaders) -> dict[str, Any]:
    """Return the model beside some readers on the images of all; what is undefined is null."""
    return {
        "readers": list(among.readers),
        "images": among.images,
        "patients": among.patients,
        "coefficients": {
            row.name: {
                "model": plain(row.model),
                "readers": plain(row.readers),
                "difference": plain(row.difference),
            }
            for row in among.rows
        },
    }


def _mcnemar(test: McNemar) -> dict[str, Any]:
    known = math.isfinite(test.p_value)
    return {
        "first_alone_right": test.first_only,
        "second_alone_right": test.second_only,
        "statistic": round(test.statistic, 6) if known else None,
        "p_value": float(f"{test.p_value:.4g}") if known else None,
    }
