from __future__ import annotations

import pytest

from lumbargrade.evaluation.report.tables.rows import table_of


def test_headings_are_those_of_the_first_row_whatever_the_order_of_the_others() -> None:
    table = table_of("t", "Title", [{"a": "1", "b": "2"}, {"b": "4", "a": "3"}], "note")
    assert table.columns == ("a", "b")
    assert table.rows == (("1", "2"), ("3", "4"))
    assert (table.name, table.title, table.note) == ("t", "Title", "note")


def test_a_row_without_a_cell_is_no_row() -> None:
    with pytest.raises(KeyError, match="b"):
        table_of("t", "Title", [{"a": "1", "b": "2"}, {"a": "3"}])
