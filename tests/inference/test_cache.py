"""The cache of compiled networks: filled whole, and not without end."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from lumbargrade.inference.cache import KEPT, filled_at_once


def fill(parent: Path, name: str, used: int) -> None:
    with filled_at_once(parent, name) as folder:
        assert folder is not None
        (folder / "network.blob").write_bytes(b"x")
    os.utime(parent / name, (used, used))


def test_the_folders_that_were_used_last_stay(tmp_path: Path) -> None:
    for number in range(KEPT):
        fill(tmp_path, f"{number:032x}", used=1000 + number)
    with filled_at_once(tmp_path, f"{0:032x}") as again:
        assert again == tmp_path / f"{0:032x}"  # used now: the oldest is number 1
    fill(tmp_path, "f" * 32, used=5000)
    assert not (tmp_path / f"{1:032x}").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        [f"{number:032x}" for number in range(KEPT) if number != 1] + ["f" * 32]
    )


def test_what_failed_leaves_nothing(tmp_path: Path) -> None:
    def fail() -> None:
        with filled_at_once(tmp_path, "a" * 32) as folder:
            assert folder is not None
            (folder / "network.blob").write_bytes(b"x")
            raise ValueError("half")

    with pytest.raises(ValueError, match="half"):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_what_another_process_is_filling_stays(tmp_path: Path) -> None:
    with filled_at_once(tmp_path, "a" * 32) as mine:
        assert mine is not None
        for number in range(KEPT + 2):
            fill(tmp_path, f"{number:032x}", used=1000 + number)
        assert mine.is_dir()
