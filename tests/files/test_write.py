"""A file is whole or absent, and what was there before stays until then."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from lumbargrade.files.write import (
    UNFINISHED,
    remove_drafts,
    whole,
    write_bytes,
    write_json,
    write_new,
    write_text,
)


class KilledError(Exception):
    pass


def test_the_path_appears_when_the_block_has_ended(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    with whole(path) as draft:
        draft.write_bytes(b"1")
        assert draft.parent == tmp_path
        assert draft.name.startswith(".")
        assert draft.suffix == UNFINISHED
        assert not path.exists()
    assert path.read_bytes() == b"1"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("before", [None, b"old"])
def test_a_block_that_fails_changes_nothing(tmp_path: Path, before: bytes | None) -> None:
    path = tmp_path / "a.bin"
    if before is not None:
        path.write_bytes(before)

    def half(draft: Path) -> None:
        draft.write_bytes(b"half")
        raise KilledError

    with pytest.raises(KilledError), whole(path) as draft:
        half(draft)
    assert [one.read_bytes() for one in tmp_path.iterdir()] == ([before] if before else [])


def test_a_failure_to_write_is_not_hidden(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_text(tmp_path / "absent" / "a.txt", "x")
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match="directory"):
        write_text(tmp_path / "folder", "x")
    assert [one.name for one in tmp_path.iterdir()] == ["folder"]


def test_two_writers_do_not_meet(tmp_path: Path) -> None:
    path = tmp_path / "a"
    with whole(path) as first:
        first.write_text("first")
        write_text(path, "second")
        assert path.read_text() == "second"
    assert path.read_text() == "first"


def test_what_is_written_is_what_was_given(tmp_path: Path) -> None:
    write_bytes(tmp_path / "a", b"\0\r\n")
    write_text(tmp_path / "b", "\u00e9\r\n\n")
    write_json(tmp_path / "c", {"b": [1, None], "a": "\u00e9"})
    write_json(tmp_path / "d", {"b": 1}, indent=2)
    found = {one.name: one.read_bytes() for one in tmp_path.iterdir()}
    assert found == {
        "a": b"\0\r\n",
        "b": b"\xc3\xa9\r\n\n",
        "c": b'{\n "b": [\n  1,\n  null\n ],\n "a": "\\u00e9"\n}\n',
        "d": b'{\n  "b": 1\n}\n',
    }


def test_a_number_that_json_does_not_know_leaves_the_file_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    write_json(path, {"a": 1})
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json(path, {"a": float("nan")})
    assert path.read_text() == '{\n "a": 1\n}\n'


def test_the_mode_is_that_of_any_new_file_and_names_may_be_long(tmp_path: Path) -> None:
    path, plain = tmp_path / ("\u00e9" * 127), tmp_path / "plain"
    write_text(path, "x")
    plain.write_text("x")
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)


def test_what_killed_processes_left_is_removed(tmp_path: Path) -> None:
    names = (".a[1].json.7.unfinished", ".b.json.8.unfinished", "c.json", "d.unfinished")
    for name in names:
        (tmp_path / name).touch()
    (tmp_path / ".folder.unfinished").mkdir()
    remove_drafts(tmp_path, "a[1].json")
    assert sorted(one.name for one in tmp_path.iterdir()) == [
        ".b.json.8.unfinished",
        ".folder.unfinished",
        "c.json",
        "d.unfinished",
    ]
    remove_drafts(tmp_path)
    remove_drafts(tmp_path / "absent")
    assert sorted(one.name for one in tmp_path.iterdir()) == [
        ".folder.unfinished",
        "c.json",
        "d.unfinished",
    ]


def test_a_new_file_takes_the_place_of_none(tmp_path: Path) -> None:
    path = tmp_path / "key"
    write_new(path, b"1", mode=0o600)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        write_new(path, b"2")
    assert path.read_bytes() == b"1"
    assert list(tmp_path.iterdir()) == [path]
