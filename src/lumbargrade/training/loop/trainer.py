"""The trainer of a run: its checkpoints are whole or absent, its curves have each step once."""

from __future__ import annotations

import io
import logging
import os
from pathlib import Path
from typing import Any

import lightning
import torch
from lightning.fabric.plugins.io.torch_io import TorchCheckpointIO
from lightning.pytorch.callbacks import Callback, EarlyStopping, ModelCheckpoint
from lightning.pytorch.loggers import TensorBoardLogger
from lightning.pytorch.strategies import DDPStrategy

from lumbargrade.files.write import write_bytes
from lumbargrade.training.progress_log import EpochLog, Listener
from lumbargrade.training.recipe import OptimiserSettings
from lumbargrade.training.run_folder import RunFolder
from lumbargrade.training.schedule import lightning_precision


class WholeCheckpoints(TorchCheckpointIO):
    """Writes a checkpoint beside its place and renames it.

    Lightning's own writes into the folder for temporary files and moves it from there, which is
    a copy where that is another disk: a kill leaves half a checkpoint, or a whole one in there.
    """

    def save_checkpoint(
        self, checkpoint: dict[str, Any], path: str | os.PathLike[str], storage_options: Any = None
    ) -> None:
        """Write a checkpoint. Raises OSError if it cannot be written."""
        buffer = io.BytesIO()  # torch hides the reason why a file cannot be written
        torch.save(checkpoint, buffer)
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        write_bytes(Path(path), buffer.getvalue())


class WrittenCurves(Callback):
    """Has TensorBoard's points written before a checkpoint says that their epoch is done."""

    def on_train_epoch_end(self, trainer: lightning.Trainer, pl_module: Any) -> None:
        """Write what waits."""
        for logger in trainer.loggers:
            if isinstance(logger, TensorBoardLogger):
                logger.experiment.flush()


def run_trainer(
    settings: OptimiserSettings, run: RunFolder, devices: int, start: Path | None, hears: Listener
) -> lightning.Trainer:
    """Return the trainer of a run on so many devices, which goes on from the checkpoint ``start``.

    ``hears`` is told of each epoch and must be picklable where there are several devices.
    """
    logging.getLogger("lightning.pytorch").setLevel(logging.WARNING)
    cuda, several = torch.cuda.is_available(), devices > 1
    # In this order: what last.ckpt calls done has its row, and its best.ckpt where it was better.
    callbacks: list[Callback] = [
        EpochLog(run.metrics, hears),
        WrittenCurves(),
        ModelCheckpoint(
            run.checkpoints,
            filename="best",
            monitor="val/selection",
            mode="max",
            enable_version_counter=False,
        ),
        # Not save_last of the other, which only writes where an epoch was better than all before.
        ModelCheckpoint(run.checkpoints, filename="last", enable_version_counter=False),
    ]
    if settings.patience > 0:
        callbacks.append(EarlyStopping("val/selection", patience=settings.patience, mode="max"))
    backend = "nccl" if cuda else "gloo"
    return lightning.Trainer(
        accelerator="cuda" if cuda else "cpu",
        devices=devices,
        strategy=DDPStrategy(start_method="spawn", process_group_backend=backend)
        if several
        else "auto",
        plugins=[WholeCheckpoints()],
        precision=lightning_precision(settings.precision),
        max_epochs=settings.epochs,
        callbacks=callbacks,
        logger=TensorBoardLogger(
            run.path, name="tensorboard", version="", purge_step=_steps_done(start)
        ),
        use_distributed_sampler=False,
        reload_dataloaders_every_n_epochs=1,
        num_sanity_val_steps=0,
        log_every_n_steps=10,
        enable_progress_bar=several,
        enable_model_summary=False,
    )


def _steps_done(start: Path | None) -> int:
    """Return from which step on TensorBoard hides what an interrupted run wrote."""
    if start is None:
        return 0
    return int(torch.load(start, weights_only=True, mmap=True)["global_step"])
