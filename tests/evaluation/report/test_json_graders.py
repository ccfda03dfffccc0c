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
    beside = data["model_beside_readers"]
    assert beside.keys() == {row.name for row in one.beside}
    first = one.beside[0]
    assert beside[first.name]["readers"]["value"] == round(first.readers.value, 6)
