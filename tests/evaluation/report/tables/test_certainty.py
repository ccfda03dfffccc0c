"""Tables of a model's doubt, against the figures that they print."""

from __future__ import annotations

from dataclasses import replace

from tests.evaluation.report.usual import rows_of, usual

from lumbargrade.evaluation.report.tables.certainty import (
    asking_table,
    calibration_table,
    certainty_tables,
    sets_table,
)
from lumbargrade.statistics.format_estimates import show


def test_without_doubt_or_sets_there_is_no_table_of_them() -> None:
    found = usual().certainties
    assert certainty_tables([]) == []
    names = ["calibration", "asking", "sets"]
    assert [table.name for table in certainty_tables(found)] == names
    without = [replace(one, sets=(), by_set=None) for one in found]
    assert [table.name for table in certainty_tables(without)] == names[:2]


def test_calibration_has_three_decimals_and_says_what_it_does_not_know() -> None:
    found = usual().certainties
    row = rows_of(calibration_table(found))[0]
    brier = found[0].after.brier
    assert row["Brier score"] == f"{brier.value:.3f} ({brier.low:.3f} to {brier.high:.3f})"
    assert row["calibration error"] == f"{found[0].after.error:.3f}"
    unknown = rows_of(calibration_table([replace(found[0], before=None)]))[0]
    assert unknown["Brier score before"] == unknown["calibration error before"] == "not known"


def test_sets_have_a_row_for_all_and_for_each_grade() -> None:
    found = usual().certainties[0]
    rows = rows_of(sets_table([found]))
    assert [row["images of"] for row in rows] == [one.group for one in found.sets]
    assert rows[0]["images of"] == "all"
    assert rows[0]["holds the true grade, by patient"] == show(found.sets[0].by_patient)
    assert rows[0]["grades in a set"] == f"{found.sets[0].mean_size:.2f}"


def test_every_rule_to_ask_has_a_row() -> None:
    internal = usual().certainties[0]
    rows = rows_of(asking_table([internal]))
    assert [row["referred for review if"] for row in rows] == [
        f"uncertainty cut-off for under {100 * internal.referral.limit:g} %",
        "the set spans 1 and 2, or 3 grades",
    ]
    external = next(one for one in usual().certainties if one.elsewhere is not None)
    rules = [row["referred for review if"] for row in rows_of(asking_table([external]))]
    assert rules[1] == "the cut-off of the internal set"
    assert rows[0]["images referred"] == f"{internal.referral.asked:.1%}"
    assert rows[0]["error without review"] == f"{internal.curve.error[0]:.3f}"
