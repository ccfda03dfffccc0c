"""Graders beside each other as plain data."""

from __future__ import annotations

import json
import math
from dataclasses import replace

from tests.evaluation.report.usual import with_readers

from lumbargrade.evaluation.measures.comparison import McNemar
from lumbargrade.evaluation.report.json_graders import agreement_json, comparison_json


def test_a_contest_keeps_both_sides_and_their_difference() -> None:
    one = with_readers().comparisons[0]
    data = comparison_json(one)
    json.dumps(data, allow_nan=False)
    assert (data["first"], data["second"], data["system"]) == ("net 1", "Ann", "LDH")
    assert data["figures"].keys() == one.comparison.figures.keys()
    found = one.comparison.figures["accuracy"]
    assert data["figures"]["accuracy"]["difference"]["value"] == round(found.difference.value, 6)
    assert data["first_alone_graded"] == one.comparison.first_only
    assert data["figures"]["auc_marked"]["second"]["value"] is None  # a reader has none


def test_mcnemar_has_four_digits_or_null() -> None:
    one = with_readers().comparisons[0]
    tests = {
        "exact": McNemar(9, 2, 4.4545454545, 0.0348123),
        "any": McNemar(0, 0, math.nan, math.nan),
    }
    data = comparison_json(replace(one, comparison=replace(one.comparison, tests=tests)))["mcnemar"]
    assert data == {
        "exact": {
            "first_alone_right": 9,
            "second_alone_right": 2,
            "statistic": 4.454545,
            "p_value": 0.03481,
        },
        "any": {
            "first_alone_right": 0,
            "second_alone_right": 0,
            "statistic": None,
            "p_value": None,
        },
    }


def test_companions_keep_every_pair_and_the_model_beside_the_readers() -> None:
    one = with_readers().agreements[0]
    data = agreement_json(one)
    json.dumps(data, allow_nan=False)
    assert [pair["graders"] for pair in data["pairs"]] == [list(p.readers) for p in one.pairs]
    (beside,), (among,) = data["model_beside_readers"], one.beside
    assert beside["readers"] == ["Ann", "Bob"]
    assert (beside["images"], beside["patients"]) == (among.images, among.patients)
    for row in among.rows:
        assert beside["coefficients"][row.name]["readers"]["value"] == round(row.readers.value, 6)
    chance = data["pairs"][0]["chance"]
    assert chance["ac1"] == round(one.pairs[0].chance["ac1"], 6)
    assert chance["kappa"] == 0
