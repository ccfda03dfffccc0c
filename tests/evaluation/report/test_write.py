from __future__ import annotations

import csv
import itertools
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from tests.evaluation.material import QUICK, evaluation, material
from tests.evaluation.report.usual import with_measures
from tests.evaluation.undrawn import draw_nothing

from lumbargrade.evaluation.report.figures import measure_pictures
from lumbargrade.evaluation.report.write import write
from lumbargrade.evaluation.results import Evaluation, evaluate_material
from lumbargrade.figures.pdf import write_pdf

SHEETS = {
    *("table-1", "table-2", "table-3", "table-4", "agreement", "units", "grades"),
    *("dichotomies", "intervals", "coverage", "subgroups", "external-drop"),
    *("calibration", "asking", "sets"),
    *("checklist-claim-2024", "checklist-tripod-ai", "checklist-stard-ai"),
}


@pytest.fixture(scope="module")
def results() -> Evaluation:
    return evaluation(name="<i>net</i> 1")


@pytest.fixture(scope="module")
def folder(results: Evaluation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("report")
    paths = write(results, out)
    assert all(path.is_file() for path in paths)
    return out


def read_table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_every_table_is_there_as_csv(folder: Path) -> None:
    assert {path.stem for path in (folder / "tables").iterdir()} == SHEETS


def test_json_holds_the_figures_and_null_for_the_undefined(
    folder: Path, results: Evaluation
) -> None:
    text = (folder / "evaluation.json").read_text(encoding="utf-8")
    data = json.loads(text)
    assert "NaN" not in text
    assert data["schema"] == "lumbargrade.evaluation/5"
    assert data["simulated"] is True
    first, kept = data["systems"][0], results.figures[0]
    assert first["figures"]["ac1"]["value"] == round(kept.figures["ac1"].value, 6)
    assert first["table"]["counts"] == [list(row) for row in kept.table]
    assert [len(data[key]) for key in ("systems", "levels", "patients")] == [6, 6, 6]
    assert data["flow"]["parts"][0] == {
        "name": "train and validation",
        "patients": 2,
        "images": 12,
    }
    assert {one["name"] for one in data["tables"]} <= SHEETS
    assert len(data["external_drop"]) == 3 * 6


def test_the_curve_in_the_json_keeps_its_area(folder: Path, results: Evaluation) -> None:
    """Only corners are written; the area under them is that of all points."""
    for one in json.loads((folder / "evaluation.json").read_text())["roc"]:
        points = one["false_positive_rate_and_sensitivity"]
        steps = itertools.pairwise(points)
        area = sum((x2 - x1) * (y1 + y2) / 2 for (x1, y1), (x2, y2) in steps)
        assert area == pytest.approx(one["auc"]["value"], abs=1e-4)
        assert (points[0], points[-1]) == ([0, 0], [1, 1])


def test_csv_says_the_same(folder: Path, results: Evaluation) -> None:
    rows = read_table(folder / "evaluation.csv")
    ac1 = next(row for row in rows if row["figure"] == "ac1")
    assert float(ac1["value"]) == pytest.approx(results.figures[0].figures["ac1"].value, abs=1e-6)
    assert ac1["patients"] == "10"
    assert sum(row["figure"] == "recall" for row in rows) == 6 * 4


def test_the_article_stands_beside_the_run(folder: Path, results: Evaluation) -> None:
    rows = {(row["system"], row["grade"]): row for row in read_table(folder / "tables/table-4.csv")}
    lccs = rows["LCCS", "2"]
    assert lccs["precision: Su et al. 2022"] == "9.1"
    one = results.of_part("external test")["LCCS"]
    assert lccs["precision: this run"] == f"{100 * one.grades[2].precision.value:.1f}"
    assert rows["LDH", "all"]["k: Su et al. 2022"] == "0.67"
    assert rows["LDH", "all"]["k: this run"] == f"{one.figures['ac1'].value:.2f}"


def test_page_is_self_contained_and_escaped(folder: Path) -> None:
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "<h1>Simulated cohort: evaluation of &lt;i&gt;net&lt;/i&gt; 1</h1>" in page
    assert "<i>net</i>" not in page
    for said in ("Research use only, not a medical device", "TO FILL", "Su et al. 2022"):
        assert said in page
    sources = re.findall(r'src="([^"]{1,30})', page)
    assert len(sources) == 4 + 2
    assert all(source.startswith("data:image/svg+xml;base64,") for source in sources)
    for outside in ("http://", "https://", "<script", "<link", "@import"):
        assert outside not in page


def test_pdf_has_a_page_for_each_figure_and_vector_text(folder: Path) -> None:
    raw = (folder / "report.pdf").read_bytes()
    assert raw.startswith(b"%PDF")
    assert len(re.findall(rb"/Type /Page\b", raw)) > 4 + 2 + 1
    # The shades of a confusion matrix are the only picture that is not drawn.
    assert raw.count(b"/Subtype /Image") <= 4 * 3 * 2


def test_a_real_cohort_is_not_called_simulated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw_nothing(monkeypatch)
    made = evaluation(internal=2, external=0, learnt=0)
    real = replace(made, material=replace(made.material, simulated=False, cohort="cohort c"))
    write(real, tmp_path)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<h1>Evaluation of" in page
    for name in ("report.html", "report.pdf"):
        assert "Simulated" not in (tmp_path / name).read_text(encoding="utf-8"), name


def test_one_patient_with_one_grade_and_a_constant_model_is_a_whole_report(
    tmp_path: Path,
) -> None:
    """The least that every figure must show; twice, with the same bytes."""
    made = material(internal=1, external=0, learnt=0)
    sure = [
        replace(one, reference=1, predicted=0, probabilities=(1.0, 0.0, 0.0, 0.0), grade_set=(0,))
        for one in made.records["LDH"]
    ]
    found = evaluate_material(replace(made, records={"LDH": sure}), QUICK)
    again = tmp_path / "again"
    again.mkdir()
    for path in write(found, tmp_path):
        assert path.is_file()
    for path in write(found, again):
        assert path.read_bytes() == (tmp_path / path.relative_to(again)).read_bytes(), path.name
    text = (tmp_path / "evaluation.json").read_text(encoding="utf-8")
    assert "NaN" not in text
    (doubt,) = json.loads(text)["certainty"]
    assert doubt["calibration"]["brier"]["value"] == 2.0
    assert doubt["calibration"]["brier"]["low"] is None
    assert doubt["referral"]["asked"] == 1.0
    assert doubt["referral"]["error"]["value"] is None


def test_measures_stand_in_page_print_and_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        draw_nothing(patch)
        write(with_measures(), tmp_path)
    rows = read_table(tmp_path / "tables" / "measure-agreement.csv")
    assert [row["measure"] for row in rows[:2]] == ["line 0", "line 1"]
    assert {row["second"] for row in rows} == {"Ann"}
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "Agreement of measures" in page
    assert len(re.findall(r'src="data:image/svg', page)) == 4 + 2 + 4
    printed = (tmp_path / "report.pdf").read_text(encoding="utf-8")
    assert "Bland-Altman: net 1 minus Ann, internal test (continued)" in printed
    pictures = measure_pictures(with_measures().measures)
    write_pdf(tmp_path / "measures.pdf", "t", [], pictures[1::2])
    raw = (tmp_path / "measures.pdf").read_bytes()
    assert len(re.findall(rb"/Type /Page\b", raw)) == 1 + 2
