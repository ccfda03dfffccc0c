"""``lumbargrade evaluate``: what it prints, and what it needs."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from tests.evaluation.graded import cohort_of, graded_slice, sixteen_slices, study_of

from lumbargrade.cli.evaluate import run
from lumbargrade.errors import MissingExtraError
from lumbargrade.grading import grades_json


def test_from_files_to_the_report(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    slices = sixteen_slices()
    monkeypatch.setattr(
        "lumbargrade.evaluation.evaluate.read_cohort", lambda folder: cohort_of(slices)
    )
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
    assert "LDH, internal test: net 1 less P1, AC1" in " ".join(printed.split())
    assert "No split was given (--split)" in printed
    assert "…" not in printed  # the table fits on a screen of 80 columns
    data = json.loads((tmp_path / "out" / "evaluation.json").read_text())
    assert data["model"] == "net 1"
    assert data["systems"][0]["figures"]["accuracy"]["value"] == 1.0
    written = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"evaluation.csv", "report.html", "report.pdf", "tables"} <= written


def test_without_matplotlib_the_extra_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.startswith("lumbargrade.")]:
        if ".figures" in name or ".evaluation." in name:
            monkeypatch.delitem(sys.modules, name)
    for name in ["matplotlib", *(name for name in sys.modules if name.startswith("matplotlib."))]:
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(MissingExtraError, match="lumbargrade evaluate needs the 'report' extra"):
        run(tmp_path, [tmp_path], tmp_path / "out", None, [], None, 0.05, False)
