"""The cohort as a table: a row a grade, what is not known empty, in CSV and Parquet alike."""

from __future__ import annotations

import csv
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from lumbargrade.cohort.export.table import COLUMNS, corner_box, rows, write_csv, write_parquet
from lumbargrade.cohort.read import Cohort
from lumbargrade.errors import MissingExtraError


def test_a_row_a_grade_and_one_for_a_slice_without(cohort: Cohort) -> None:
    found = list(rows(cohort))
    graded = [(row["sop"], row.get("system"), row.get("side"), row.get("grade")) for row in found]
    assert graded == [
        ("1.2.1.1.2", "LDH", None, 2),
        ("1.2.1.1.2", "LCCS", None, 0),
        ("1.2.1.1.2", "LNRC", "left", 1),
        ("1.2.1.1.2", "LNRC", "right", None),
        ("1.2.2.1.4", "LCCS", None, 3),
        ("1.2.2.1.1", None, None, None),
    ]
    assert found[0]["file"] == "studies/case1/axial_t2/0002.dcm"
    assert found[0]["center_z_mm"] == 3.1235


def test_a_box_is_counted_from_the_corner_of_the_picture(cohort: Cohort) -> None:
    boxed, centred, _ = cohort.slices
    assert corner_box(boxed) == (10.0, 8.0, 20.0, 16.0)
    assert corner_box(centred) is None


def test_an_unknown_grade_is_an_empty_cell(cohort: Cohort, tmp_path: Path) -> None:
    with write_csv(cohort, tmp_path).open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        table = list(reader)
    assert reader.fieldnames == list(COLUMNS)
    assert [row["grade"] for row in table] == ["2", "0", "1", "", "3", ""]
    assert [row["x"] for row in table] == ["10.0"] * 4 + ["", ""]
    assert [row["center_column_px"] for row in table] == ["19.5"] * 4 + ["24.0", ""]


def test_no_cell_starts_a_formula(cohort: Cohort, tmp_path: Path) -> None:
    slices = tuple(replace(one, scanner="=HYPERLINK(1)") for one in cohort.slices)
    text = write_csv(replace(cohort, slices=slices), tmp_path).read_text("utf-8")
    assert ",'=HYPERLINK(1)," in text


def test_parquet_has_null_where_nothing_is_known(
    cohort: Cohort, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")
    table = parquet.read_table(write_parquet(cohort, tmp_path)).to_pylist()
    assert [row["grade"] for row in table] == [2, 0, 1, None, 3, None]
    assert [row["external"] for row in table] == [False] * 4 + [True, False]
    assert table[5]["level"] is None
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtraError, match="Parquet needs the 'cohort' extra"):
        write_parquet(cohort, tmp_path)
