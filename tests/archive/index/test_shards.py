"""Parts of an index: whole or absent, the latest row counts, merging can be repeated."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from lumbargrade.archive.index import shards
from lumbargrade.archive.index.index_paths import IndexPaths
from lumbargrade.archive.index.shards import (
    batches,
    file_ids,
    finished_parts,
    ids_of,
    merge_parts,
    write_part,
)


@pytest.fixture
def places(places: IndexPaths) -> IndexPaths:
    """The places, with their folders made."""
    for folder in (places.index, places.files):
        (folder / "parts").mkdir(parents=True)
    return places


def part(places: IndexPaths, name: str, **sizes: int) -> None:
    """Write a part: file ``a`` is ``aa...``, its size is also its number of rows."""
    ids = {letter: letter * 32 for letter in sizes}
    write_part(
        places,
        name,
        [{"file_id": ids[key], "usable": True, "rows": size} for key, size in sizes.items()],
        [
            {"file_id": ids[key], "path": key.encode(), "size_bytes": size, "modified_ns": 0}
            for key, size in sizes.items()
        ],
    )


def rows(places: IndexPaths) -> tuple[dict[str, Any], dict[str, Any]]:
    """Number of rows and size of every file, by its letter."""
    tables = [
        [row for batch in batches(table) for row in batch.to_pylist()]
        for table in (places.table, places.files_table)
    ]
    return (
        {row["file_id"][0]: row["rows"] for row in tables[0]},
        {row["file_id"][0]: row["size_bytes"] for row in tables[1]},
    )


def test_the_latest_row_of_a_file_counts(places: IndexPaths) -> None:
    part(places, "00000001", a=1, b=2)
    part(places, "00000002", b=3, c=4)
    merge_parts(places)
    assert rows(places) == ({"a": 1, "b": 3, "c": 4},) * 2
    part(places, "00000001", c=9)
    merge_parts(places)
    assert rows(places) == ({"a": 1, "b": 3, "c": 9},) * 2
    assert finished_parts(places) == []


def test_rows_of_both_tables_stay_in_one_order(
    places: IndexPaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shards, "ROWS_AT_ONCE", 2)
    part(places, "00000001", f=1, a=2, e=3)
    part(places, "00000002", b=4, a=5, d=6)
    merge_parts(places)
    assert list(file_ids(places.table)) == list(file_ids(places.files_table))
    assert rows(places)[0] == {"f": 1, "e": 3, "b": 4, "a": 5, "d": 6}


def test_halves_of_parts_are_removed(places: IndexPaths) -> None:
    part(places, "00000001", a=1)
    part(places, "00000002", b=2)
    part(places, "00000003", c=3)
    (places.index / "parts" / "00000002.parquet").unlink()
    (places.files / "parts" / "00000003.parquet").unlink()
    (places.index / ".index.parquet.7.unfinished").touch()
    assert finished_parts(places) == ["00000001"]
    left = sorted(path.name for path in places.index.rglob("*") if path.is_file())
    assert left == ["00000001.parquet"]


def test_without_parts_there_is_nothing_to_merge(places: IndexPaths) -> None:
    merge_parts(places)
    assert not places.table.exists()
    assert list(batches(places.table)) == []
    assert len(file_ids(places.table)) == 0


def test_only_the_owner_may_read_the_paths(places: IndexPaths) -> None:
    part(places, "00000001", a=1)
    merge_parts(places)
    assert places.files_table.stat().st_mode & 0o777 == 0o600
    assert places.table.stat().st_mode & 0o777 == 0o644


def test_ids_are_sixteen_bytes_of_their_text() -> None:
    found = ids_of(pa.array(["00ff" + "0" * 28, "ab" * 16]))
    assert [bytes(one).ljust(16, b"\0") for one in found] == [
        b"\0\xff" + bytes(14),
        b"\xab" * 16,
    ]
