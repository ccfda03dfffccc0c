"""A model's doubt as plain data."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from tests.evaluation.report.usual import usual

from lumbargrade.evaluation.report.json_certainty import CURVE_POINTS, certainty_json


def test_every_figure_of_the_doubt_is_kept() -> None:
    one = usual().certainties[0]
    data = certainty_json(one)
    json.dumps(data, allow_nan=False)
    assert (data["system"], data["part"], data["images"]) == (one.system, one.part, one.images)
    assert data["calibration"]["brier"]["value"] == round(one.after.brier.value, 6)
    assert data["referral"]["asked"] == round(one.referral.asked, 6)
    assert [row["group"] for row in data["sets"]] == [row.group for row in one.sets]


def test_an_empty_bin_has_no_confidence() -> None:
    bins = certainty_json(usual().certainties[0])["calibration"]["bins"]
    for one in bins:
        assert (one["confidence"] is None) == (one["images"] == 0) == (one["right"] is None)
    assert sum(one["images"] for one in bins) == usual().certainties[0].images


def test_the_curve_has_a_point_for_each_percent_at_most() -> None:
    one = usual().certainties[0]
    points = certainty_json(one)["risk_curve_asked_and_error"]
    assert 2 <= len(points) <= CURVE_POINTS
    assert points[0] == pytest.approx([0.0, float(one.curve.error[0])], abs=1e-6)
    asked = [point[0] for point in points]
    assert asked == sorted(set(asked))
    assert set(asked) <= {round(float(value), 6) for value in one.curve.asked}


def test_what_is_not_known_is_null() -> None:
    one = usual().certainties[0]
    data = certainty_json(replace(one, before=None, by_set=None, elsewhere=None))
    assert data["calibration_before_temperature"] is None
    assert data["asked_by_set"] is None
    assert data["cut_of_the_internal_set"] is None
    endless = replace(one.referral, doubt=float("inf"))
    assert certainty_json(replace(one, referral=endless))["referral"]["doubt"] is None
