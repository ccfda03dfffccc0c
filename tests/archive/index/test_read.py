"""The table of an index is read whole, or refused with its name."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.archive.index_rows import study, table, write_index

from lumbargrade.archive.index.columns import DESCRIPTION_FILE, INDEX_FILE
from lumbargrade.archive.index.read import read_index
from lumbargrade.errors import CohortError


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return write_index(tmp_path / "index", table(study("A")))


def test_a_table_reads_back(index: Path) -> None:
    assert read_index(index).equals(table(study("A")))


@pytest.mark.parametrize("content", [None, "{", "[]"])
def test_another_folder_is_no_index(index: Path, content: str | None) -> None:
    (index / DESCRIPTION_FILE).unlink()
    if content is not None:
        (index / DESCRIPTION_FILE).write_text(content)
    with pytest.raises(CohortError, match=r"is not an index \(no readable index\.json\): give the"):
        read_index(index)


def test_an_index_of_another_version_is_refused(index: Path) -> None:
    (index / DESCRIPTION_FILE).write_text(json.dumps({"schema": "lumbargrade.index/9"}))
    with pytest.raises(CohortError, match="index again"):
        read_index(index)


def test_a_broken_table_is_refused(index: Path) -> None:
    (index / INDEX_FILE).write_bytes(b"PAR1")
    with pytest.raises(CohortError, match=r"index\.parquet: cannot be read \(.*\): make it again"):
        read_index(index)


def test_a_column_that_lacks_or_is_another_is_named(index: Path) -> None:
    rows = table(study("A"))
    pq.write_table(rows.drop_columns(["plane"]), index / INDEX_FILE)
    with pytest.raises(CohortError, match="has no column 'plane' of string: make it again"):
        read_index(index)
    place = rows.schema.get_field_index("age_years")
    pq.write_table(rows.set_column(place, "age_years", pa.array(["5"] * 6)), index / INDEX_FILE)
    with pytest.raises(CohortError, match="has no column 'age_years' of int16: make it again"):
        read_index(index)
