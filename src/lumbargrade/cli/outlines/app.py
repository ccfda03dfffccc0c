"""The ``lumbargrade outlines`` commands: signatures and help texts, nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

outlines_app = typer.Typer(
    name="outlines",
    no_args_is_help=True,
    rich_markup_mode=None,
    help="""Teach the model to draw the anatomy of your own scanner.

    \b
    Draft the outlines of some twenty slices, and correct them (JSON, mm):
      lumbargrade outlines draw SLICES/*.dcm -o outlines.json
    Train on them, from the outline network in the package:
      lumbargrade outlines train outlines.json -o RUN --start-from default --steps 300
    Put it into a model, and grade with it:
      lumbargrade outlines export RUN -o BUNDLE
      lumbargrade grade MY_FOLDER -o OUT --model BUNDLE
    """,
)


@outlines_app.command()
def draw(
    slices: Annotated[
        list[Path],
        typer.Argument(metavar="SLICE...", help="Axial slices: DICOM, PNG, TIFF or JPEG."),
    ],
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FILE", help="JSON file of outlines.")
    ],
    model: Annotated[
        Path | None,
        typer.Option(metavar="BUNDLE", help="Model bundle. Default: the model in the package."),
    ] = None,
    pixel_spacing: Annotated[
        float | None,
        typer.Option(
            metavar="MM", help="Pixel spacing of PNG, TIFF and JPEG, which carry none.", min=0.05
        ),
    ] = None,
) -> None:
    """Draw the outlines of single slices as a draft that you correct.

    Slices of any contrast are drawn. The file names them relative to its own folder, so they
    must lie there or below. What the draft gets wrong, correct in the file; then set `quality`
    to 2 or 3 and take the draft's `note` out. Drafts that are left as they are count little.

    \b
    Example:
      lumbargrade outlines draw slices/*.dcm -o outlines.json
    """
    from lumbargrade.cli.outlines import draw as command

    command.run(slices, out, model, pixel_spacing)


@outlines_app.command()
def train(
    tracings: Annotated[
        list[Path],
        typer.Argument(metavar="OUTLINES...", help="Outlines of slices, one JSON file or more."),
    ],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="RUN", help="Output folder.")],
    pictures: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Folder of slices that do not lie where their file of outlines names them.",
        ),
    ] = None,
    steps: Annotated[int, typer.Option(min=1, help="Batches of 16 slices.")] = 1500,
    start_from: Annotated[
        str,
        typer.Option(
            metavar="BUNDLE",
            help="Start from the outline network of `default`, a bundle folder or a .zip file. "
            "Default: random weights.",
        ),
    ] = "",
    seed: Annotated[int, typer.Option(min=0, help="Of everything random.")] = 0,
    credit: Annotated[
        str,
        typer.Option(
            metavar="TEXT",
            help="Who made slices and outlines, and their licence; the model card says it.",
        ),
    ] = "",
) -> None:
    """Train the outline network on traced slices.

    A quarter of the patients, chosen by a hash of their names, is set aside and never trained
    on; how well their slices are drawn is printed and goes into the bundle. Run it again to
    finish an interrupted training. Needs the `train` extra.

    A simulated cohort has outlines too: COHORT/outlines/*.json.

    \b
    Example:
      lumbargrade outlines train outlines.json -o RUN --start-from default --steps 300
    """
    from lumbargrade.cli.outlines import train as command

    command.run(command.Given(tuple(tracings), pictures, credit), out, steps, start_from, seed)


@outlines_app.command()
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
    """Write a model bundle that grades as before and draws with the trained outline network.

    \b
    Example:
      lumbargrade outlines export RUN -o BUNDLE
    """
    from lumbargrade.cli.outlines import export as command

    command.run(run, out, model)
