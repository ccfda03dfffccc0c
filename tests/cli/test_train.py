"""``lumbargrade train``: the restart, and what it prints."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from tests.cli.calls import said_without

from lumbargrade.cli import train as command
from lumbargrade.errors import CohortError
from lumbargrade.training.progress_log import Listener
from lumbargrade.training.train import TrainOptions


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
        command.run([Path("none")], Path("out"), "default", [], None, 1, False)
    assert "hugetlb=1" in caught.value.args[2]["GLIBC_TUNABLES"]


def test_a_setting_of_the_users_own_is_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GLIBC_TUNABLES", "glibc.malloc.hugetlb=0")
    monkeypatch.setattr(sys, "argv", ["/usr/bin/lumbargrade", "train", "COHORT"])
    monkeypatch.setattr(os, "execve", _replace)
    with pytest.raises(CohortError):
        command.run([tmp_path / "none"], tmp_path / "out", "default", [], None, 1, False)


def test_a_program_that_calls_the_command_is_never_restarted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("GLIBC_TUNABLES", raising=False)
    monkeypatch.setattr(os, "execve", _replace)
    with pytest.raises(CohortError):
        command.run([tmp_path / "none"], tmp_path / "out", "default", [], None, 1, False)


def test_stages_lines_and_the_checkpoint(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def train(cohort: Path, out: Path, options: TrainOptions, listener: Listener) -> Path:
        assert options == TrainOptions("gpu", ("LDH",), 3, 1, False, split=tmp_path)
        listener.at("epoch 1", 1, 2)
        listener.say("epoch 1 | loss 0.5")
        return out / "best.ckpt"

    monkeypatch.setattr("lumbargrade.training.train.train", train)
    command.run(tmp_path, Path("RUN"), "gpu", ["LDH"], 3, 1, False, tmp_path)
    assert capsys.readouterr().out == "epoch 1 | loss 0.5\nbest checkpoint: RUN/best.ckpt\n"


def test_the_extra_is_named(tmp_path: Path) -> None:
    said = said_without("torch", "train", tmp_path, "-o", tmp_path / "out")
    assert said.startswith("error: lumbargrade train needs the 'train' extra")
