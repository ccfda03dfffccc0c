from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from lumbargrade.errors import OutputError
from lumbargrade.files.staging import LEDGER, staged


def _write(out: Path, name: str = "a.txt", text: str = "x") -> None:
    with staged(out) as folder:
        (folder / name).write_text(text)


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_folder_appears_whole(tmp_path: Path) -> None:
    out = tmp_path / "new" / "out"
    with staged(out) as folder:
        (folder / "a.txt").write_text("x")
        assert _names(out) == [".lumbargrade"]
    assert _names(out) == [LEDGER, "a.txt"]
    assert _names(out.parent) == ["out"]


def test_a_failure_leaves_nothing(tmp_path: Path) -> None:
    def fail() -> None:
        with staged(tmp_path / "out") as folder:
            (folder / "a.txt").write_text("x")
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        fail()
    assert _names(tmp_path) == []


def test_a_failure_keeps_the_earlier_result(tmp_path: Path) -> None:
    _write(tmp_path / "out", text="old")

    def fail() -> None:
        with staged(tmp_path / "out"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert (tmp_path / "out" / "a.txt").read_text() == "old"


def test_an_earlier_result_is_replaced_whole(tmp_path: Path) -> None:
    _write(tmp_path / "out", "old.txt")
    _write(tmp_path / "out", "new.txt")
    assert _names(tmp_path / "out") == [LEDGER, "new.txt"]
    assert _names(tmp_path) == ["out"]


def test_a_folder_that_cannot_be_listed_is_not_taken_for_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _write(tmp_path / "out")
    locked = tmp_path / "out" / "locked"
    locked.mkdir()
    real = os.scandir

    def scan(path: str = ".") -> object:  # root may list everything, others may not
        if str(path) == str(locked):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", scan)
    with pytest.raises(OutputError, match="Permission denied"):
        _write(tmp_path / "out")
    assert locked.is_dir()


def test_an_empty_folder_is_used(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    _write(tmp_path / "out")
    assert "a.txt" in _names(tmp_path / "out")


def test_files_of_others_are_never_touched(tmp_path: Path) -> None:
    out = tmp_path / "out"
    _write(out)
    (out / "thesis.doc").write_text("mine")
    with pytest.raises(OutputError, match=r"did not write \(thesis\.doc\) and is left as it is"):
        _write(out)
    assert _names(out) == [LEDGER, "a.txt", "thesis.doc"]


@pytest.mark.parametrize("ledger", ["{", "[]", '{"schema": "x", "files": ["thesis.doc"]}'])
def test_a_ledger_that_says_nothing_protects(tmp_path: Path, ledger: str) -> None:
    (tmp_path / "thesis.doc").write_text("mine")
    (tmp_path / LEDGER).write_text(ledger)
    with pytest.raises(OutputError, match="did not write"):
        _write(tmp_path)


def test_a_link_to_a_folder_is_not_ours(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    out = tmp_path / "out"
    _write(out)
    (out / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OutputError, match=r"did not write \(link\)"):
        _write(out)


def test_a_file_in_the_way_is_told(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(OutputError, match="it is a file; name a folder with -o"):
        _write(tmp_path / "out")


def test_a_parent_that_cannot_be_made_is_told_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match=r"cannot write to .*choose a writable folder"):
        _write(tmp_path / "file" / "out")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_parent_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(OutputError, match="Permission denied"):
        _write(tmp_path / "out")


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    def fill() -> None:
        with staged(tmp_path / "out"):
            raise OSError(28, "No space left on device")

    with pytest.raises(OutputError, match=r"cannot write to .*\(No space left on device\)"):
        fill()
    assert _names(tmp_path) == []


def test_the_folder_may_be_read_by_others_as_the_umask_says(tmp_path: Path) -> None:
    old = os.umask(0o022)
    try:
        _write(tmp_path / "out")
    finally:
        os.umask(old)
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o755


def test_what_is_read_is_not_replaced(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with staged(out) as folder:
        (folder / "a").mkdir()
        (folder / "a" / "b.json").write_text("{}")
    (tmp_path / "link").symlink_to(out / "a")
    for read in (out, out / "a", tmp_path / "link", out / ".." / "out" / "a" / "b.json"):
        with (
            pytest.raises(OutputError, match="which is read and would be replaced: choose another"),
            staged(out, [tmp_path / "elsewhere", read]),
        ):
            raise AssertionError
    assert (out / "a" / "b.json").read_text() == "{}"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link", "out"]
    with staged(out, [tmp_path, tmp_path / "out2"]) as folder:  # beside and above it are not in it
        (folder / "new").touch()
    assert (out / "new").exists()
