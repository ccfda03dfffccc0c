from __future__ import annotations

from pathlib import Path

import pytest

from lumbargrade.files.table import TextTable, write_csv


def test_a_row_has_a_cell_for_each_column() -> None:
    with pytest.raises(ValueError, match="flow: a row of 1 cells, not 2"):
        TextTable("flow", "Flow", ("a", "b"), (("x",),))


def test_names_out_of_files_are_no_formulas(tmp_path: Path) -> None:
    table = TextTable("flow", "Flow", ("a", "@reader"), (("=x", "-0.1 (-0.2 to +0.1)"),))
    path = write_csv(table, tmp_path)
    assert path == tmp_path / "flow.csv"
    assert path.read_bytes() == b"a,'@reader\r\n'=x,-0.1 (-0.2 to +0.1)\r\n"
