from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from lumbargrade.cli import export as export_command
from lumbargrade.cli import train as command
from lumbargrade.errors import CohortError, OutputError


class _Replaced(BaseException):
    """Stands for the new process: os.execve does not return."""


def _replace(*args: object) -> None:
    raise _Replaced(*args)


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's settings are Linux's")
def test_the_command_line_restarts_with_huge_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GLIBC_TUNABLES", raising=False)
    monkeypatch.setattr(sys, "argv", ["/usr/bin/lumbargrade", "train", "COHORT"])
    monkeypatch.setattr(os, "execve", _replace)
    with pytest.raises(_Replaced) as caught:
        command.run(Path("none"), Path("out"), "default", [], None, 1, False)
    assert "hugetlb=1" in caught.value.args[2]["GLIBC_TUNABLES"]


def test_a_setting_of_the_users_own_is_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GLIBC_TUNABLES", "glibc.malloc.hugetlb=0")
    monkeypatch.setattr(sys, "argv", ["/usr/bin/lumbargrade", "train", "COHORT"])
    monkeypatch.setattr(os, "execve", _replace)
    with pytest.raises(CohortError):
        command.run(tmp_path / "none", tmp_path / "out", "default", [], None, 1, False)


def test_a_program_that_calls_the_command_is_never_restarted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("GLIBC_TUNABLES", raising=False)
    monkeypatch.setattr(os, "execve", _replace)
    with pytest.raises(CohortError):
        command.run(tmp_path / "none", tmp_path / "out", "default", [], None, 1, False)


def test_export_of_no_run_says_what_to_give(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"lumbargrade train \.\.\. -o"):
        export_command.run(tmp_path, tmp_path / "bundle")
