"""Published counts as files."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from tests.evaluation.matrix.su2022 import claims_of_the_article, figures_of_the_article

from lumbargrade.evaluation.matrix.check import check_claims
from lumbargrade.evaluation.matrix.write import write_matrices


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("matrix")
    figures = figures_of_the_article()
    checked = check_claims(claims_of_the_article(), figures)
    paths = write_matrices(list(figures.values()), checked, "counts & claims.csv", folder)
    assert sorted(paths) == sorted(path for path in folder.rglob("*") if path.is_file())
    return folder


def test_data_and_csv_say_the_same(written: Path) -> None:
    data = json.loads((written / "matrix.json").read_text(encoding="utf-8"))
    assert data["schema"] == "lumbargrade.matrix/1"
    with (written / "matrix.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    expected = [
        (system["system"], one["figure"], one["grade"] or "", one["value"])
        for system in data["systems"]
        for one in system["figures"]
    ]
    found = [
        (row["system"], row["figure"], row["grade"], float(row["value"]) if row["value"] else None)
        for row in rows
    ]
    assert found == expected
    chance = {row["system"]: row["chance"] for row in rows if row["figure"] == "ac1"}
    for system in data["systems"]:
        assert float(chance[system["system"]]) == system["chance"]["ac1"]
    verdicts = [one["verdict"] for one in data["claims"]]
    assert verdicts.count("fits") == len(verdicts) - 2


def test_page_and_pdf_hold_the_tables(written: Path) -> None:
    page = (written / "report.html").read_text(encoding="utf-8")
    assert "<title>Confusion matrix: counts &amp; claims.csv</title>" in page
    assert "88 of 90 printed figures fit the counts." in page
    assert "no share of 108 images is 9.1 %" in page
    assert "Front Endocrinol" not in page  # another paper's counts are not that article's
    assert "Confusion matrices (2)" in page
    assert (written / "report.pdf").read_bytes().startswith(b"%PDF")
