"""Every entry of an archive once, links not followed, and nothing opened."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from lumbargrade.archive.index.columns import Reason
from lumbargrade.archive.index.walk import Entry, count_entries, walk


def found(archive: Path) -> dict[bytes, Entry]:
    entries = list(walk(archive))
    by_path = {entry.path: entry for entry in entries}
    assert len(by_path) == len(entries)
    return by_path


def test_files_of_all_depths_with_size_and_time(tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b" / "c"
    deep.mkdir(parents=True)
    (deep / "one").write_bytes(b"123")
    (tmp_path / os.fsdecode(b"\xff")).touch()
    os.utime(deep / "one", ns=(7, 1_000_000_123))
    entries = found(tmp_path)
    assert set(entries) == {b"a/b/c/one", b"\xff"}
    assert entries[b"a/b/c/one"] == Entry(b"a/b/c/one", 3, 1_000_000_123)
    assert count_entries(tmp_path) == 2


def test_links_and_pipes_are_listed_with_a_reason(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "nowhere").symlink_to(tmp_path / "none")
    os.mkfifo(tmp_path / "pipe")
    reasons = {path: entry.reason for path, entry in found(tmp_path).items()}
    assert reasons == {
        b"loop": Reason.LINK,
        b"nowhere": Reason.LINK,
        b"pipe": Reason.NOT_A_FILE,
    }


def test_a_folder_that_cannot_be_listed_is_an_entry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "closed").mkdir()
    (tmp_path / "open").mkdir()
    (tmp_path / "open" / "file").touch()
    scandir = os.scandir

    def refusing(folder: bytes) -> object:
        if os.fsencode(folder).endswith(b"closed"):
            raise PermissionError(13, "Permission denied")
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", refusing)
    entries = found(tmp_path)
    assert entries[b"closed"].reason is Reason.FOLDER_UNREADABLE
    assert entries[b"open/file"].reason is None
    assert count_entries(tmp_path) == 2


def test_an_empty_archive_has_no_entry(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert found(tmp_path) == {}
    assert count_entries(tmp_path) == 0
