"""``lumbargrade evaluate`` and ``agreement``: how good a model is, and how alike readers are.

Signatures and help texts, nothing else; ``main`` adds them to its commands.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

evaluate_app = typer.Typer()


@evaluate_app.command()
def evaluate(
    predictions: Annotated[
        Path, typer.Argument(metavar="PREDICTIONS", help="Folder that `grade` wrote.")
    ],
    cohorts: Annotated[
        list[Path],
        typer.Argument(
            metavar="COHORT...",
            help="Cohort with truth files; several, such as an internal and an external one.",
        ),
    ],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="OUT", help="Folder of the report.")],
    split: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="split.json of the training run: its training and validation patients are "
            "refused if they were graded, and left out otherwise.",
        ),
    ] = None,
    only_unseen: Annotated[
        bool,
        typer.Option(
            "--only-unseen", help="Leave those patients out where they were graded: needs --split."
        ),
    ] = False,
    compare: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="OTHER",
            help="Another grader of the same studies, side by side: a folder that `grade` wrote, "
            "or a table of readings (see `agreement`); repeat for several.",
        ),
    ] = None,
    model: Annotated[
        Path | None,
        typer.Option(
            metavar="BUNDLE",
            help="The bundle that graded: shows calibration before its temperature too. The model "
            "in the package is known without it.",
        ),
    ] = None,
    error_limit: Annotated[
        float,
        typer.Option(
            min=0, max=1, help="Share of wrong grades you accept: how often to ask a reader for it?"
        ),
    ] = 0.05,
) -> None:
    """Compare grades with the truth of a cohort: the whole results section.

    Agreement, accuracy and the rest by image, level and patient, for each grade and
    subgroup, with intervals over patients and beside Su et al. 2022; calibration, sets of
    grades, and when to ask a reader. Writes report.html, report.pdf, the tables as CSV,
    evaluation.json and model-card.md. Needs the `report` extra.

    \b
    A model against another one and against readers, on the same studies:
      lumbargrade evaluate GRADED COHORT -o OUT --compare GRADED_2 --compare READINGS.csv
    """
    from lumbargrade.cli import evaluate as command

    command.run(predictions, cohorts, out, split, compare or [], model, error_limit, only_unseen)


@evaluate_app.command()
def agreement(
    readings: Annotated[
        Path,
        typer.Argument(
            metavar="READINGS.csv",
            help="Table with the columns reader, patient, image, system, grade, and side where "
            "it is graded; one row a grade.",
        ),
    ],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="OUT", help="Folder for the tables.")],
    model: Annotated[
        str | None,
        typer.Option(
            metavar="READER",
            help="The reader that is a model: sets it beside the others, with the difference.",
        ),
    ] = None,
) -> None:
    """Measure how well readers agree: every two of them, and all together.

    Gwet AC1 and AC2 and weighted kappas, each with three intervals. `independent` is what
    papers print; it takes images as independent and is too narrow where a patient has
    several. `clustered` and `bootstrap` count patients: report one of these.

    \b
    READINGS.csv:
      reader,patient,image,system,side,grade
      Ann,P1,P1-L4,LDH,,2
      Bob,P1,P1-L4,LDH,,1
      Ann,P1,P1-L4,LNRC,left,0
      Bob,P1,P1-L4,LNRC,left,1

    An empty grade, or a missing row, is a reading that is missing. To measure how well a
    reader agrees with himself, name the second reading as another reader ("Ann again").
    Writes agreement.csv and agreement.json.
    """
    from lumbargrade.cli import agreement as command

    command.run(readings, out, model)
