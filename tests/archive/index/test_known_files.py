"""Files that an index knows: ticked off by name, size and time; the rest has gone."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from tests.archive.archives import index, rows_of, write_archive

from lumbargrade.archive.index.columns import Reason
from lumbargrade.archive.index.index_paths import IndexPaths
from lumbargrade.archive.index.known_files import GONE, KnownFiles, mark_gone
from lumbargrade.archive.index.shards import ID_TYPE, merge_parts
from lumbargrade.archive.index.walk import Entry
from lumbargrade.errors import CohortError


def identifier(letter: str) -> bytes:
    return letter.encode() * 16


def known(**files: tuple[int, int]) -> KnownFiles:
    ids = np.array([identifier(letter) for letter in files], ID_TYPE)
    size, modified = np.array(list(files.values()), np.int64).reshape(-1, 2).T
    return KnownFiles(ids, size, modified)


def test_a_file_is_known_by_its_id_and_unchanged_by_size_and_time() -> None:
    files = known(c=(3, 30), a=(1, 10), b=(2, 20))
    entries = [Entry(b"a", 1, 10), Entry(b"b", 9, 20), Entry(b"c", 3, 99), Entry(b"d", 1, 10)]
    met, same = files.tick_off([identifier(letter) for letter in "abcd"], entries)
    assert list(met) == [True, True, True, False]
    assert list(same) == [True, False, False, False]
    assert (files.seen, len(files)) == (3, 3)
    assert len(files.gone()) == 0


def test_what_was_not_met_has_gone_but_only_once() -> None:
    files = known(a=(1, 10), b=(GONE, 20), c=(3, 30))
    files.tick_off([identifier("a")], [Entry(b"a", 1, 10)])
    assert list(files.gone()) == [identifier("c")]  # b had gone before


def test_an_empty_index_knows_nothing() -> None:
    met, same = known().tick_off([identifier("a")], [Entry(b"a", 1, 1)])
    assert (list(met), list(same)) == ([False], [False])


def test_files_that_have_gone_are_marked_but_not_those_of_a_closed_folder(
    archive: Path, places: IndexPaths
) -> None:
    index(archive, places)
    files = KnownFiles.of(places)  # nothing is ticked off: all have gone
    assert len(files) == 12
    assert mark_gone(places, files, unlisted=[b"p1", b"p2"]) == 4
    merge_parts(places)
    rows = rows_of(places)
    gone = {path for path, row in rows.items() if row["reason"] == Reason.MISSING}
    assert gone == {f"p3/IM{number}" for number in range(1, 5)}
    assert not any(rows[path]["usable"] for path in gone)


def test_nothing_has_gone_from_a_root_that_cannot_be_listed(
    archive: Path, places: IndexPaths
) -> None:
    index(archive, places)
    assert mark_gone(places, KnownFiles.of(places), unlisted=[b""]) == 0


def test_two_tables_that_do_not_belong_together_are_refused(
    archive: Path, places: IndexPaths, tmp_path: Path
) -> None:
    index(archive, places)
    other = IndexPaths.of(tmp_path / "OTHER")
    index(write_archive(tmp_path / "other"), other)
    shutil.copy(other.table, places.table)
    with pytest.raises(CohortError, match=r"do not belong together: bring back both, or index"):
        mark_gone(places, KnownFiles.of(places), [])
