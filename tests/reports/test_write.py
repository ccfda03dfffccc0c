"""The tables of read reports: a row a finding, formulas kept harmless, silence kept empty."""

from __future__ import annotations

import csv
from pathlib import Path

from lumbargrade.grading.level import Level
from lumbargrade.reports.accuracy import accuracies, compare
from lumbargrade.reports.csv import LevelReading
from lumbargrade.reports.labels import exclusion_hints, weak_labels
from lumbargrade.reports.reader import read_report
from lumbargrade.reports.write import (
    ACCURACY,
    DISAGREEMENT_COLUMNS,
    DISAGREEMENTS,
    EXCLUSIONS,
    FINDINGS,
    WEAK_LABELS,
    ReadReport,
    disagreement_cells,
    one_line,
    write,
    write_accuracy,
)

TEXT = "Left herniation at L4/5. No stenosis. Old fracture of L1."


def read(patient_id: str, text: str) -> ReadReport:
    findings = read_report(text)
    return ReadReport(
        patient_id, tuple(findings), tuple(weak_labels(findings)), tuple(exclusion_hints(findings))
    )


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_every_finding_is_a_row_with_its_sentence(tmp_path: Path) -> None:
    write([read("P1", TEXT)], tmp_path)
    found = rows(tmp_path / FINDINGS)
    herniation = next(row for row in found if row["finding"] == "herniation")
    assert herniation == {
        "patient_id": "P1",
        "level": "L4/L5",
        "finding": "herniation",
        "negated": "no",
        "certainty": "stated",
        "severity": "",
        "side": "left",
        "character": "0",
        "sentence": "Left herniation at L4/5",
    }
    assert {row["negated"] for row in found if row["finding"] == "stenosis"} == {"yes"}


def test_every_level_has_a_label_and_every_hint_a_row(tmp_path: Path) -> None:
    write([read("P1", TEXT), read("P2", "Bulge at L5/S1.")], tmp_path)
    labels = rows(tmp_path / WEAK_LABELS)
    assert [row["level"] for row in labels] == 2 * [str(level) for level in Level]
    by_level = {row["level"]: row for row in labels if row["patient_id"] == "P1"}
    assert by_level["L4/L5"]["herniation"] == "some"
    assert by_level["L4/L5"]["stenosis"] == "none"
    (hint,) = rows(tmp_path / EXCLUSIONS)
    assert (hint["patient_id"], hint["reason_hint"]) == ("P1", "fracture")


def test_a_formula_in_a_report_is_no_formula_in_the_table(tmp_path: Path) -> None:
    write([read("=HYPERLINK(1)", "=2+2 herniation at L4/5")], tmp_path)
    (row,) = rows(tmp_path / FINDINGS)
    assert row["patient_id"] == "'=HYPERLINK(1)"
    assert row["sentence"].startswith("'=2+2")


def test_a_text_is_one_line_that_steers_no_terminal() -> None:
    assert one_line(" bulge\r\n at\tL4/5 \x1b[31m\u2028red\x07 ") == "bulge at L4/5 [31m red"


def test_accuracy_and_disagreements_agree(tmp_path: Path) -> None:
    labels = {"P1": weak_labels(read_report(TEXT))}
    readings = [
        LevelReading("P1", Level.L4_L5, 0, 0),  # the report finds a herniation
        LevelReading("P1", Level.L5_S1, None, 2),
    ]
    compared = compare(readings, labels)
    found = accuracies(compared)
    write_accuracy(found, compared, tmp_path)
    table = rows(tmp_path / ACCURACY)
    assert [(row["finding"], row["level"]) for row in table] == [
        (one.finding, one.level) for one in found
    ]
    for row, one in zip(table, found, strict=True):
        assert int(row["both"]) == one.both
        if one.found == 0:
            assert row["precision"] == ""
    differing = rows(tmp_path / DISAGREEMENTS)
    assert tuple(differing[0]) == DISAGREEMENT_COLUMNS
    assert differing[0]["reference_significance"] == "no"
    assert tuple(differing[0].values()) == disagreement_cells(compared[0])
    assert all(row["reference_significance"] != "none" for row in differing)
