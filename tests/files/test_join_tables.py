from __future__ import annotations

import csv
from pathlib import Path

import pytest

from lumbargrade.files.join_tables import Part, join_tables
from lumbargrade.files.table import write_rows


def _part(folder: Path, name: str, columns: tuple[str, ...], *rows: tuple[object, ...]) -> Part:
    path = folder / f"{name.strip('=')}.csv"
    write_rows(path, columns, rows)
    return Part(name, path)


def _read(path: Path) -> list[list[str]]:
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.reader(stream))


def test_rows_come_below_each_other_under_their_columns(tmp_path: Path) -> None:
    one = _part(tmp_path, "A", ("x", "y", "p0"), ("1", "2", "0.5"), ("3", 'a "b",\nc', "1"))
    two = _part(tmp_path, "B", ("y", "x", "p1", "p0"), ("5", "4", "0.25", "0.75"))
    join_tables(tmp_path / "all.csv", (one, two), ("name", "x", "y"), [{"name": "C", "x": "9"}])
    assert _read(tmp_path / "all.csv") == [
        ["name", "x", "y", "p0", "p1"],
        ["A", "1", "2", "0.5", ""],
        ["A", "3", 'a "b",\nc', "1", ""],
        ["B", "4", "5", "0.75", "0.25"],
        ["C", "9", "", "", ""],
    ]


def test_cells_stay_guarded_as_they_were_and_names_are_guarded(tmp_path: Path) -> None:
    part = _part(tmp_path, "=A", ("x",), ("=1+1",))
    join_tables(tmp_path / "all.csv", [part], ("name", "x"), [{"name": "@B", "x": "+a"}])
    assert _read(tmp_path / "all.csv")[1:] == [["'=A", "'=1+1"], ["'@B", "'+a"]]


def test_a_joined_table_gives_the_rows_of_its_own_name(tmp_path: Path) -> None:
    joined = _part(tmp_path, "A", ("name", "x"), ("A", "1"), ("B", "2"))
    join_tables(tmp_path / "all.csv", [joined], ("name", "x"))
    assert _read(tmp_path / "all.csv") == [["name", "x"], ["A", "1"]]


def test_a_cell_may_be_long_and_the_limit_of_the_library_stays(tmp_path: Path) -> None:
    limit = csv.field_size_limit()
    part = _part(tmp_path, "A", ("x",), ("x" * (limit + 1),))
    join_tables(tmp_path / "all.csv", [part], ("name", "x"))
    assert csv.field_size_limit() == limit
    assert (tmp_path / "all.csv").stat().st_size > limit


def test_a_table_that_is_not_there_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        join_tables(tmp_path / "all.csv", [Part("A", tmp_path / "a.csv")], ("name",))
    assert list(tmp_path.iterdir()) == []
