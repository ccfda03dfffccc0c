"""What is reported about a run while it goes: a row per epoch, progress, a line per epoch."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lightning
from lightning.pytorch.callbacks import Callback

from lumbargrade.errors import OutputError
from lumbargrade.files.read_table import open_table
from lumbargrade.files.table import write_rows

Row = dict[str, str]


@dataclass(frozen=True)
class Listener:
    """Who receives progress(stage, done, total) and one line of text at a time."""

    progress: Callable[[str, int, int], None] | None = None
    message: Callable[[str], None] | None = None

    def at(self, stage: str, done: int, total: int) -> None:
        """Pass on progress, if anybody listens."""
        if self.progress is not None:
            self.progress(stage, done, total)

    def say(self, text: str) -> None:
        """Pass on a line, if anybody listens."""
        if self.message is not None:
            self.message(text)


NOBODY = Listener()
"""Receives nothing."""


class EpochLog(Callback):
    """Writes metrics.csv: one row per epoch, also after a resume."""

    def __init__(self, file: Path, listener: Listener) -> None:
        self.file, self.listener = file, listener
        self.steps = 0

    def on_train_start(self, trainer: lightning.Trainer, pl_module: Any) -> None:
        """Drop rows of epochs that are about to be done again; only one process may write."""
        if not trainer.is_global_zero:
            return
        kept = [row for row in read_metrics(self.file) if int(row["epoch"]) < trainer.current_epoch]
        _write(self.file, kept)

    def on_train_batch_end(self, trainer: lightning.Trainer, *args: Any) -> None:
        """Report the progress through the present epoch."""
        epoch = trainer.current_epoch
        total = int(trainer.num_training_batches)
        self.listener.at(f"epoch {epoch + 1}", args[-1] + 1, total)

    def on_train_epoch_end(self, trainer: lightning.Trainer, pl_module: Any) -> None:
        """Add this epoch's row."""
        if not trainer.is_global_zero:
            return
        row = {"epoch": str(trainer.current_epoch)}
        values = {name: float(value) for name, value in trainer.callback_metrics.items()}
        row |= {name: f"{value:.6g}" for name, value in sorted(values.items())}
        _write(self.file, [*read_metrics(self.file), row])
        self.listener.say(_line(trainer.current_epoch, values))


def read_metrics(file: Path) -> list[Row]:
    """Return the rows of metrics.csv; none if there is no such file.

    Raises OutputError if it is no table.
    """
    if not file.exists():
        return []
    table = open_table(file, ("epoch",), OutputError)
    return [dict(zip(table.heading, cells, strict=True)) for _, cells in table.rows]


def _write(file: Path, rows: list[Row]) -> None:
    names = list(dict.fromkeys(name for row in rows for name in row))
    write_rows(file, names, ([row.get(name) for name in names] for row in rows), line_end="\n")


def _line(epoch: int, values: dict[str, float]) -> str:
    parts = [f"epoch {epoch + 1}", f"loss {values.get('train/loss', math.nan):.3f}"]
    parts.append(f"val loss {values.get('val/loss', math.nan):.3f}")
    for name, value in values.items():
        if name.endswith("/kappa_linear") and "_left" not in name and "_right" not in name:
            output = name.removeprefix("val/").removesuffix("/kappa_linear")
            if output != "disc":
                found = [values.get(f"val/{output}/recall_{grade}", math.nan) for grade in range(4)]
                each = "/".join("-" if math.isnan(x) else f"{x:.2f}" for x in found)
                parts.append(f"{output} kappa {value:.2f} recall {each}")
    parts.append(f"macro recall {values.get('val/macro_recall', math.nan):.3f}")
    parts.append(
        f"{values.get('speed/pixels', 0):.0f} px "
        f"{values.get('speed/images_per_s', 0):.1f} images/s, "
        f"{values.get('speed/wait_share', 0):.1%} waiting, {values.get('speed/minutes', 0):.1f} min"
    )
    return " | ".join(parts)
