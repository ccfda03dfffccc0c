"""The article's claim: one network for three diseases against three networks for one each.

All four learn from the same images of the same split, with one recipe and as many
epochs, and grade the test patients, whom none has seen. The report has the paired
differences with their intervals over patients. A run that was interrupted goes on.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.trial import FIGURES, Trial, same_split, trial_cohort, trial_place
from lumbargrade.evaluation.match import match
from lumbargrade.evaluation.match_graders import with_graders
from lumbargrade.evaluation.measures.system_figures import Options
from lumbargrade.evaluation.predictions import read_predictions
from lumbargrade.evaluation.report.tables.graders import comparison_line
from lumbargrade.evaluation.report.write import PAGE, write
from lumbargrade.evaluation.results import evaluate_material
from lumbargrade.grading.system import GRADING_SYSTEMS
from lumbargrade.statistics.format_estimates import signed


def run(options: argparse.Namespace) -> None:
    """Train the four networks, print multi-task less single-task, write the report."""
    cohort, place = trial_cohort(options.out, options.patients), trial_place(options.out)
    recipe = str(options.recipe)
    name = Path(recipe).stem
    whole, *single = (
        Trial(named, place / f"{named}-{options.epochs}", recipe, options.epochs, systems)
        for named, systems in (
            (name, ()),
            *((f"{name}-{system}-alone", (system,)) for system in GRADING_SYSTEMS),
        )
    )
    for trial in (whole, *single):
        trial.train(cohort.folder)
        trial.grade_test(cohort)
    same_split([whole, *single])
    tested = whole.test_part(cohort)
    material = match(read_predictions(whole.graded), tested)
    material = with_graders(material, tested.slices, [one.graded for one in single])
    evaluation = evaluate_material(material, Options())
    print("multi-task less single-task on the test patients (95 % interval over patients):")
    for one in evaluation.comparisons:
        print(comparison_line(one))
        for figure in FIGURES:
            found = one.comparison.figures[figure].difference
            print(f"  {figure:18} {signed(found)}")
    report = place / f"{name}-one-against-three-{options.epochs}"
    report.mkdir(exist_ok=True)
    write(evaluation, report)
    print(f"report: {report / PAGE}")
