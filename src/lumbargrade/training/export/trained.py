"""What a finished run holds: its best networks, ready for export, and their answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from lumbargrade.cohort.split.file import read_split_file
from lumbargrade.errors import OutputError
from lumbargrade.inference.answers.mirror import both_ways, mirror_averaged, mirror_names
from lumbargrade.inference.bundle_json import OutputSpec
from lumbargrade.inference.measures.names import MEASURES
from lumbargrade.training.data import SliceTable
from lumbargrade.training.export.conformal_sets import Answers
from lumbargrade.training.fold_batch_norm import folded, round_to_half
from lumbargrade.training.locator.fit import load_locator
from lumbargrade.training.locator.network import Locator
from lumbargrade.training.material.tables import slice_table
from lumbargrade.training.network import Grader, grader_of
from lumbargrade.training.progress_log import read_metrics
from lumbargrade.training.recipe import Recipe
from lumbargrade.training.recipe_file import load_recipe
from lumbargrade.training.run_folder import RunFolder, read_record
from lumbargrade.training.tasks.auxiliary import divided
from lumbargrade.training.tasks.further import AUXILIARY
from lumbargrade.training.tasks.specs import recipe_specs


@dataclass(frozen=True)
class Trained:
    """What a run holds, ready to be written: weights folded and rounded, no auxiliary head."""

    recipe: Recipe
    specs: tuple[OutputSpec, ...]
    grader: Grader
    locator: Locator | None
    locator_scores: dict[str, float]
    record: dict[str, Any]
    best_epoch: dict[str, float]


def load_trained(run: RunFolder) -> Trained:
    """Load the best checkpoint of a run and its locator.

    Raises OutputError if the folder holds no run, or the run no finished epoch.
    """
    record = read_record(run)
    recipe, specs, grader, epoch = load_grader(run)
    specs, auxiliary = divided(specs, recipe.outputs)
    for spec in auxiliary:
        del grader.heads[spec.name]
    grader = folded(grader)
    round_to_half(grader)
    found = load_locator(run.locator)
    locator = folded(found[0]) if found else None
    if locator is not None:
        round_to_half(locator)
    rows = [row for row in read_metrics(run.metrics) if row["epoch"] == str(epoch)]
    scores = {name: float(value) for name, value in (rows[0] if rows else {}).items() if value}
    scores = {name: value for name, value in scores.items() if f"/{AUXILIARY}/" not in name}
    if run.split.is_file():  # by which `evaluate` knows that a split is this model's
        record["data"]["split_checksum"] = str(read_split_file(run.split).get("checksum", ""))
    return Trained(recipe, specs, grader, locator, found[1] if found else {}, record, scores)


def load_grader(run: RunFolder) -> tuple[Recipe, tuple[OutputSpec, ...], Grader, int]:
    """Return recipe, heads (the auxiliary ones last), the best checkpoint's network and its epoch.

    Raises OutputError if no epoch was finished.
    """
    best = run.checkpoints / "best.ckpt"
    if not best.is_file():
        raise OutputError(f"{best}: no checkpoint yet; finish the run with  train --resume")
    recipe = load_recipe(str(run.recipe))
    specs = recipe_specs(recipe)
    checkpoint = torch.load(best, map_location="cpu", weights_only=True)
    prefix = "average." if recipe.optimiser.ema_decay > 0 else "network."
    state = {
        name.removeprefix(prefix): value
        for name, value in checkpoint["state_dict"].items()
        if name.startswith(prefix)
    }
    grader = grader_of(recipe, specs)
    grader.load_state_dict(state)
    return recipe, specs, grader, int(checkpoint["epoch"])


def validation_answers(trained: Trained, run: RunFolder) -> Answers:
    """Return the folded, rounded network's logits on the validation slices."""
    table, patients = validation_table(run)
    parts: dict[str, list[NDArray[np.float64]]] = {spec.name: [] for spec in trained.specs}
    for start in range(0, len(table), 32):
        index = np.arange(start, min(start + 32, len(table)))
        given = answers_of(trained, inner(table.batch(index)["pictures"].numpy(), trained.recipe))
        for name, found in parts.items():
            found.append(given[name].astype(np.float64))
    logits = {name: np.concatenate(each) for name, each in parts.items()}
    return Answers(logits, table.labels, patients)


def validation_table(run: RunFolder) -> tuple[SliceTable, NDArray[np.str_] | None]:
    """Return the validation slices, and whose each is (n,); None in runs from before there were
    sets, which do not say so.
    """
    with np.load(run.tables) as tables:
        rows, labels = tables["validation"], tables["labels"]
        patients = tables["patients"][rows] if "patients" in tables else None
    return slice_table(run, rows, labels[rows]), patients


def answers_of(trained: Trained, inputs: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
    """Return the logits (n, grades) of inputs (n, c, p, p) and the measures (n, m) in their units,
    as the bundle's will be made: averaged over both ways where the recipe says so.
    """
    averaged = trained.recipe.outputs.mirror_average
    seen = both_ways(inputs) if averaged else inputs
    with torch.inference_mode():
        outputs = trained.grader(torch.from_numpy(seen))
        if trained.grader.measures is not None:
            # before the sides are averaged: each side has a mean and a spread of its own
            outputs[MEASURES] = trained.grader.measures.in_units(outputs[MEASURES])
        given = {name: one.numpy() for name, one in outputs.items()}
    names, measures = mirror_names(trained.specs), trained.recipe.outputs.measures
    return mirror_averaged(given, names, measures) if averaged else given


def inner(patches: NDArray[np.float16], recipe: Recipe) -> NDArray[np.float32]:
    """Return what the network reads of packed inputs: (..., pixels, pixels) without the margin."""
    margin, pixels = recipe.input.margin_px, recipe.input.pixels
    inner = patches[..., margin : margin + pixels, margin : margin + pixels]
    return np.ascontiguousarray(inner, dtype=np.float32)
