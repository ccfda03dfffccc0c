from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from lumbargrade.grading.finding import Side
from lumbargrade.inference.bundle_json import OutputSpec
from lumbargrade.training.data import SliceTable
from lumbargrade.training.recipe import NetworkSettings, OptimiserSettings, Recipe
from lumbargrade.training.task import GradingTask

SPECS = (
    OutputSpec("LDH", "LDH", None, 4),
    OutputSpec("LNRC_left", "LNRC", Side.LEFT, 4),
    OutputSpec("LNRC_right", "LNRC", Side.RIGHT, 4),
    OutputSpec("disc", "", None, 2),
)


def test_average_follows_the_weights(tmp_path: Path) -> None:
    recipe = Recipe(
        network=NetworkSettings(backbone="resnet18"),
        optimiser=OptimiserSettings(ema_decay=0.9),
    )
    table = SliceTable(tmp_path / "none.npy", np.zeros(0, dtype=int), np.zeros((0, 4), dtype=int))
    task = GradingTask(recipe, SPECS, table, table)
    assert task.average is not None
    before = task.average.get_parameter("heads.LDH.weight").clone()
    with torch.no_grad():
        task.network.get_parameter("heads.LDH.weight").add_(1.0)
    task.on_train_batch_end(None, {}, 0)  # the first update: 1 / 11 remembers, 10 / 11 follows
    moved = task.average.get_parameter("heads.LDH.weight") - before
    torch.testing.assert_close(moved, torch.full_like(moved, 10 / 11))
    assert task.scored is task.average
