"""What the flow writes agrees with itself and names nobody but by pseudonym."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.archive.index_rows import study, table

from lumbargrade.archive.flow.files import figure_1, write_flow
from lumbargrade.archive.flow.flow import PatientFlow, patient_flow
from lumbargrade.archive.flow.rules import Rules, load_rules


@pytest.fixture
def rules() -> Rules:
    return load_rules("su2022")


@pytest.fixture
def flow(rules: Rules) -> PatientFlow:
    rows = table(
        study("A", 8, age_years=40, sex="M"),
        study("B", 8, age_years=60),
        study("C", 8, age_years=70),
        study("D", 8, plane="sagittal"),
    )
    return patient_flow(rows, rules, {"fracture": frozenset({"C"})})


def test_figure_1_is_that_of_the_flow(flow: PatientFlow) -> None:
    said = [one.get_text() for one in figure_1(flow).axes[0].texts]
    assert said.count("In the archive") == 1
    assert {"4 patients, 32 images", "Included", "2 patients, 16 images"} <= {*said}


def test_all_files_agree(flow: PatientFlow, rules: Rules, tmp_path: Path) -> None:
    write_flow(flow, rules, {"A": 3, "B": None, "C": 1}, tmp_path)
    data = json.loads((tmp_path / "flow.json").read_text())
    assert data["schema"] == "lumbargrade.flow/1"
    assert data["rules"] == "Su et al. 2022"
    assert data["archive"] == {"patients": 4, "images": 32}
    assert data["included"] == {"patients": 2, "images": 16}
    with (tmp_path / "flow.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert rows[0]["patients left"] == "4"
    assert [int(row["patients out"]) for row in rows[1:]] == [
        count["patients_out"] for count in data["counts"]
    ]
    with (tmp_path / "patients.csv").open(newline="") as stream:
        people = {row["patient"]: row for row in csv.DictReader(stream)}
    assert [people[name]["included"] for name in "ABCD"] == ["yes", "yes", "no", "no"]
    assert people["D"]["reason"] == "no axial slice"
    assert [people[name]["worst_grade"] for name in "ABCD"] == ["3", "", "1", ""]
    included = pq.read_table(tmp_path / "included.parquet")
    assert included.group_by("patient_id").aggregate([("worst_grade", "max")]).to_pylist() == [
        {"patient_id": "A", "worst_grade_max": 3},
        {"patient_id": "B", "worst_grade_max": None},
    ]
    with (tmp_path / "table-1.csv").open(newline="") as stream:
        column = {row[""]: row for row in csv.DictReader(stream)}
    assert column["Patients"]["included: this run"] == "2"
    assert column["Age"]["included: this run"] == "50 +/- 14 (40-60)"
    assert column["Women"]["excluded: this run"] == "1 (100.0 %)"
    assert (tmp_path / "rules.toml").read_text() == rules.text
    assert (tmp_path / "figure-1.svg").read_text().lstrip().startswith("<?xml")
    assert load_rules(str(tmp_path / "rules.toml")).rules == rules.rules
