"""The folder of a training run: what lies where, and what is written about the run."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from lumbargrade.cohort.manifest import Cohort, CohortSlice
from lumbargrade.cohort.split import read_split, split_patients, write_split
from lumbargrade.errors import CohortError, OutputError
from lumbargrade.grading.summary import worst
from lumbargrade.training.recipe import Recipe, write_recipe
from lumbargrade.training.warm_start import starting_bundle

PARTS = ("train", "validation", "test")


@dataclass(frozen=True)
class RunFolder:
    """Paths inside a run."""

    path: Path

    @property
    def recipe(self) -> Path:
        """The recipe as it was used, with what the command line changed."""
        return self.path / "recipe.toml"

    @property
    def split(self) -> Path:
        """Patient -> train, validation or test."""
        return self.path / "split.json"

    @property
    def record(self) -> Path:
        """What was trained, on what."""
        return self.path / "run.json"

    @property
    def cache(self) -> Path:
        """Packed patches."""
        return self.path / "cache"

    @property
    def tables(self) -> Path:
        """Labels, whose each slice is, and which rows of the cache belong to which part."""
        return self.path / "tables.npz"

    @property
    def checkpoints(self) -> Path:
        """best.ckpt and last.ckpt."""
        return self.path / "checkpoints"

    @property
    def metrics(self) -> Path:
        """One row an epoch."""
        return self.path / "metrics.csv"

    @property
    def locator(self) -> Path:
        """The locator's weights and scores."""
        return self.path / "locator"


@dataclass(frozen=True)
class DataRecord:
    """Which data a run learned from."""

    fingerprint: str
    simulated: bool
    patients: int
    slices: int
    training_patients: int
    training_slices: int
    scanners: tuple[str, ...]
    contrasts: tuple[str, ...]


def start_run(run: RunFolder, recipe: Recipe, resume: bool) -> None:
    """Make the folder and write the recipe.

    Raises
    ------
    OutputError
        If the folder cannot be written, or holds a run that is not to be resumed.
    """
    if run.record.exists() and not resume:
        raise OutputError(
            f"{run.path}: already holds a training run; add --resume to go on with it, "
            "or choose another folder"
        )
    try:
        run.path.mkdir(parents=True, exist_ok=True)
        write_recipe(recipe, run.recipe)
    except OSError as error:
        raise OutputError(
            f"{run.path}: cannot be written ({error.strerror}); choose another folder"
        ) from None


def usable_slices(cohort: Cohort, recipe: Recipe) -> tuple[CohortSlice, ...]:
    """Return the slices that this recipe may read: its contrasts, and never an external scanner.

    Raises
    ------
    CohortError
        If none is left.
    """
    contrasts = recipe.input.contrasts
    slices = tuple(s for s in cohort.slices if s.contrast in contrasts and not s.external)
    if not slices:
        raise CohortError(
            f"{cohort.folder}: holds no axial slice with contrast {' or '.join(contrasts)} from a "
            "scanner that may be trained on (external scanners are for tests only)"
        )
    return slices


def split_run(run: RunFolder, slices: tuple[CohortSlice, ...], seed: int) -> dict[str, str]:
    """Return patient -> part; read from the run where it was split before.

    Raises
    ------
    CohortError
        If a part would be empty, or the split on disk knows other patients.
    """
    patients = sorted({item.patient_id for item in slices})
    if run.split.exists():
        parts = dict(read_split(run.split))
        if sorted(parts) != patients:
            raise CohortError(
                f"{run.split}: was made for other patients than the cohort now holds; "
                "train into a new folder"
            )
        return parts
    worst_grades = {p: 0 for p in patients}
    for item in slices:
        known = worst(item.grades.values())
        worst_grades[item.patient_id] = max(worst_grades[item.patient_id], known or 0)
    parts = dict(split_patients(patients, worst_grades, seed))
    for part in ("train", "validation"):
        if part not in parts.values():
            raise CohortError(
                f"{len(patients)} patients are too few: none is left for {part}; use 10 or more"
            )
    write_split(run.split, parts, slices)
    return parts


def write_record(run: RunFolder, recipe: Recipe, data: DataRecord, version: str) -> None:
    """Write run.json, which export reads.

    Raises
    ------
    BundleError
        If the recipe starts from a bundle that cannot be loaded.
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
    run.record.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


def read_record(run: RunFolder) -> dict[str, Any]:
    """Read run.json.

    Raises
    ------
    OutputError
        If the folder does not hold a training run.
    """
    try:
        record: dict[str, Any] = json.loads(run.record.read_text(encoding="utf-8"))
        return record
    except (OSError, ValueError):
        raise OutputError(
            f"{run.path}: is not the folder of a training run (no readable run.json); "
            "give the folder that  lumbargrade train ... -o  wrote"
        ) from None
