"""The table of the slices that a patient flow included."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.archive.index_rows import study, table, write_included

from lumbargrade.archive.flow.included import INCLUDED_FILE, INCLUDED_TABLE, read_included
from lumbargrade.errors import CohortError


def test_a_table_reads_back(tmp_path: Path) -> None:
    rows = table(study("A", 2), study("B", 1))
    read = read_included(write_included(tmp_path, rows, [2, 2, None]))
    assert read.schema.names == INCLUDED_TABLE.names
    assert read["patient_id"].to_pylist() == ["A", "A", "B"]
    assert read["worst_grade"].to_pylist() == [2, 2, None]


def test_a_table_of_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / INCLUDED_FILE).write_text("no table")
    with pytest.raises(CohortError, match=r"included\.parquet: "):
        read_included(tmp_path)


def test_a_folder_without_a_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(CohortError, match=r"neither a cohort \(no cohort\.json\) nor a patient fl"):
        read_included(tmp_path)


def test_nobody_included_is_told(tmp_path: Path) -> None:
    write_included(tmp_path, table(), [])
    with pytest.raises(CohortError, match=r"no patient is included: see flow\.csv for the rules"):
        read_included(tmp_path)
