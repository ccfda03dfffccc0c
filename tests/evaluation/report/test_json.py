"""The evaluation as plain data: every figure, null for what is undefined."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from tests.evaluation.report.usual import usual, with_measures

from lumbargrade.evaluation.report.json import SCHEMA, as_json
from lumbargrade.files.table import TextTable
from lumbargrade.statistics.bootstrap import Estimate
from lumbargrade.statistics.roc import RocCurve, roc_curve


def test_it_is_plain_data_with_everything_in_it() -> None:
    table = TextTable("t", "T", ("a",), (("1",),))
    data = as_json(usual(), [table], [])
    text = json.dumps(data, allow_nan=False)
    assert json.loads(text)["schema"] == SCHEMA == "lumbargrade.evaluation/5"
    assert data["tables"][0]["name"] == "t"
    assert data["intervals"] == {
        "kind": "Student's t over patients, error from resamples; shares: Wilson, by patient",
        "resamples": usual().options.resamples,
        "confidence": 0.95,
    }
    assert len(data["systems"]) == len(usual().figures)


def test_the_figures_of_a_system() -> None:
    one, data = usual().figures[0], as_json(usual(), [], [])["systems"][0]
    assert (data["system"], data["group"], data["images"]) == (one.system, one.group, one.images)
    assert data["figures"]["ac1"]["value"] == round(one.figures["ac1"].value, 6)
    found = data["by_formula"]["kappa_linear"]["clustered"]
    assert found["low"] == round(one.formulas["kappa_linear"].clustered.low, 6)
    assert [row["grade"] for row in data["grades"]] == [0, 1, 2, 3]
    assert np.array_equal(data["table"]["counts"], one.table)


def test_what_is_undefined_is_null() -> None:
    nan = Estimate(float("nan"), float("nan"), float("nan"))
    one = usual().figures[0]
    changed = replace(one, figures={**one.figures, "ac1": nan})
    data = as_json(replace(usual(), figures=(changed,)), [], [])
    assert data["systems"][0]["figures"]["ac1"] == {
        "value": None,
        "low": None,
        "high": None,
        "undefined_resamples": 0,
    }


def test_points_on_a_straight_line_are_left_out() -> None:
    score = np.linspace(0, 1, 40)
    curve: RocCurve = roc_curve(np.arange(40) >= 20, score)  # all positives above all negatives
    one = replace(usual().curves[0], curve=curve)
    (data,) = as_json(replace(usual(), curves=(one,)), [], [])["roc"]
    points = data["false_positive_rate_and_sensitivity"]
    assert points == [pytest.approx(each) for each in ([0, 0], [0, 1], [1, 1])]


def test_demographics_are_of_patients_by_part() -> None:
    found = as_json(usual(), [], [])["demographics"]
    assert found["internal test"]["patients"] == 10
    assert found["external test"]["patients"] == 4


def test_measures_are_there_where_they_were_compared() -> None:
    assert "measures" not in as_json(usual(), [], [])
    data = as_json(with_measures(), [], [])["measures"]
    assert [one["part"] for one in data] == ["internal test"] * 10 + ["external test"] * 10
    assert data[0]["figures"]["bias"]["value"] is not None
