"""Page, PDF, JSON and CSV of one comparison say the same."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest
from tests.evaluation.undrawn import draw_nothing
from tests.external.world import evaluated

from lumbargrade.external.write import write_external


def test_the_files_say_the_same(tmp_path: Path) -> None:
    paths = write_external(evaluated(), tmp_path)
    assert all(path.is_file() for path in paths)
    page = (tmp_path / "report.html").read_text("utf-8")
    assert "LCCS 0, 1 -&gt; normal or mild" in page
    assert "within 6 mm of the mark" in page
    data = json.loads((tmp_path / "crosswalk.json").read_text("utf-8"))
    canal, recess = data["comparisons"]
    assert (canal["merged"], canal["left_out"]) == (
        [0, 0, 1, 2],
        {"no disc slice near the mark": 1},
    )
    assert recess["groups"][0]["labels"] == 48
    with (tmp_path / "crosswalk.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    (area,) = (
        one for one in rows
        if (one["comparison"], one["group"], one["figure"])
        == ("RSNACANAL / LCCS", "all levels", "auc_1")
    )  # fmt: skip
    assert float(area["value"]) == canal["groups"][0]["order"]["auc_1"]["value"]
    recalls = [one for one in rows if one["figure"] == "recall" and one["group"] == "all levels"]
    assert [one["severity"] for one in recalls] == ["normal or mild", "moderate", "severe"] * 2


def test_a_simulated_cohort_is_called_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    draw_nothing(monkeypatch)
    material = replace(evaluated().material, simulated=True)
    write_external(replace(evaluated(), material=material), tmp_path)
    assert "<title>Simulated cohort: net 1" in (tmp_path / "report.html").read_text("utf-8")
