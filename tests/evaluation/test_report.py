from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from lumbargrade.evaluation.intervals import Estimate
from lumbargrade.evaluation.records import ImageRecord
from lumbargrade.evaluation.report import Evaluation, show, write
from lumbargrade.evaluation.tables import Options, figures_of


@pytest.fixture
def evaluation() -> Evaluation:
    records = [
        ImageRecord(
            str(i),
            f"P{i // 2}",
            "s",
            False,
            i % 3,
            i % 3,
            tuple(1.0 if grade == i % 3 else 0.0 for grade in range(4)),
        )
        for i in range(12)
    ]
    figures = figures_of(records, "LDH", 4, "<b>all</b>", Options(resamples=50))
    return Evaluation("<i>model</i> 1", "a cohort", (figures,), 50, 0.95, ("A note.",))


def test_json_holds_every_figure_and_null_for_the_undefined(
    evaluation: Evaluation, tmp_path: Path
) -> None:
    write(evaluation, tmp_path)
    data = json.loads((tmp_path / "evaluation.json").read_text())
    system = data["systems"][0]
    assert data["schema"] == "lumbargrade.evaluation/1"
    assert system["figures"]["ac1"]["value"] == 1.0
    assert system["grades"][3]["recall"]["value"] is None
    assert system["grades"][0]["images"] == 4
    assert system["table"]["counts"][0] == [4, 0, 0, 0]
    assert system["wilson_by_patient"]["sensitivity_marked"]["value"] == 1.0
    assert system["figures"]["f1_macro"]["value"] == 1.0
    assert data["notes"] == ["A note."]


def test_csv_says_the_same(evaluation: Evaluation, tmp_path: Path) -> None:
    write(evaluation, tmp_path)
    with (tmp_path / "evaluation.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    ac1 = next(row for row in rows if row["figure"] == "ac1")
    assert (float(ac1["value"]), ac1["patients"]) == (1.0, "6")
    undefined = next(row for row in rows if (row["figure"], row["grade"]) == ("recall", "3"))
    assert (undefined["value"], undefined["images"]) == ("", "0")


def test_page_is_self_contained_and_escaped(evaluation: Evaluation, tmp_path: Path) -> None:
    write(evaluation, tmp_path)
    page = (tmp_path / "evaluation.html").read_text()
    assert "&lt;i&gt;model&lt;/i&gt; 1" in page
    assert "<b>all</b>" not in page
    assert "Gwet AC1" in page
    assert "not defined" in page
    assert "Research use only" in page
    for outside in ("http://", "https://", "<script", "src="):
        assert outside not in page


def test_show() -> None:
    nan = float("nan")
    assert show(Estimate(0.5, nan, nan)) == "0.50 (no interval)"
    assert show(Estimate(nan, nan, nan)) == "not defined"
    assert show(Estimate(0.812, 0.79, 0.831)) == "0.81 (0.79 to 0.83)"
    assert show(Estimate(-0.001, -0.016, 0.004)) == "0.00 (-0.02 to 0.00)"
