"""The folder of a training run: what lies where, and what is written about the run."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from lumbargrade.cohort.read import Cohort, CohortSlice
from lumbargrade.cohort.split.assign_parts import AssignmentOptions, assign_parts
from lumbargrade.cohort.split.file import named, read_split, refuse_moved, write_split
from lumbargrade.cohort.split.patients import SplitPatients, patients_of
from lumbargrade.cohort.split.stratify import TRAINING_PARTS
from lumbargrade.errors import CohortError, OutputError, first_line
from lumbargrade.files.ledger import PRIVATE
from lumbargrade.files.lock import locked
from lumbargrade.files.write import remove_drafts, write_json
from lumbargrade.training.recipe import Recipe
from lumbargrade.training.recipe_file import write_recipe
from lumbargrade.training.tasks.auxiliary import keep_systems
from lumbargrade.training.warm_start import starting_bundle


class RunFolder:
    """Paths inside a run.

    Attributes
    ----------
    recipe : as it was used, with what the command line changed.
    split : patient -> train, validation or test.
    record : what was trained, on what.
    tables : labels, each slice's patient, and which rows of the cache belong to which part.
    checkpoints : best.ckpt and last.ckpt.
    metrics : one row an epoch.
    outliner : the network that drew the maps, where the recipe asks for them.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.recipe = path / "recipe.toml"
        self.split = path / "split.json"
        self.record = path / "run.json"
        self.cache = path / "cache"
        self.tables = path / "tables.npz"
        self.checkpoints = path / "checkpoints"
        self.metrics = path / "metrics.csv"
        self.locator = path / "locator"
        self.outliner = path / "outliner"


@dataclass(frozen=True)
class DataRecord:
    """Which data a run learned from.

    ``simulated`` where any of it is; ``real_patients`` and ``real_slices`` are then those that are
    not. ``origin`` is what the cohorts say of where their slices come from. ``square_mm`` is the
    median edge of the training squares where each drawn box has its own; None: all are of one size.
    """

    fingerprint: str
    simulated: bool
    patients: int
    slices: int
    training_patients: int
    training_slices: int
    scanners: tuple[str, ...]
    contrasts: tuple[str, ...]
    real_patients: int = 0
    real_slices: int = 0
    origin: str = ""
    square_mm: float | None = None


@contextmanager
def opened(run: RunFolder, resume: bool) -> Iterator[None]:
    """Make the folder of a run and keep it for this process; what a killed one drafted is removed.

    Raises OutputError if the folder holds a run that is not to be resumed, or another process
    trains into it; OSErrors of the block become OutputErrors.
    """
    if run.record.exists() and not resume:
        raise OutputError(
            f"{run.path}: already holds a training run; add --resume to continue it, "
            "or choose another folder"
        )
    try:
        run.path.mkdir(parents=True, exist_ok=True)
        with locked(run.path / PRIVATE, run.path):
            for folder in (run.path, run.cache, run.checkpoints, run.outliner):
                remove_drafts(folder)
            yield
    except OSError as error:
        raise OutputError(
            f"{run.path}: cannot be written ({error.strerror or first_line(error)}): give a "
            "folder that is writable and has free space; add --resume to go on with what is there"
        ) from None
    except BrokenProcessPool:
        raise OutputError(
            f"{run.path}: a process that packs slices was killed, most likely out of memory: "
            "free memory and go on with --resume; what was packed is kept"
        ) from None


def start_run(run: RunFolder, recipe: Recipe) -> None:
    """Write the recipe of an opened run, and the grading systems that it names by file."""
    write_recipe(keep_systems(recipe, run.path), run.recipe)


def usable_slices(cohort: Cohort, recipe: Recipe) -> tuple[CohortSlice, ...]:
    """Return the slices that this recipe may read: its contrasts, and never an external scanner.

    The further contrasts of the recipe are among them.

    Raises CohortError if none is left, or nobody has graded any of them.
    """
    contrasts = (*recipe.input.contrasts, *recipe.input.also_contrasts)
    slices = tuple(s for s in cohort.slices if s.contrast in contrasts and not s.external)
    if not slices:
        raise CohortError(
            f"{cohort.folder}: holds no axial slice with contrast {' or '.join(contrasts)} from a "
            "scanner that may be trained on (external scanners are for tests only)"
        )
    if not any(grade is not None for one in slices for grade in one.grades.values()):
        raise CohortError(
            f"{cohort.folder}: no slice has a grade, so there is nothing to learn: let readers "
            "grade them ('lumbargrade read'), then take their grades into a new cohort with "
            "'cohort import --grades'"
        )
    return slices


def split_run(
    run: RunFolder,
    cohort: Cohort,
    how: AssignmentOptions,
    locked: Path | None = None,
    tell: Callable[[int, int], None] = lambda _done, _total: None,
) -> dict[str, str]:
    """Return patient -> part: of the given split, of the run's own, or assigned now.

    Raises CohortError if a part would be empty, a patient is not in the locked split, or the split
    of the run knows other patients or has them in other parts.

    Parameters
    ----------
    cohort : with the slices that the recipe may read, and no others.
    how : seed and shares of a split that is assigned now.
    locked : a locked split that must be followed; None: the run splits by itself.
    tell : hears (pictures compared, all pictures).
    """
    patients = patients_of(cohort)
    known = None if locked is None else _locked_parts(locked, patients)
    if run.split.exists():
        parts = read_split(run.split)
        if known is not None:
            refuse_moved(parts, known, run.split)
        if sorted(parts) != sorted(patients.worst_grades):
            raise CohortError(
                f"{run.split}: was made for patients other than those now in the cohort; "
                "train into a new folder"
            )
        return parts
    parts = known or dict(assign_parts(patients, replace(how, needed=TRAINING_PARTS), tell).parts)
    write_split(run.split, parts, cohort.slices)
    return parts


def _locked_parts(split: Path, patients: SplitPatients) -> dict[str, str]:
    """Return the parts of these patients as the locked split has them."""
    parts = read_split(split)
    strangers = sorted(patients.worst_grades.keys() - parts.keys())
    if strangers:
        raise CohortError(
            f"{split}: does not contain {len(strangers)} patients of {patients.name} "
            f"({named(strangers)}): extend the split with "
            "'lumbargrade cohort split --extend', or leave them out"
        )
    found = {patient: parts[patient] for patient in sorted(patients.worst_grades)}
    for part in TRAINING_PARTS:
        if part not in found.values():
            raise CohortError(
                f"{split}: none of the {len(found)} patients that may be trained on is in "
                f"{part}: give the split of this cohort, with shares for train and validation"
            )
    return found


def write_record(run: RunFolder, recipe: Recipe, data: DataRecord, version: str) -> None:
    """Write run.json, which export reads.

    Raises BundleError if the recipe starts from a bundle that cannot be loaded.
    """
    started_from = ""
    if recipe.network.start_from:
        model = starting_bundle(recipe.network.start_from).identity
        started_from = f"{model.name} {model.version} ({model.sha256[:12]}; {model.trained_on})"
    record = {
        "schema": "lumbargrade.run/1",
        "recipe": recipe.name,
        "software_version": version,
        "started_from": started_from,
        "data": asdict(data),
    }
    write_json(run.record, record, indent=2)


def read_record(run: RunFolder) -> dict[str, Any]:
    """Read run.json. Raises OutputError if the folder does not hold a training run."""
    try:
        record: dict[str, Any] = json.loads(run.record.read_text(encoding="utf-8"))
        return record
    except (OSError, ValueError):
        raise OutputError(
            f"{run.path}: is not the folder of a training run (no readable run.json); "
            "give the folder that  lumbargrade train ... -o  wrote"
        ) from None
