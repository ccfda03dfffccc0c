"""The ``lumbargrade discs`` commands: signatures and help texts, nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

discs_app = typer.Typer(
    name="discs",
    no_args_is_help=True,
    rich_markup_mode=None,
    help="""Teach the model to find the discs on the sagittal series of your own scanner.

    Level names come from there: discs are counted from the sacrum, and each axial slice is
    projected onto them.

    \b
    Train on traced discs (JSON) and a simulated cohort:
      lumbargrade discs train discs.json COHORT/discs/*.json -o RUN
    Put the network into a model, and grade with it:
      lumbargrade discs export RUN -o BUNDLE
      lumbargrade grade MY_FOLDER -o OUT --model BUNDLE
    """,
)


@discs_app.command()
def train(
    tracings: Annotated[
        list[Path],
        typer.Argument(metavar="DISCS...", help="Traced discs of slices, one JSON file or more."),
    ],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="RUN", help="Output folder.")],
    pictures: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Folder of slices that do not lie where their file of discs names them.",
        ),
    ] = None,
    steps: Annotated[int, typer.Option(min=1, help="Batches of 16 slices.")] = 2000,
    seed: Annotated[int, typer.Option(min=0, help="Of everything random.")] = 0,
    credit: Annotated[
        str,
        typer.Option(
            metavar="TEXT",
            help="Who made slices and tracings, and their licence; the bundle says it.",
        ),
    ] = "",
) -> None:
    """Train the network that finds discs on sagittal slices.

    A quarter of the people, chosen by a hash of their names, is set aside and never trained on;
    how well their discs are found is printed and goes into the bundle. Run it again to finish an
    interrupted training. Needs the `train` extra.

    A record of a file: `file`, `sacrum_seen`, `pixel_spacing_mm` (of a picture without header, with
    the patient's front on its left), and `discs`, by name the corners of the disc space as
    [column, row]: anterior_upper, posterior_upper, posterior_lower, anterior_lower.

    \b
    Example:
      lumbargrade discs train discs.json COHORT/discs/*.json -o RUN
    """
    from lumbargrade.cli.discs import train as command

    command.run(command.Given(tuple(tracings), pictures, credit), out, steps, seed)


@discs_app.command()
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
    """Write a model bundle that grades as before and names levels from the sagittal series.

    \b
    Example:
      lumbargrade discs export RUN -o BUNDLE
    """
    from lumbargrade.cli.discs import export as command

    command.run(run, out, model)
