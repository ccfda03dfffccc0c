"""A training run and its test patients, through the command line; what is finished is kept."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.measure import command_cost
from lumbargrade.cohort.read import Cohort, read_cohort
from lumbargrade.cohort.split.file import read_split
from lumbargrade.phantom.generate import generate_cohort
from lumbargrade.phantom.options import CohortOptions
from lumbargrade.training.progress_log import read_metrics

PATIENTS, SEED = 800, 1
FIGURES = ("ac1", "kappa_linear", "auc_marked", "accuracy", "balanced_accuracy")
"""What is printed of a comparison."""


def trial_place(out: Path) -> Path:
    """Return the folder of the runs; trials of one recipe and length share their run."""
    return out / "trials"


def trial_cohort(out: Path, patients: int | None) -> Cohort:
    """Simulate, or go on simulating, the patients from whom all trials learn."""
    folder = trial_place(out) / "cohort"
    generate_cohort(folder, CohortOptions(patients or PATIENTS, SEED))
    return read_cohort(folder)


@dataclass(frozen=True)
class Trial:
    """One run.

    Attributes
    ----------
    name : for messages.
    folder : of the run; bundle and grades go into it.
    recipe : name or file.
    epochs : of the run.
    systems : grading systems that it learns; empty for those of the recipe.
    """

    name: str
    folder: Path
    recipe: str
    epochs: int
    systems: tuple[str, ...] = ()

    @property
    def graded(self) -> Path:
        """Grades of the test patients; the folder names the run in a comparison."""
        return self.folder / f"graded-{self.name}"

    def train(self, cohort: Path) -> None:
        """Train, or go on training, and export the bundle."""
        bundle = self.folder / "bundle"
        rows = read_metrics(self.folder / "metrics.csv")
        if len(rows) < self.epochs and not bundle.exists():
            arguments = ["train", str(cohort), "-o", str(self.folder), "--recipe", self.recipe]
            for system in self.systems:
                arguments += ["--task", system]
            resume = ["--resume"] if self.folder.exists() else []
            cost = command_cost([*arguments, "--epochs", str(self.epochs), *resume])
            minutes = cost.wall_s / 60
            print(f"{self.name}: trained for {minutes:.0f} min, peak {cost.peak_mb:.0f} MB")
        if not bundle.exists():
            command_cost(["export", str(self.folder), "-o", str(bundle)])
        rows = read_metrics(self.folder / "metrics.csv")
        best = max(rows, key=lambda row: float(row["val/selection"]))
        number, score = int(best["epoch"]) + 1, float(best["val/selection"])
        print(f"{self.name}: best epoch {number}, validation score {score:.3f}", flush=True)

    def grade_test(self, cohort: Cohort) -> Path:
        """Grade the test patients with the run's own bundle; return the folder of grades."""
        if not self.graded.exists():
            patients = sorted({one.patient_id for one in self.test_part(cohort).slices})
            studies = [str(cohort.folder / "studies" / patient) for patient in patients]
            model = ["--model", str(self.folder / "bundle")]
            command_cost(["grade", *studies, "-o", str(self.graded), *model], accepted=(0, 1))
        return self.graded

    def test_part(self, cohort: Cohort) -> Cohort:
        """Return the cohort with its test patients alone."""
        parts: Mapping[str, str] = read_split(self.folder / "split.json")
        tested = {name for name, part in parts.items() if part == "test"}
        slices = tuple(one for one in cohort.slices if one.patient_id in tested)
        return replace(cohort, slices=slices)

    def split(self) -> Any:
        """Return the split of the run, to compare it with another's."""
        return json.loads((self.folder / "split.json").read_text(encoding="utf-8"))


def same_split(trials: Sequence[Trial]) -> bool:
    """Print and return whether all runs divided the patients alike."""
    alike = all(one.split() == trials[0].split() for one in trials)
    print("same split:", "yes" if alike else "NO: the figures cannot be compared")
    return alike
