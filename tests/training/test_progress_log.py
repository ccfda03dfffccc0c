"""A row an epoch, also after a resume; a line for whoever listens."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import lightning
import pytest
import torch

from lumbargrade.errors import OutputError
from lumbargrade.training.progress_log import NOBODY, EpochLog, Listener, read_metrics


def trainer(epoch: int, zero: bool = True, /, **metrics: float) -> lightning.Trainer:
    """What the callback asks a trainer for."""
    values = {name.replace("__", "/"): torch.tensor(value) for name, value in metrics.items()}
    made: Any = SimpleNamespace(
        current_epoch=epoch,
        is_global_zero=zero,
        callback_metrics=values,
        num_training_batches=7,
    )
    return cast(lightning.Trainer, made)


def test_rows_are_added_and_new_columns_leave_old_cells_empty(tmp_path: Path) -> None:
    log = EpochLog(tmp_path / "metrics.csv", NOBODY)
    log.on_train_epoch_end(trainer(0, train__loss=1.25), None)
    log.on_train_epoch_end(trainer(1, train__loss=0.5, val__loss=2.0), None)
    assert read_metrics(tmp_path / "metrics.csv") == [
        {"epoch": "0", "train/loss": "1.25", "val/loss": ""},
        {"epoch": "1", "train/loss": "0.5", "val/loss": "2"},
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["metrics.csv"]


def test_a_resume_drops_the_epochs_that_are_done_again(tmp_path: Path) -> None:
    log = EpochLog(tmp_path / "metrics.csv", NOBODY)
    for epoch in range(3):
        log.on_train_epoch_end(trainer(epoch, train__loss=1.0), None)
    log.on_train_start(trainer(1), None)
    assert [row["epoch"] for row in read_metrics(tmp_path / "metrics.csv")] == ["0"]


def test_one_process_alone_writes(tmp_path: Path) -> None:
    log = EpochLog(tmp_path / "metrics.csv", NOBODY)
    log.on_train_start(trainer(0, False), None)
    log.on_train_epoch_end(trainer(0, False, train__loss=1.0), None)
    assert read_metrics(tmp_path / "metrics.csv") == []
    assert list(tmp_path.iterdir()) == []


def test_listeners_hear_progress_and_a_line_an_epoch(tmp_path: Path) -> None:
    steps: list[tuple[str, int, int]] = []
    lines: list[str] = []
    listener = Listener(lambda *step: steps.append(step), lines.append)
    log = EpochLog(tmp_path / "metrics.csv", listener)
    log.on_train_batch_end(trainer(2), None, None, None, 4)
    assert steps == [("epoch 3", 5, 7)]
    metrics = {
        "train__loss": 0.5,
        "val__loss": 0.75,
        "val__LDH__kappa_linear": 0.61,
        "val__LDH__recall_0": 0.9,
        "val__LNRC_left__kappa_linear": 0.5,
        "val__disc__kappa_linear": 0.9,
        "val__macro_recall": 0.7,
    }
    log.on_train_epoch_end(trainer(2, **metrics), None)
    (line,) = lines
    assert line.startswith("epoch 3 | loss 0.500 | val loss 0.750 | ")
    assert "LDH kappa 0.61 recall 0.90/-/-/-" in line
    assert "macro recall 0.700" in line
    assert "LNRC_left" not in line
    assert "disc" not in line


def test_nobody_may_listen() -> None:
    NOBODY.at("epoch 1", 1, 2)
    NOBODY.say("a line")


def test_metrics_keep_the_case_of_their_names(tmp_path: Path) -> None:
    file = tmp_path / "metrics.csv"
    assert read_metrics(file) == []
    file.write_text("epoch,val/LDH/kappa_linear,train/loss\n0,-0.1,\n1,-1e-05,nan\n")
    names = ("epoch", "val/LDH/kappa_linear", "train/loss")
    assert read_metrics(file) == [
        dict(zip(names, ("0", "-0.1", ""), strict=True)),
        dict(zip(names, ("1", "-1e-05", "nan"), strict=True)),
    ]


def test_metrics_that_are_no_table_are_one_line(tmp_path: Path) -> None:
    file = tmp_path / "metrics.csv"
    file.write_bytes(b"epoch\n\xff\n")
    with pytest.raises(OutputError, match=r"metrics\.csv: is not UTF-8 \(byte 6\)"):
        read_metrics(file)
