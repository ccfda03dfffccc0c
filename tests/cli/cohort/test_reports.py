"""``lumbargrade cohort reports`` from a table to tables."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.reports.tables import LEVELS, NOTES
from typer.testing import CliRunner, Result

from lumbargrade.cli.main import app


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    path = tmp_path / "notes.csv"
    path.write_text(NOTES, encoding="utf-8")
    return path


def invoke(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["cohort", "reports", *map(str, arguments)])


def test_against_a_person(notes: Path, tmp_path: Path) -> None:
    levels, out = tmp_path / "levels.csv", tmp_path / "out"
    levels.write_text(LEVELS, encoding="utf-8")
    done = invoke(notes, "-o", out, "--against", levels)
    assert done.exit_code == 0, done.output
    assert "marked compression" in done.stdout
    assert "1 levels left out" in done.stdout
    assert "P1 L4/L5: manual no / none, software marked / bulge yes (stated)" in done.stdout
    assert "    L4-L5: left paracentral protrusion, compressing the thecal sac" in done.stdout
    assert "3 reports; 1 with a possible reason for exclusion" in done.stdout
    assert done.stdout.endswith(f"Labels: {out / 'weak_labels.csv'}\n")


def test_nothing_to_compare_is_one_line_and_leaves_nothing(notes: Path, tmp_path: Path) -> None:
    levels = tmp_path / "levels.csv"
    levels.write_text(LEVELS.splitlines()[0] + "\nP7,L4-L5,no,none\n", encoding="utf-8")
    done = invoke(notes, "-o", tmp_path / "out", "--against", levels)
    assert done.exit_code == 2
    assert "error: no level of --against belongs to a patient with a report" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_columns_by_name_and_a_wrong_one(tmp_path: Path) -> None:
    path = tmp_path / "notes.csv"
    path.write_text("case,words\nP1,bulge at L4/5\n", encoding="utf-8")
    done = invoke(
        path, "-o", tmp_path / "out", "--patient-column", "case", "--text-column", "words"
    )
    assert done.exit_code == 0, done.output
    done = invoke(path, "-o", tmp_path / "other")
    assert done.exit_code == 2
    assert done.stderr.startswith(f"error: {path}: no column patient_id: ")


def test_help_shows_an_example() -> None:
    text = CliRunner().invoke(app, ["cohort", "reports", "--help"]).stdout
    assert "lumbargrade cohort reports NOTES.csv -o OUT --against LEVELS.csv" in text
    assert "manual review; no patient is excluded here" in text.replace("\n", " ").replace(
        "  ", " "
    )
