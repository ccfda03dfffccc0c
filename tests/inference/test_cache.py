"""The cache of compiled networks and unpacked bundles does not grow without end."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from lumbargrade.files.write import UNFINISHED
from lumbargrade.inference.cache import cache_folder, prune


def entry(parent: Path, name: str, used: float) -> Path:
    path = parent / name
    if name.endswith(".blob"):
        path.write_bytes(b"x")
    else:
        path.mkdir()
        (path / "bundle.json").write_bytes(b"x")
    os.utime(path, (used, used))
    return path


def test_what_was_used_last_stays(tmp_path: Path) -> None:
    for number, name in enumerate(("a.blob", "folder", "b.blob", "other")):
        entry(tmp_path, name, 1000.0 + number)
    prune(tmp_path, 2)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.blob", "other"]


def test_what_another_process_is_writing_stays_and_what_is_dead_goes(tmp_path: Path) -> None:
    living = entry(tmp_path, f"living{UNFINISHED}", time.time())
    dead = entry(tmp_path, f"dead{UNFINISHED}", time.time() - 48 * 3600)
    prune(tmp_path, 0)
    assert living.is_dir()
    assert not dead.exists()


def test_a_folder_that_cannot_be_made_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    assert cache_folder("openvino") is None
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder("openvino") == tmp_path / "lumbargrade" / "openvino"
