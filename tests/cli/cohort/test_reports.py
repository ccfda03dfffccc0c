"""``lumbargrade cohort reports`` from a table to tables."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from lumbargrade.cli.main import app

NOTES = """patient_id,note
P1,"L4-L5: left paracentral protrusion, compressing the thecal sac. [red]Screws[/red] at L3/4."
P2,"=HYPERLINK(""x"") bulge at L5/S1.
No herniation."
@P3,No disc herniation or fracture.
"""
LEVELS = """patient_id,level,clinical_significance,bulge
P1,L4-L5,no,none
P2,L5-S1,mild,mild bulge
@P3,L4-L5,no,none
P9,L4-L5,no,none
"""


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    path = tmp_path / "notes.csv"
    path.write_text(NOTES, encoding="utf-8")
    return path


def invoke(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["cohort", "reports", *map(str, arguments)])


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_findings_labels_and_hints(notes: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = invoke(notes, "-o", out)
    assert done.exit_code == 0, done.output
    assert "3 reports; 1 with a possible reason for exclusion" in done.stdout
    names = {path.name for path in out.iterdir()}
    assert names >= {"findings.csv", "weak_labels.csv", "exclusions.csv"}
    assert not names & {"accuracy.csv", "disagreements.csv"}

    first = rows(out / "findings.csv")[0]
    assert (first["level"], first["finding"], first["side"]) == ("L4/L5", "herniation", "left")
    assert (first["negated"], first["certainty"], first["character"]) == ("no", "stated", "0")

    labels = rows(out / "weak_labels.csv")
    assert len(labels) == 3 * 5
    assert labels[3]["severity"] == "marked"
    assert labels[-1]["basis"] == "denied"

    (hint,) = rows(out / "exclusions.csv")
    assert (hint["patient_id"], hint["reason_hint"]) == ("P1", "surgery")
    assert hint["sentence"] == "[red]Screws[/red] at L3/4"


def test_no_cell_is_a_formula(notes: Path, tmp_path: Path) -> None:
    invoke(notes, "-o", tmp_path / "out")
    for name in ("findings.csv", "weak_labels.csv"):
        cells = [cell for row in rows(tmp_path / "out" / name) for cell in row.values()]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
        assert any(cell.startswith("'=HYPERLINK") for cell in cells)


def test_against_a_person(notes: Path, tmp_path: Path) -> None:
    levels, out = tmp_path / "levels.csv", tmp_path / "out"
    levels.write_text(LEVELS, encoding="utf-8")
    done = invoke(notes, "-o", out, "--against", levels)
    assert done.exit_code == 0, done.output
    assert "marked compression" in done.stdout
    assert "1 levels left out" in done.stdout
    assert "P1 L4/L5: manual no / none, software marked / bulge yes (stated)" in done.stdout
    assert "    L4-L5: left paracentral protrusion, compressing the thecal sac" in done.stdout
    found = {(row["finding"], row["level"]): row for row in rows(out / "accuracy.csv")}
    row = found["any disc finding or compression", "all levels"]
    assert (row["reference"], row["found"], row["both"]) == ("1", "2", "1")
    assert float(row["precision"]) == 0.5
    assert [row["patient_id"] for row in rows(out / "disagreements.csv")] == ["P1"]


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
