"""The article's claim: one network for three diseases against three networks for one each.

All four learn from the same images of the same split, with one recipe and as many
epochs, and grade the test patients, whom none has seen. The report has the paired
differences with their intervals over patients. A run that was interrupted goes on.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.trial import Trial, same_split
from lumbargrade.cli.evaluate import contest_line
from lumbargrade.cli.evaluate_cohort import match, read_predictions
from lumbargrade.cli.evaluate_rivals import with_rivals
from lumbargrade.cohort.manifest import read_cohort
from lumbargrade.evaluation.report import PAGE, write
from lumbargrade.evaluation.results import evaluate_material
from lumbargrade.evaluation.tables import Options
from lumbargrade.grading.system import GRADING_SYSTEMS
from lumbargrade.phantom.generate import CohortOptions, generate_cohort

PATIENTS = 800
SEED = 2
FIGURES = ("ac1", "kappa_linear", "auc_marked", "accuracy", "balanced_accuracy")


def run(options: argparse.Namespace) -> None:
    """Train the four networks, print multi-task less single-task, write the report."""
    place: Path = options.out / "single_task"
    generate_cohort(place / "cohort", CohortOptions(options.patients or PATIENTS, SEED))
    cohort = read_cohort(place / "cohort")
    recipe = str(options.recipe)
    whole, *single = (
        Trial(name, place / f"{name}-{options.epochs}", recipe, options.epochs, systems)
        for name, systems in (
            ("multi-task", ()),
            *((f"single-task-{system}", (system,)) for system in GRADING_SYSTEMS),
        )
    )
    for trial in (whole, *single):
        trial.train(place / "cohort")
        trial.grade_test(cohort)
    same_split([whole, *single])
    tested = whole.test_part(cohort)
    material = match(read_predictions(whole.graded), tested)
    material = with_rivals(material, tested.slices, [one.graded for one in single])
    evaluation = evaluate_material(material, Options())
    print("multi-task less single-task on the test patients (95 % interval over patients):")
    for contest in evaluation.contests:
        print(contest_line(contest))
        for name in FIGURES:
            found = contest.comparison.figures[name].difference
            print(f"  {name:18} {found.value:+.3f} ({found.low:+.3f} to {found.high:+.3f})")
    report = place / f"report-{options.epochs}"
    report.mkdir(exist_ok=True)
    write(evaluation, report)
    print(f"report: {report / PAGE}")
