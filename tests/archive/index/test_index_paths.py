"""Where an index and its key lie, and that what does not belong together is refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from tests.archive.archives import index, rows_of, write_archive

from lumbargrade.archive.index import index_paths
from lumbargrade.archive.index.index_paths import IndexPaths, describe, open_places
from lumbargrade.archive.index.walk import count_entries
from lumbargrade.errors import CohortError, OutputError
from lumbargrade.files.ledger import PRIVATE
from lumbargrade.files.lock import locked
from lumbargrade.files.write import write_json


class KilledError(BaseException):
    pass


def test_the_key_and_the_paths_lie_beside_the_index(tmp_path: Path) -> None:
    places = IndexPaths.of(tmp_path / "I")
    assert (places.key, places.files) == (tmp_path / "I.key", tmp_path / "I.files")
    elsewhere = IndexPaths.of(tmp_path / "I", tmp_path / "safe" / "k")
    assert elsewhere.files == tmp_path / "safe" / "I.files"
    assert IndexPaths.of(Path("I")).index == Path.cwd() / "I"


def test_only_the_folder_beside_the_key_knows_the_archive(
    archive: Path, places: IndexPaths
) -> None:
    open_places(places, archive)
    shown = places.description.read_text()
    assert str(archive) not in shown
    described = json.loads(shown)
    known = json.loads((places.files / "archive.json").read_text())
    assert known["archive"] == str(archive)
    assert known["index_id"] == described["index_id"]


def test_opening_again_gives_the_same_pseudonyms(archive: Path, places: IndexPaths) -> None:
    first = open_places(places, archive)
    written = places.description.read_bytes()
    assert open_places(places, archive).of("patient", "1") == first.of("patient", "1")
    assert places.description.read_bytes() == written


def test_counts_are_added_to_the_description(archive: Path, places: IndexPaths) -> None:
    open_places(places, archive)
    before = json.loads(places.description.read_text())
    describe(places, {"files": 12})
    assert json.loads(places.description.read_text()) == before | {"rows": {"files": 12}}


def test_a_run_that_was_killed_at_its_start_is_begun_again(
    archive: Path, places: IndexPaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its key stays, as a key is never made twice; the folder holds no more than its parts."""
    written: list[Path] = []

    def killed(path: Path, content: object) -> None:
        written.append(path)
        if path == places.description:
            (places.index / ".index.json.7.unfinished").touch()
            raise KilledError
        write_json(path, content)

    with monkeypatch.context() as patch:
        patch.setattr(index_paths, "write_json", killed)
        with pytest.raises(KilledError):
            open_places(places, archive)
    key = places.key.read_bytes()
    index(archive, places)
    assert places.key.read_bytes() == key
    assert len(rows_of(places)) == 12
    assert sorted(one.name for one in places.index.iterdir()) == [
        "index.json",
        "index.parquet",
        "parts",
    ]


def test_another_key_is_refused(archive: Path, places: IndexPaths, tmp_path: Path) -> None:
    index(archive, places)
    other = IndexPaths.of(tmp_path / "OTHER")
    index(archive, other)
    with pytest.raises(CohortError, match=r"INDEX: was made with another key than .*OTHER.key"):
        index(archive, IndexPaths.of(places.index, other.key))


def test_a_key_that_is_gone_is_not_made_anew(archive: Path, places: IndexPaths) -> None:
    index(archive, places)
    places.key.unlink()
    with pytest.raises(CohortError, match=r"INDEX.key: the key cannot be read \(No such file"):
        index(archive, places)


def test_the_key_may_lie_elsewhere_and_serve_two_indexes(archive: Path, tmp_path: Path) -> None:
    first, second = (
        IndexPaths.of(tmp_path / name, tmp_path / "safe" / "key") for name in ("A", "B")
    )
    index(archive, first)
    index(archive, second)
    assert rows_of(first) == rows_of(second)
    assert first.files == tmp_path / "safe" / "A.files"
    assert first.files.stat().st_mode & 0o077 == 0
    assert first.files_table.stat().st_mode & 0o077 == 0


def test_the_files_of_another_index_are_refused(archive: Path, tmp_path: Path) -> None:
    key = tmp_path / "safe" / "key"
    index(archive, IndexPaths.of(tmp_path / "one" / "I", key))
    with pytest.raises(OutputError, match=r"I.files: belongs to another index: give another --key"):
        index(archive, IndexPaths.of(tmp_path / "two" / "I", key))
    places = IndexPaths.of(tmp_path / "three" / "I")
    index(archive, places)
    shutil.rmtree(places.files)
    shutil.copytree(tmp_path / "safe" / "I.files", places.files)
    with pytest.raises(CohortError, match=r"I.files: belongs to another index than .*three/I"):
        index(archive, places)


def test_another_archive_is_refused(archive: Path, places: IndexPaths, tmp_path: Path) -> None:
    index(archive, places)
    with pytest.raises(CohortError, match=r"INDEX: is of the archive .*archive, not of .*other"):
        index(write_archive(tmp_path / "other"), places)


@pytest.mark.parametrize("key", [None, "archive/sub/key"])
def test_nothing_is_written_into_the_archive(
    archive: Path, tmp_path: Path, key: str | None
) -> None:
    inside = archive / "INDEX" if key is None else tmp_path / "INDEX"
    with pytest.raises(CohortError, match="lies in the archive, which is only read"):
        index(archive, IndexPaths.of(inside, None if key is None else tmp_path / key))
    assert count_entries(archive) == 12


def test_a_folder_of_other_files_is_left_alone(archive: Path, places: IndexPaths) -> None:
    places.index.mkdir()
    (places.index / "thesis.doc").touch()
    with pytest.raises(OutputError, match="INDEX: holds files but no index: give a new or empty"):
        index(archive, places)


def test_two_runs_at_once_are_refused(archive: Path, places: IndexPaths) -> None:
    index(archive, places)
    with (
        locked(places.index / PRIVATE, places.index),
        pytest.raises(OutputError, match=r"INDEX: another lumbargrade is writing there \(process"),
    ):
        index(archive, places)


@pytest.mark.parametrize("text", ["", "[]", '{"schema": "x"}'])
def test_a_damaged_description_is_an_error(archive: Path, places: IndexPaths, text: str) -> None:
    index(archive, places)
    places.description.write_text(text)
    with pytest.raises(CohortError, match=r"index.json: (cannot be read|is not of the schema)"):
        index(archive, places)


def test_key_and_paths_do_not_lie_in_what_is_shared(archive: Path, tmp_path: Path) -> None:
    places = IndexPaths.of(tmp_path / "INDEX", tmp_path / "INDEX" / "key")
    with pytest.raises(CohortError, match=r"key: lies in .*INDEX, which is shared without names"):
        index(archive, places)
    assert not (tmp_path / "INDEX").exists()
