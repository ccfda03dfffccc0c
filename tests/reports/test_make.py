"""From a table of reports to tables, whole or not at all."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from tests.reports.tables import LEVELS, NOTES

from lumbargrade.errors import CohortError
from lumbargrade.reports.make import make_report_tables


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    path = tmp_path / "notes.csv"
    path.write_text(NOTES, encoding="utf-8")
    return path


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_findings_labels_and_hints(notes: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    heard: list[tuple[int, int]] = []
    read, accuracy = make_report_tables(notes, out, progress=lambda *done: heard.append(done))
    assert [one.patient_id for one in read] == ["P1", "P2", "@P3"]
    assert accuracy is None
    assert heard == [(1, 3), (2, 3), (3, 3)]
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
    make_report_tables(notes, tmp_path / "out")
    for name in ("findings.csv", "weak_labels.csv"):
        cells = [cell for row in rows(tmp_path / "out" / name) for cell in row.values()]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
        assert any(cell.startswith("'=HYPERLINK") for cell in cells)


def test_against_a_person(notes: Path, tmp_path: Path) -> None:
    levels, out = tmp_path / "levels.csv", tmp_path / "out"
    levels.write_text(LEVELS, encoding="utf-8")
    _, found = make_report_tables(notes, out, levels)
    assert found is not None
    assert found.left_out == 1
    written = {(row["finding"], row["level"]): row for row in rows(out / "accuracy.csv")}
    row = written["any disc finding or compression", "all levels"]
    assert (row["reference"], row["found"], row["both"]) == ("1", "2", "1")
    assert float(row["precision"]) == 0.5
    assert [row["patient_id"] for row in rows(out / "disagreements.csv")] == ["P1"]
    assert [one.reading.patient_id for one in found.differing] == ["P1"]


def test_nothing_to_compare_leaves_nothing(notes: Path, tmp_path: Path) -> None:
    levels = tmp_path / "levels.csv"
    levels.write_text(LEVELS.splitlines()[0] + "\nP7,L4-L5,no,none\n", encoding="utf-8")
    with pytest.raises(CohortError, match="no level of --against belongs to a patient with a rep"):
        make_report_tables(notes, tmp_path / "out", levels)
    assert not (tmp_path / "out").exists()
