"""Tables, and CSV as it is written: guarded, whole, and read back equal."""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbargrade.errors import CohortError
from lumbargrade.files.clean_text import cleaned
from lumbargrade.files.read_table import open_table
from lumbargrade.files.table import TextTable, write_csv, write_rows

CELLS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)


def test_cells_of_every_kind(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    rows = [("P;1", None, -1.5, True), ("=1", "\t2", 3, "-0.5 (no interval)")]
    write_rows(path, ("a", "=b", "c", "d"), rows)
    assert path.read_bytes() == (
        b"a,'=b,c,d\r\nP;1,,-1.5,True\r\n'=1,'\t2,3,-0.5 (no interval)\r\n"
    )
    write_rows(path, ("a",), [("x",)], line_end="\n")
    assert path.read_bytes() == b"a\nx\n"


def test_rows_that_fail_leave_nothing(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        write_rows(tmp_path / "t.csv", ("a",), ([1 / number] for number in (1, 0)))
    assert list(tmp_path.iterdir()) == []


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=5))
def test_what_is_written_is_read_back(rows: list[tuple[str, str, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "t.csv")
        write_rows(path, ("one", "two", "three"), rows)
        read = [tuple(cells) for _, cells in open_table(path, ("one",), CohortError).rows]
        with path.open(encoding="utf-8", newline="") as stream:
            cells = [cell for row in csv.reader(stream) for cell in row]
    clean = [tuple(map(cleaned, row)) for row in rows]
    assert read == [row for row in clean if any(cell.strip() for cell in row)]
    assert not [cell for cell in cells if cell.startswith(("=", "@", "\t", "\r"))]


def test_a_row_has_a_cell_for_each_column() -> None:
    with pytest.raises(ValueError, match="flow: a row of 1 cells, not 2"):
        TextTable("flow", "Flow", ("a", "b"), (("x",),))


def test_names_out_of_files_are_no_formulas(tmp_path: Path) -> None:
    table = TextTable("flow", "Flow", ("a", "@reader"), (("=x", "-0.1 (-0.2 to +0.1)"),))
    path = write_csv(table, tmp_path)
    assert path == tmp_path / "flow.csv"
    assert path.read_bytes() == b"a,'@reader\r\n'=x,-0.1 (-0.2 to +0.1)\r\n"
