"""Images a second in real training (data, augmentation, Lightning) beside a plain step."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from benchmarks.measure import command_cost, median_s
from lumbargrade.phantom.generate import generate_cohort
from lumbargrade.phantom.options import CohortOptions
from lumbargrade.training.network import Grader
from lumbargrade.training.progress_log import read_metrics
from lumbargrade.training.recipe_file import load_recipe, write_recipe
from lumbargrade.training.tasks.specs import recipe_specs

PATIENTS = 40
EPOCHS = 2


def run(options: argparse.Namespace) -> None:
    """Train the default recipe at full picture size for two short epochs."""
    place: Path = options.out / "training_speed"
    cohort = place / "cohort"
    generate_cohort(cohort, CohortOptions(options.patients or PATIENTS, 1))
    recipe = load_recipe("default")
    full_size = replace(recipe.optimiser, stages=((0.0, recipe.input.pixels),), epochs=EPOCHS)
    recipe = replace(recipe, optimiser=full_size, locator=replace(recipe.locator, enabled=False))
    write_recipe(recipe, place / "recipe.toml")
    name = f"run-{len([path for path in place.iterdir() if path.is_dir()])}"
    recipe_file = str(place / "recipe.toml")
    cost = command_cost(["train", str(cohort), "-o", str(place / name), "--recipe", recipe_file])
    last = read_metrics(place / name / "metrics.csv")[-1]  # the first epoch warms up
    images_per_s = float(last["speed/images_per_s"])
    baseline = _plain(place / name / "cache" / "patches.npy", recipe.optimiser.batch)
    print(f"eager float32 torch, step alone   {baseline:6.1f} images/s")
    print(
        f"train, default recipe, 128 px     {images_per_s:6.1f} images/s "
        f"({images_per_s / baseline:.1f} times; aim 40), "
        f"{float(last['speed/wait_share']):.1%} of it waiting for data"
    )
    print(f"peak memory of `lumbargrade train` {cost.peak_mb:6.0f} MB")


def _plain(patches: Path, batch: int) -> float:
    """Images a second of a float32 step with Adam on pictures that are already there."""
    recipe = load_recipe("default")
    specs = recipe_specs(recipe)
    network = Grader(recipe.network.backbone, {spec.name: spec.grades for spec in specs})
    optimiser = torch.optim.Adam(network.parameters(), lr=1e-3)
    stored = np.load(patches, mmap_mode="r")
    margin, edge = recipe.input.margin_px, recipe.input.pixels
    cut = stored[:batch, margin : margin + edge, margin : margin + edge]
    pictures = torch.from_numpy(cut.astype(np.float32)).unsqueeze(1)
    labels = torch.zeros(len(pictures), dtype=torch.long)

    def step() -> None:
        optimiser.zero_grad()
        losses = [functional.cross_entropy(logits, labels) for logits in network(pictures).values()]
        torch.stack(losses).sum().backward()
        optimiser.step()

    return len(pictures) / median_s(step, 7, 2)
