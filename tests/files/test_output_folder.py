"""Whole or not at all: under a kill at any rename, a full disk, a mount, a link, two processes."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lumbargrade.errors import OutputError
from lumbargrade.files.ledger import LEDGER, PRIVATE
from lumbargrade.files.output_folder import check_whole, draft, land, opened
from lumbargrade.files.staging import staged

WRITER = """
import os, sys
from pathlib import Path
from lumbargrade.files.staging import staged

left = int(sys.argv[2])
rename = os.rename

def killed(*arguments, **options):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), 9)
    return rename(*arguments, **options)

os.rename = killed
with staged(Path(sys.argv[1])) as folder:
    for name in ("a.txt", "b/c.txt", "d.txt"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("new")
"""


def _write(out: Path, *names: str, text: str = "old") -> None:
    with staged(out) as folder:
        for name in names:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)


def _content(out: Path) -> dict[str, str]:
    return {
        path.relative_to(out).as_posix(): path.read_text()
        for path in sorted(out.rglob("*"))
        if path.is_file() and path.name != LEDGER
    }


OLD = {"a.txt": "old", "b/c.txt": "old", "e.txt": "old"}
NEW = {"a.txt": "new", "b/c.txt": "new", "d.txt": "new"}


def test_a_kill_at_any_rename_leaves_the_old_or_says_so_and_the_next_run_ends_it(
    tmp_path: Path,
) -> None:
    seen, number = set(), 0
    while True:
        out = tmp_path / str(number)
        _write(out, *OLD)
        done = subprocess.run([sys.executable, "-c", WRITER, out, str(number)], check=False)
        if _says_it_is_not_whole(out):
            seen.add("half")
        else:
            found = {name: text for name, text in _content(out).items() if PRIVATE not in name}
            assert found in (OLD, NEW)
            seen.add("old" if found == OLD else "new")
        with opened(out):  # what was begun is ended, drafts are swept
            lock = {f"{PRIVATE}/lock": _holder()}
            assert _content(out) in (OLD | lock, NEW | lock)
        assert _content(out) in (OLD, NEW)
        assert not (out / PRIVATE).exists()
        if done.returncode == 0:
            break
        number += 1
    assert seen == {"old", "half", "new"}
    assert number >= 8  # the plan, four old entries aside, four new ones in place


def _says_it_is_not_whole(out: Path) -> bool:
    try:
        check_whole(out)
    except OutputError as error:
        return "its results are not whole" in str(error)
    return False


def _holder() -> str:
    return f"process {os.getpid()} on {os.uname().nodename}"


def test_a_move_that_fails_is_undone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    _write(out, *OLD)
    real = Path.rename

    def rename(self: Path, target: Path) -> Path:
        if target.name == "d.txt":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(self, target)

    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(OutputError, match="No space left on device"):
        _write(out, *NEW, text="new")
    assert _content(out) == OLD
    assert not (out / PRIVATE).exists()


def test_a_new_name_that_is_taken_is_told(tmp_path: Path) -> None:
    with opened(tmp_path) as out, draft(out) as place:
        (place / "study").mkdir()
        (place / "study" / "a.txt").write_text("new")
        (out / "study").mkdir()
        with pytest.raises(FileExistsError, match="something of that name already"):
            land(out, place)


def test_a_second_process_is_refused_in_one_line(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from lumbargrade.files.output_folder import opened\n"
        "try:\n    opened(Path(sys.argv[1])).__enter__()\n"
        "except Exception as error: print(type(error).__name__, error)"
    )
    with opened(tmp_path / "out"):
        call = [sys.executable, "-c", code, str(tmp_path / "out")]
        told = subprocess.run(call, capture_output=True, text=True, check=True).stdout
    assert told.startswith("OutputError")
    assert "another lumbargrade is writing there (" + _holder() in told
    assert "wait until it is done" in told
    assert not (tmp_path / "out").exists()


def test_a_file_system_without_locks_is_used_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr("fcntl.flock", refuse)
    _write(tmp_path / "out", "a.txt")
    assert _content(tmp_path / "out") == {"a.txt": "old"}


def test_the_output_may_be_a_link_and_its_name_long(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "there")
    for out in (tmp_path / "link", tmp_path / ("x" * 250)):
        for text in ("old", "new"):
            _write(out, "a.txt", "b/c.txt", text=text)
        assert _content(out) == {"a.txt": "new", "b/c.txt": "new"}
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "there" / "a.txt").is_file()


def test_nothing_is_made_beside_the_output(tmp_path: Path) -> None:
    """Its parent may be one that cannot be written."""
    out = tmp_path / "out"
    out.mkdir()
    before = tmp_path.stat().st_mtime_ns
    for name in ("old.txt", "new.txt"):
        _write(out, name)
    assert tmp_path.stat().st_mtime_ns == before  # no entry came or went
    assert _content(out) == {"new.txt": "old"}


def _tried(*command: object) -> bool:
    return subprocess.run(list(map(str, command)), capture_output=True, check=False).returncode == 0


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[Path]:
    """A disk of 1 MB that is mounted on a folder."""
    out = tmp_path / "mount"
    out.mkdir()
    if os.geteuid() != 0 or not _tried("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", out):
        pytest.skip("only root may mount a disk")
    try:
        yield out
    finally:
        subprocess.run(["umount", str(out)], check=True)


def test_the_output_may_be_a_mount_point(mounted: Path) -> None:
    for text in ("old", "new"):
        _write(mounted, "a.txt", "b/c.txt", text=text)
    assert _content(mounted) == {"a.txt": "new", "b/c.txt": "new"}
    assert os.path.ismount(mounted)


def test_a_full_disk_keeps_the_earlier_result_and_leaves_nothing_behind(mounted: Path) -> None:
    _write(mounted, "a.txt")
    with pytest.raises(OutputError, match="No space left on device"):
        _write(mounted, "big.bin", text="x" * 2_000_000)
    assert _content(mounted) == {"a.txt": "old"}
    assert not (mounted / PRIVATE).exists()


def test_what_cannot_be_read_back_is_swept(tmp_path: Path) -> None:
    for name in ("draft-1", "old-2", "landing-3"):
        (tmp_path / PRIVATE / name).mkdir(parents=True)
        (tmp_path / PRIVATE / name / "grades.json").write_text("{}")
    _write(tmp_path, "a.txt")
    assert not (tmp_path / PRIVATE).exists()


def test_grades_do_not_give_way_to_other_results(tmp_path: Path) -> None:
    _write(tmp_path / "flat", "grades.json")
    _write(tmp_path / "of-several" / "P1", "grades.json")
    for out in (tmp_path / "flat", tmp_path / "of-several"):
        with pytest.raises(OutputError, match="holds the grades of studies and is left as it is"):
            _write(out, "evaluation.json")
