"""From a cohort to a trained grader and locator."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import torch

from lumbargrade import __version__
from lumbargrade.cohort.read import Cohort, CohortSlice
from lumbargrade.cohort.split.assign_parts import AssignmentOptions
from lumbargrade.errors import CohortError, OutputError, RecipeError
from lumbargrade.inference.bundle_json import OUTLINER_FILE
from lumbargrade.study.patch import PatchSpec
from lumbargrade.training import run_folder
from lumbargrade.training.cache import DONE, CacheSpec, PackedSlices, pack
from lumbargrade.training.locator.fit import LocatorData, fit_locator
from lumbargrade.training.loop.trainer import run_trainer
from lumbargrade.training.maps.kept import drawing_bundle, keep_outliner
from lumbargrade.training.material.bends import BENDS, Source, as_slices, bend, sources_of
from lumbargrade.training.material.cohorts import Material, read_material, record_of
from lumbargrade.training.material.sites import refuse_unknown_sites
from lumbargrade.training.material.soft import soft_targets
from lumbargrade.training.material.tables import known_table, part_rows, write_tables
from lumbargrade.training.progress_log import NOBODY, Listener
from lumbargrade.training.recipe import Recipe
from lumbargrade.training.recipe_file import load_recipe
from lumbargrade.training.task import GradingTask
from lumbargrade.training.tasks.measures import with_known_measures
from lumbargrade.training.tasks.specs import recipe_specs


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
    cohorts: Path | Sequence[Path],
    run_path: Path,
    options: TrainOptions,
    listener: Listener = NOBODY,
) -> Path:
    """Train the locator and the grader on one cohort or several; return the best checkpoint.

    Raises CohortError, RecipeError or OutputError if the cohort, the recipe or the output folder
    cannot be used.
    """
    recipe = resolve_recipe(options)
    material = read_material([cohorts] if isinstance(cohorts, Path) else cohorts, options.split)
    cohort = material.cohort
    slices = run_folder.usable_slices(cohort, recipe)
    bends = {BENDS} if recipe.bends.per_slice else set()
    refuse_unknown_sites(recipe.sampling.sites, {one.site for one in slices} | bends)
    recipe = with_known_measures(recipe, slices, listener)
    run = run_folder.RunFolder(run_path)
    with run_folder.opened(run, options.resume):
        run_folder.start_run(run, recipe)
        return _train(recipe, (material, slices), run, options, listener)


def _train(
    recipe: Recipe,
    known: tuple[Material, tuple[CohortSlice, ...]],
    run: run_folder.RunFolder,
    options: TrainOptions,
    listener: Listener,
) -> Path:
    """Split, pack, and train what is ``known``: all cohorts, and the slices that may be used."""
    (material, slices), specs = known, recipe_specs(recipe)
    cohort = material.cohort
    parts = run_folder.split_run(
        run,
        replace(cohort, slices=slices),
        AssignmentOptions(recipe.optimiser.seed, recipe.sampling.parts),
        material.split,
        lambda done, total: listener.at("comparing images", done, total),
    )
    sources = sources_of(
        slices,
        lambda one: parts[one.patient_id] == "train" and material.is_real(one),
        recipe.bends,
    )
    spec = _cache_spec(cohort, run, recipe, sum(len(one.bent_rows) for one in sources))
    packed = _pack(slices, run, spec, options.workers, listener)
    rows = part_rows(slices, parts, packed.state)
    record = record_of(material, slices, rows["train"], packed.squares_mm)
    run_folder.write_record(run, recipe, record, __version__)
    if recipe.locator.enabled and not (options.resume and run.locator.exists()):
        data = LocatorData(packed.overviews, packed.targets, rows["train"], rows["validation"])
        fit_locator(data, recipe, run.locator, listener)
    write_tables(run, recipe, slices, rows)
    bent = _bent(slices, sources, run, (spec, options.workers), listener)
    learned = np.concatenate([rows["train"], np.array(list(bent), dtype=np.int64)])
    taught = (*(slices[row] for row in rows["train"]), *bent.values())
    tested = tuple(slices[row] for row in rows["validation"])
    soft = soft_targets(taught[: len(rows["train"])], len(bent), specs, recipe.labels)
    tables = (
        replace(known_table(run, recipe, learned, taught), soft=soft),
        known_table(run, recipe, rows["validation"], tested),
    )
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


def _cache_spec(
    cohort: Cohort, run: run_folder.RunFolder, recipe: Recipe, bent_rows: int
) -> CacheSpec:
    """Return what is to be packed; keep the network that draws the maps in the run."""
    bundle = drawing_bundle(recipe)
    if bundle is not None:
        keep_outliner(bundle, run.outliner)
    return CacheSpec(
        cohort.fingerprint,
        PatchSpec(recipe.input.size_mm, recipe.input.pixels),
        recipe.input.margin_px,
        outliner=None
        if bundle is None
        else (str(bundle.folder), bundle.manifest.files[OUTLINER_FILE]),
        bent_rows=bent_rows,
        rule=recipe.input.rule,
    )


def _pack(
    slices: tuple[CohortSlice, ...],
    run: run_folder.RunFolder,
    spec: CacheSpec,
    workers: int,
    listener: Listener,
) -> PackedSlices:
    packed = pack(slices, run.cache, spec, workers, lambda d, t: listener.at("packing", d, t))
    refused = int(np.count_nonzero(packed.state[: len(slices)] != DONE))
    lacking = " or without a drawn box" if spec.rule.is_drawn else ""
    listener.say(
        f"packed {len(slices) - refused} slices, {refused} outside their field of view{lacking}"
    )
    if refused == len(slices) and spec.rule.is_drawn:
        raise CohortError(
            "no slice has a drawn box that can be learned from ([input] region = drawn): import "
            "boxes with 'lumbargrade cohort import --regions BOXES', or train on fixed squares"
        )
    return packed


def _bent(
    slices: tuple[CohortSlice, ...],
    sources: tuple[Source, ...],
    run: run_folder.RunFolder,
    packing: tuple[CacheSpec, int],
    listener: Listener,
) -> dict[int, CohortSlice]:
    """Bend slices into the cache, ``packing`` being its kind and the processes; row -> slice."""
    if not sources:
        return {}
    spec, workers = packing
    tell = lambda done, total: listener.at("bending", done, total)  # noqa: E731
    bent = as_slices(bend(sources, run.cache, spec, workers, tell), sources, slices)
    listener.say(f"bent {len(sources)} slices without findings into {len(bent)}")
    return bent


def _fit(
    task: GradingTask, run: run_folder.RunFolder, options: TrainOptions, listener: Listener
) -> Path:
    last = run.checkpoints / "last.ckpt"
    start = last if options.resume and last.exists() else None
    if start is None:
        task.start()
    # Listeners are functions of this process and cannot be sent to others.
    hears = NOBODY if options.devices > 1 else listener
    trainer = run_trainer(task.recipe.optimiser, run, options.devices, start, hears)
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
