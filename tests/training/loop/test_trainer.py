"""Checkpoints are whole or absent, and a killed training goes on as if nothing had been."""

from __future__ import annotations

import importlib
import os
from pathlib import Path

import pytest
import torch

from lumbargrade.files.write import write_bytes
from lumbargrade.training.loop import trainer
from lumbargrade.training.loop.trainer import WholeCheckpoints
from lumbargrade.training.progress_log import Row, read_metrics
from lumbargrade.training.train import TrainOptions, train


class KilledError(BaseException):
    pass


CHECKPOINT = {"global_step": 3, "state_dict": {"weight": torch.ones(4)}}


def test_a_checkpoint_is_whole_or_the_one_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "checkpoints" / "last.ckpt"
    monkeypatch.setenv("TMPDIR", str(tmp_path / "absent"))  # nothing is written elsewhere
    WholeCheckpoints().save_checkpoint(CHECKPOINT, path)
    before = path.read_bytes()

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space left"):
            WholeCheckpoints().save_checkpoint(CHECKPOINT | {"global_step": 4}, path)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]
    assert trainer._steps_done(path) == 3
    assert trainer._steps_done(None) == 0


@pytest.mark.parametrize("saved", [1, 4])
def test_a_training_that_was_killed_goes_on_to_the_same_curve(
    tiny_run: Path,
    tiny_recipe: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
    saved: int,
) -> None:
    """Killed at a write of best.ckpt, and between those of best.ckpt and last.ckpt."""
    tiny_cohort = request.getfixturevalue("tiny_cohort")
    run = tmp_path / "run"
    options = TrainOptions(recipe=str(tiny_recipe), workers=1, resume=True)
    counted = [0]

    def killed(path: Path, data: bytes) -> None:
        counted[0] += 1
        if counted[0] == saved:
            path.with_name(f".{path.name}.7.unfinished").write_bytes(data[:1000])
            raise KilledError
        write_bytes(path, data)

    with monkeypatch.context() as patch:
        patch.setattr(trainer, "write_bytes", killed)
        with pytest.raises(KilledError):
            train(tiny_cohort, run, options)
    assert list(run.rglob("*.unfinished"))
    train(tiny_cohort, run, options)
    assert not list(run.rglob("*.unfinished"))
    assert _curve(run) == _curve(tiny_run)
    assert _steps(run) == _steps(tiny_run)
    name = "checkpoints/best.ckpt"
    weights = [torch.load(one / name, weights_only=True)["state_dict"] for one in (run, tiny_run)]
    assert all(torch.equal(value, weights[1][key]) for key, value in weights[0].items())


def _curve(run: Path) -> list[Row]:
    rows = read_metrics(run / "metrics.csv")
    return [{n: v for n, v in row.items() if not n.startswith("speed/")} for row in rows]


def _steps(run: Path) -> list[int]:
    """The steps that TensorBoard shows."""
    events = importlib.import_module("tensorboard.backend.event_processing.event_accumulator")
    shown = events.EventAccumulator(str(run / "tensorboard"))
    shown.Reload()
    return [one.step for one in shown.Scalars("val/loss")]
