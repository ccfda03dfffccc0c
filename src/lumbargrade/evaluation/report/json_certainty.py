"""A model's doubt as plain data: part of ``evaluation.json``."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from lumbargrade.evaluation.measures.certainty import Calibration, Certainty
from lumbargrade.statistics.format_estimates import plain
from lumbargrade.statistics.selective import RiskCurve
from lumbargrade.statistics.set_coverage import SetCoverage

CURVE_POINTS = 101
"""Points of a risk curve that are written: one for each percent that is asked."""


def certainty_json(one: Certainty) -> dict[str, Any]:
    """Return plain data; what is undefined, or not known, is null."""
    referral = one.referral
    return {
        "system": one.system,
        "part": one.part,
        "images": one.images,
        "patients": one.patients,
        "calibration": _calibration(one.after),
        "calibration_before_temperature": _calibration(one.before) if one.before else None,
        "sets": [_coverage(row) for row in one.sets],
        "risk_curve_asked_and_error": _points(one.curve),
        "referral": {
            "error_limit": referral.limit,
            "asked": round(referral.asked, 6),
            "doubt": round(referral.doubt, 6) if math.isfinite(referral.doubt) else None,
            "error": plain(referral.error),
        },
        "cut_of_the_internal_set": plain(one.elsewhere),
        "asked_by_set": plain(one.by_set),
    }


def _calibration(one: Calibration) -> dict[str, Any]:
    return {
        "brier": plain(one.brier),
        "expected_calibration_error": round(one.error, 6),
        "bins": [
            {
                "low": each.low,
                "high": each.high,
                "images": each.count,
                "confidence": round(each.confidence, 6) if each.count else None,
                "right": round(each.right, 6) if each.count else None,
            }
            for each in one.bins
        ],
    }


def _coverage(row: SetCoverage) -> dict[str, Any]:
    return {
        "group": row.group,
        "images": row.images,
        "patients": row.patients,
        "coverage_by_patient": plain(row.by_patient),
        "coverage_by_image": plain(row.by_image),
        "mean_size": round(row.mean_size, 6) if row.images else None,
        "asked": plain(row.asked),
    }


def _points(curve: RiskCurve) -> list[list[float]]:
    """The last point of the curve at or before each percent; the first is always there."""
    asked = np.linspace(0, 1, CURVE_POINTS)
    place = np.unique(np.searchsorted(curve.asked, asked, side="right") - 1)
    points = np.column_stack([curve.asked[place], curve.error[place]])
    rounded: list[list[float]] = np.round(points, 6).tolist()
    return rounded
