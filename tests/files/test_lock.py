from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from lumbargrade.errors import OutputError
from lumbargrade.files.lock import LOCK, locked


def test_a_lock_is_held_once_and_leaves_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "private"
    for _ in range(2):
        with locked(folder, tmp_path) as real:
            assert real
            assert (folder / LOCK).read_text().startswith(f"process {os.getpid()} on ")
            # Another opening of the file is what another process has.
            with (
                pytest.raises(OutputError, match=f"writing there .process {os.getpid()} on "),
                locked(folder, tmp_path),
            ):
                raise AssertionError
        assert not folder.exists()


def test_what_else_lies_there_stays(tmp_path: Path) -> None:
    with locked(tmp_path, tmp_path):
        (tmp_path / "journal").touch()
    assert [path.name for path in tmp_path.iterdir()] == ["journal"]


def test_a_lock_that_its_holder_has_just_removed_is_taken_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, opened = os.open, []

    def open_and_lose(path: Path, *arguments: int) -> int:
        descriptor = real(path, *arguments)
        opened.append(descriptor)
        if len(opened) == 1:
            os.unlink(path)
        return descriptor

    monkeypatch.setattr(os, "open", open_and_lose)
    with locked(tmp_path / "private", tmp_path):
        assert (tmp_path / "private" / LOCK).is_file()
    assert len(opened) == 2


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.ENOSYS])
def test_a_file_system_without_locks_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("fcntl.flock", refuse)
    with locked(tmp_path / "private", tmp_path) as real:
        assert not real


def test_other_errors_are_errors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr("fcntl.flock", refuse)
    with pytest.raises(OSError, match="Input/output"), locked(tmp_path / "private", tmp_path):
        raise AssertionError
