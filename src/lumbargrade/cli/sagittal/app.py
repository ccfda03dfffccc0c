"""The ``lumbargrade sagittal`` commands: signatures and help texts, nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

sagittal_app = typer.Typer(
    name="sagittal",
    no_args_is_help=True,
    rich_markup_mode=None,
    help="""Teach the model to grade discs on the sagittal series, from discs that were graded.

    Discs are graded 1 to 5 after Pfirrmann 2001 by the model in the package, where
    `lumbargrade discs` finds them. A model of your own can also say whether there is narrowing,
    bulging, herniation, a change of the end-plates, Modic's types or a slip.

    \b
    Train on graded discs (JSON) and a simulated cohort:
      lumbargrade sagittal train graded.json COHORT/discs/*.json -o RUN
    Put the network into a model, and grade with it:
      lumbargrade sagittal export RUN -o BUNDLE
      lumbargrade grade MY_FOLDER -o OUT --model BUNDLE
    """,
)


@sagittal_app.command()
def train(
    graded: Annotated[
        list[Path],
        typer.Argument(metavar="DISCS...", help="Graded discs of slices, one JSON file or more."),
    ],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="RUN", help="Output folder.")],
    pictures: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Folder of slices that do not lie where their file of discs names them.",
        ),
    ] = None,
    steps: Annotated[int, typer.Option(min=1, help="Batches of 32 discs.")] = 360,
    seed: Annotated[int, typer.Option(min=0, help="Of everything random.")] = 0,
    system: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CODE",
            help="Learn this grading system alone, such as PFIRRMANN; repeat for several. "
            "Default: all by which the files grade a disc.",
        ),
    ] = None,
    credit: Annotated[
        str,
        typer.Option(
            metavar="TEXT",
            help="Who made slices and grades, and their licence; the bundle says it.",
        ),
    ] = "",
) -> None:
    """Train the network that grades discs on mid-sagittal T2 slices.

    A quarter of the people, chosen by a hash of their names, is set aside and never trained on;
    how well their grades agree with the reader's is printed and goes into the bundle. Run it again
    to finish an interrupted training. Needs the `train` extra.

    A file is one of traced discs, as for `lumbargrade discs train`, with `grades` in its records:
    {"L4/L5": {"PFIRRMANN": 3, "MODIC": 0}}. Discs without a grade are not learned from; one that
    lacks some grades is learned from where it has them. Systems: PFIRRMANN, DISCNARROWING,
    DISCBULGING, DISCHERNIATION, ENDPLATES, MODIC, SLIP.

    \b
    Example:
      lumbargrade sagittal train graded.json COHORT/discs/*.json -o RUN
    """
    from lumbargrade.cli.sagittal import train as command

    given = command.Given(tuple(graded), pictures, credit)
    command.run(given, tuple(system or ()), out, steps, seed)


@sagittal_app.command()
def export(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Folder that `train` wrote.")],
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="BUNDLE", help="Bundle folder, or a .zip file.")
    ],
    model: Annotated[
        Path | None,
        typer.Option(metavar="BUNDLE", help="Model it joins. Default: the model in the package."),
    ] = None,
) -> None:
    """Write a model bundle that grades as before, and discs on sagittal series beside.

    \b
    Example:
      lumbargrade sagittal export RUN -o BUNDLE
    """
    from lumbargrade.cli.sagittal import export as command

    command.run(run, out, model)
