"""``lumbargrade evaluate``: what it prints, and what it needs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rich.console import Console
from tests.cli.calls import said_without
from tests.evaluation.graded import (
    QUICK,
    cohort_of,
    evaluate_quickly,
    graded_slice,
    sixteen_slices,
    study_of,
)
from tests.evaluation.measured import measured_slices, reader_rows, write_table
from tests.evaluation.undrawn import draw_nothing

from lumbargrade.cli.evaluation.evaluate import disc_lines, measure_tables, run
from lumbargrade.evaluation.match import match
from lumbargrade.evaluation.match_measures import with_measures
from lumbargrade.evaluation.measures.system_figures import figures_of
from lumbargrade.evaluation.records import ImageRecord
from lumbargrade.evaluation.results import evaluate_material
from lumbargrade.grading import grades_json


def test_from_files_to_the_report(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    slices = sixteen_slices()
    monkeypatch.setattr(
        "lumbargrade.evaluation.inputs.read_cohort", lambda folder: cohort_of(slices)
    )
    monkeypatch.setattr("lumbargrade.evaluation.evaluate.evaluate_material", evaluate_quickly)
    draw_nothing(monkeypatch)
    for part in (0, 1):
        folder = tmp_path / "predictions" / f"P{part}"
        folder.mkdir(parents=True)
        graded = [graded_slice(f"1.2.{i}", i % 4) for i in range(8 * part, 8 * part + 8)]
        grades_json.write(study_of(graded), folder)
    other = tmp_path / "predictions" / "P1"
    places = (tmp_path / "predictions", [tmp_path / "cohort"], tmp_path / "out")
    run(*places, None, [other], None, 0.05, False)
    printed = capsys.readouterr().out
    assert "report.html" in printed
    assert "LNRC" in printed
    assert "LDH, internal test: net 1 minus P1, AC1" in " ".join(printed.split())
    assert "No split was given (--split)" in printed
    assert "…" not in printed  # the table fits on a screen of 80 columns
    data = json.loads((tmp_path / "out" / "evaluation.json").read_text())
    assert data["model"] == "net 1"
    assert data["systems"][0]["figures"]["accuracy"]["value"] == 1.0
    written = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"evaluation.csv", "report.html", "report.pdf", "tables"} <= written


def test_discs_are_printed_with_the_names_of_their_grades() -> None:
    pairs = [(2, 2), (2, 3), (4, 4)]
    records = [
        ImageRecord(f"disc {n}", f"P{n}", "one", False, reference, predicted)
        for n, (reference, predicted) in enumerate(pairs)
    ]
    (line,) = disc_lines([figures_of(records, "PFIRRMANN", 5, "all discs", QUICK)])
    assert line.startswith("PFIRRMANN, 3 discs of 3 patients (all discs): linear kappa 0.67 (")
    assert "accuracy 0.67" in line
    assert line.endswith("majority .67, recall of grades 1 -, 2 -, 3 .50, 4 -, 5 1.0")


def test_measures_are_printed_for_every_two_who_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    slices = measured_slices()
    paths = [
        write_table(tmp_path / f"{who}.csv", reader_rows(slices, seed=seed))
        for seed, who in enumerate(("Ann", "Bob"))
    ]
    study = study_of(slices)
    material = with_measures(match([study], cohort_of(sixteen_slices())), [study], paths)
    console = Console(width=80)
    for table in measure_tables(evaluate_material(material, QUICK).measures):
        console.print(table)
    printed = capsys.readouterr().out
    for said in ("internal test: net 1 minus Ann", "external test: Ann minus Bob", "sac area, mm2"):
        assert said in printed
    assert "…" not in printed  # the tables fit on a screen of 80 columns
    assert measure_tables([]) == []


def test_without_matplotlib_the_extra_is_named(tmp_path: Path) -> None:
    said = said_without("matplotlib", "evaluate", tmp_path, tmp_path, "-o", tmp_path / "out")
    assert said.startswith("error: lumbargrade evaluate needs the 'report' extra")
