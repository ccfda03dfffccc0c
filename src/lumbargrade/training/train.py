"""From a cohort to a trained grader and locator."""

from __future__ import annotations

import logging
import os
import warnings
from dataclasses import dataclass, field, replace
from pathlib import Path

import lightning
import numpy as np
import torch
from lightning.pytorch.callbacks import Callback, EarlyStopping, ModelCheckpoint
from lightning.pytorch.loggers import TensorBoardLogger
from lightning.pytorch.strategies import DDPStrategy
from numpy.typing import NDArray

from lumbargrade import __version__
from lumbargrade.cohort.read import Cohort, CohortSlice, read_cohort
from lumbargrade.cohort.split.leakage import split_for, trainable
from lumbargrade.errors import OutputError, RecipeError
from lumbargrade.files.write import whole
from lumbargrade.grading.system import GRADING_SYSTEMS
from lumbargrade.inference.bundle_json import OutputSpec
from lumbargrade.study.patch import PatchSpec
from lumbargrade.training import run_folder
from lumbargrade.training.cache import DONE, MAPS_FILE, CacheSpec, PackedSlices, pack
from lumbargrade.training.data import SliceTable, label_table
from lumbargrade.training.heads import output_specs
from lumbargrade.training.locator.fit import LocatorData, fit_locator
from lumbargrade.training.maps.kept import drawing_bundle, keep_outliner
from lumbargrade.training.progress_log import NOBODY, EpochLog, Listener
from lumbargrade.training.recipe import Recipe
from lumbargrade.training.recipe_file import load_recipe
from lumbargrade.training.schedule import lightning_precision
from lumbargrade.training.task import GradingTask


@dataclass(frozen=True)
class TrainOptions:
    """What the command line says.

    Attributes
    ----------
    recipe : name of a packaged recipe, or path of a TOML file.
    tasks : grading systems to learn; empty: those of the recipe.
    epochs : instead of the recipe's, where given.
    devices : processes (CPU) or graphics cards.
    resume : go on with the run in the folder.
    workers : processes that pack the cache.
    split : locked split to follow; None: that of the cohort folder, or one made for the run.
    """

    recipe: str = "default"
    tasks: tuple[str, ...] = ()
    epochs: int | None = None
    devices: int = 1
    resume: bool = False
    workers: int = field(default_factory=lambda: os.cpu_count() or 1)
    split: Path | None = None


def train(
    cohort_folder: Path, run_path: Path, options: TrainOptions, listener: Listener = NOBODY
) -> Path:
    """Train the locator and the grader on a cohort; return the best checkpoint.

    Raises CohortError, RecipeError or OutputError if the cohort, the recipe or the output folder
    cannot be used.
    """
    recipe = resolve_recipe(options)
    specs = recipe_specs(recipe)
    split = split_for(cohort_folder, options.split)
    cohort = trainable(read_cohort(cohort_folder), split)
    slices = run_folder.usable_slices(cohort, recipe)
    run = run_folder.RunFolder(run_path)
    run_folder.start_run(run, recipe, options.resume)
    parts = run_folder.split_run(
        run,
        replace(cohort, slices=slices),
        recipe.optimiser.seed,
        split,
        lambda done, total: listener.at("comparing images", done, total),
    )
    packed = _pack(cohort, slices, run, recipe, options.workers, listener)
    rows = part_rows(slices, parts, packed.state)
    run_folder.write_record(run, recipe, _describe(cohort, slices, rows), __version__)
    if recipe.locator.enabled and not (options.resume and run.locator.exists()):
        data = LocatorData(packed.overviews, packed.targets, rows["train"], rows["validation"])
        fit_locator(data, recipe, run.locator, listener)
    labels = label_table(slices, specs)
    patients = np.array([item.patient_id for item in slices])
    with whole(run.tables) as draft, draft.open("wb") as stream:
        np.savez(stream, allow_pickle=False, labels=labels, patients=patients, **rows)
    tables = [slice_table(run, rows[part], labels) for part in ("train", "validation")]
    torch.manual_seed(recipe.optimiser.seed)  # order and augmentation carry their own seeds
    return _fit(GradingTask(recipe, specs, tables[0], tables[1]), run, options, listener)


def resolve_recipe(options: TrainOptions) -> Recipe:
    """Load the recipe and apply what the command line changes."""
    recipe = load_recipe(options.recipe)
    if options.tasks:
        recipe = replace(recipe, outputs=replace(recipe.outputs, systems=tuple(options.tasks)))
    if options.epochs is not None:
        if options.epochs < 1:
            raise RecipeError(f"--epochs {options.epochs}: must be at least 1")
        recipe = replace(recipe, optimiser=replace(recipe.optimiser, epochs=options.epochs))
    return recipe


def recipe_specs(recipe: Recipe) -> tuple[OutputSpec, ...]:
    """Return the heads that a recipe asks for.

    Raises RecipeError if it names a grading system that is not known.
    """
    unknown = [code for code in recipe.outputs.systems if code not in GRADING_SYSTEMS]
    if unknown:
        raise RecipeError(
            f"grading system '{unknown[0]}' is unknown: choose from {', '.join(GRADING_SYSTEMS)}"
        )
    systems = [GRADING_SYSTEMS[code] for code in recipe.outputs.systems]
    return output_specs(systems, recipe.outputs.sides, recipe.outputs.disc_head)


def part_rows(
    slices: tuple[CohortSlice, ...], parts: dict[str, str], state: np.ndarray
) -> dict[str, np.ndarray]:
    """Return part -> rows of the cache that belong to it and could be packed."""
    owner = np.array([parts[item.patient_id] for item in slices])
    usable = state == DONE
    return {part: np.flatnonzero((owner == part) & usable) for part in sorted(set(owner))}


def slice_table(
    run: run_folder.RunFolder, rows: NDArray[np.int64], labels: NDArray[np.int64]
) -> SliceTable:
    """Return the packed slices of ``rows``; ``labels`` (N, outputs) are of the whole cohort."""
    maps = run.cache / MAPS_FILE
    file = run.cache / "patches.npy"
    return SliceTable(file, rows, labels[rows], maps if maps.is_file() else None)


def _pack(
    cohort: Cohort,
    slices: tuple[CohortSlice, ...],
    run: run_folder.RunFolder,
    recipe: Recipe,
    workers: int,
    listener: Listener,
) -> PackedSlices:
    bundle = drawing_bundle(recipe)
    if bundle is not None:
        keep_outliner(bundle, run.outliner)
    spec = CacheSpec(
        cohort.fingerprint,
        PatchSpec(recipe.input.size_mm, recipe.input.pixels),
        recipe.input.margin_px,
        outliner=None if bundle is None else (str(bundle.folder), bundle.sha256),
    )
    packed = pack(slices, run.cache, spec, workers, lambda d, t: listener.at("packing", d, t))
    refused = int(np.count_nonzero(packed.state != DONE))
    listener.say(f"packed {len(slices) - refused} slices, {refused} outside their field of view")
    return packed


def _describe(
    cohort: Cohort, slices: tuple[CohortSlice, ...], rows: dict[str, np.ndarray]
) -> run_folder.DataRecord:
    trained = {slices[row].patient_id for row in rows["train"]}
    return run_folder.DataRecord(
        fingerprint=cohort.fingerprint,
        simulated=cohort.simulated,
        patients=len({item.patient_id for item in slices}),
        slices=len(slices),
        training_patients=len(trained),
        training_slices=len(rows["train"]),
        scanners=tuple(sorted({item.scanner for item in slices})),
        contrasts=tuple(sorted({item.contrast for item in slices})),
    )


def _fit(
    task: GradingTask, run: run_folder.RunFolder, options: TrainOptions, listener: Listener
) -> Path:
    recipe = task.recipe
    last = run.checkpoints / "last.ckpt"
    if not (options.resume and last.exists()):
        task.start()
    trainer = _trainer(recipe, run, options, listener)
    start = str(last) if options.resume and last.exists() else None
    # Plain data only: a checkpoint that somebody sent cannot run code here.
    with warnings.catch_warnings():
        # Lightning's use of torch's internals is not the user's concern.
        warnings.simplefilter("ignore", FutureWarning)
        warnings.filterwarnings("ignore", module="lightning")
        trainer.fit(task, ckpt_path=start, weights_only=True)
    best = run.checkpoints / "best.ckpt"
    if not best.exists():
        raise OutputError(f"{best}: no epoch was completed; allow the run more time")
    return best


def _trainer(
    recipe: Recipe, run: run_folder.RunFolder, options: TrainOptions, listener: Listener
) -> lightning.Trainer:
    logging.getLogger("lightning.pytorch").setLevel(logging.WARNING)
    cuda = torch.cuda.is_available()
    several = options.devices > 1
    # Listeners are functions of this process and cannot be sent to others.
    heard_by = NOBODY if several else listener
    callbacks: list[Callback] = [
        EpochLog(run.metrics, heard_by),
        ModelCheckpoint(
            run.checkpoints,
            filename="best",
            monitor="val/selection",
            mode="max",
            save_last=True,
            enable_version_counter=False,
        ),
    ]
    if recipe.optimiser.patience > 0:
        patience = recipe.optimiser.patience
        callbacks.append(EarlyStopping("val/selection", patience=patience, mode="max"))
    backend = "nccl" if cuda else "gloo"
    return lightning.Trainer(
        accelerator="cuda" if cuda else "cpu",
        devices=options.devices,
        strategy=DDPStrategy(start_method="spawn", process_group_backend=backend)
        if several
        else "auto",
        precision=lightning_precision(recipe.optimiser.precision),
        max_epochs=recipe.optimiser.epochs,
        callbacks=callbacks,
        logger=TensorBoardLogger(run.path, name="tensorboard", version=""),
        use_distributed_sampler=False,
        reload_dataloaders_every_n_epochs=1,
        num_sanity_val_steps=0,
        log_every_n_steps=10,
        enable_progress_bar=several,
        enable_model_summary=False,
    )
