"""The project's recipe: its patch, network, augmentation and training task, on real slices.

The moving average at the end of the last epoch is tested, on each picture and its mirror
image; no epoch is chosen. A killed run goes on from its last whole epoch.
"""

from __future__ import annotations

import logging
import time
import warnings
from collections.abc import Mapping
from pathlib import Path

import lightning
import numpy as np
import torch
from lightning.pytorch.callbacks import Callback, ModelCheckpoint
from numpy.typing import NDArray
from torch import Tensor

from benchmarks.real.data import SYSTEMS
from benchmarks.real.folds.parts import Part
from benchmarks.real.folds.patches import packed_patches
from lumbargrade.training.augment import centre_crop
from lumbargrade.training.data import SliceTable
from lumbargrade.training.heads import output_specs
from lumbargrade.training.recipe import Recipe
from lumbargrade.training.recipe_file import load_recipe
from lumbargrade.training.schedule import lightning_precision
from lumbargrade.training.task import VALIDATION_BATCH, GradingTask

RECIPES = Path(__file__).parent / "recipes"
Rows = NDArray[np.int64]


def train_project(
    part: Part, recipe: Recipe, rows: Mapping[str, Rows], folder: Path, cache: Path
) -> dict[str, NDArray[np.float64]]:
    """Train on ``rows["train"]``; return code -> probabilities of ``rows["test"]``.

    Parameters
    ----------
    folder : of the checkpoint.
    cache : of the patches, which all folds share.
    """
    file = packed_patches(part, recipe.input, cache)
    tables = {name: SliceTable(file, chosen, part.labels[chosen]) for name, chosen in rows.items()}
    outputs = recipe.outputs
    specs = output_specs([SYSTEMS[code] for code in part.codes], outputs.sides, outputs.disc_head)
    torch.manual_seed(recipe.optimiser.seed)
    task = GradingTask(recipe, specs, tables["train"], tables["test"])
    last = folder / "last.ckpt"
    if not last.exists():
        task.start()
    trainer = _trainer(recipe, folder)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        warnings.filterwarnings("ignore", module="lightning")
        trainer.fit(task, ckpt_path=str(last) if last.exists() else None, weights_only=True)
    return predict_both_ways(task, tables["test"])


def recipe_of(part: str) -> Recipe:
    """Return the recipe that the benchmark uses for a part."""
    return load_recipe(str(RECIPES / f"{part}.toml"))


def predict_both_ways(task: GradingTask, table: SliceTable) -> dict[str, NDArray[np.float64]]:
    """Return code -> mean probabilities (n, grades) of each picture and its mirror image."""
    network, full = task.scored.eval(), task.recipe.input.pixels
    found: dict[str, list[Tensor]] = {spec.name: [] for spec in task.specs}
    with torch.no_grad():
        for start in range(0, len(table), VALIDATION_BATCH):
            chosen = range(start, min(start + VALIDATION_BATCH, len(table)))
            pictures = centre_crop(table.batch(chosen)["pictures"], full, full)
            ways = [network(one) for one in (pictures, pictures.flip(-1))]
            for name, parts in found.items():
                both = [way[name].double().softmax(1) for way in ways]
                parts.append((both[0] + both[1]) / 2)
    return {name: torch.cat(parts).numpy() for name, parts in found.items()}


class _Said(Callback):
    """Prints a line an epoch."""

    def __init__(self) -> None:
        self._started = time.perf_counter()

    def on_train_epoch_end(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule
    ) -> None:
        """Say how far the training is."""
        loss = float(trainer.callback_metrics["train/loss"])
        took = time.perf_counter() - self._started
        self._started = time.perf_counter()
        epoch = f"epoch {trainer.current_epoch + 1}/{trainer.max_epochs}"
        print(f"  {epoch}: loss {loss:.3f}, {took:.0f} s", flush=True)


def _trainer(recipe: Recipe, folder: Path) -> lightning.Trainer:
    logging.getLogger("lightning.pytorch").setLevel(logging.WARNING)
    # Written to a new file and moved: a kill leaves the old one or the new one.
    keep = ModelCheckpoint(
        folder, filename="last", save_on_train_epoch_end=True, enable_version_counter=False
    )
    return lightning.Trainer(
        accelerator="cpu",
        devices=1,
        precision=lightning_precision(recipe.optimiser.precision),
        max_epochs=recipe.optimiser.epochs,
        callbacks=[_Said(), keep],
        logger=False,
        use_distributed_sampler=False,
        reload_dataloaders_every_n_epochs=1,
        limit_val_batches=0,
        num_sanity_val_steps=0,
        enable_progress_bar=False,
        enable_model_summary=False,
    )
