"""``lumbargrade outlines``: train the outline network on tracings, and put it into a bundle."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from lumbargrade.cli.progress import progress
from lumbargrade.errors import needs_extra

outlines_app = typer.Typer(
    name="outlines",
    no_args_is_help=True,
    rich_markup_mode=None,
    help="""Teach the model to draw the anatomy of your own scanner.

    \b
    Trace some twenty slices (docs/how-to/outlines-of-your-own.md), then:
      lumbargrade outlines train TRACINGS.json -o RUN --start-from default --steps 300
      lumbargrade outlines export RUN -o BUNDLE
      lumbargrade grade MY_FOLDER -o OUT --model BUNDLE
    """,
)


@outlines_app.command()
def train(
    tracings: Annotated[
        list[Path],
        typer.Argument(metavar="TRACINGS...", help="Outlines of slices, one JSON file or more."),
    ],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="RUN", help="Output folder.")],
    pictures: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Folder that the tracings name their slices in. Default: that of each file.",
        ),
    ] = None,
    cohort: Annotated[
        Path | None,
        typer.Option(
            metavar="COHORT",
            help="Cohort, simulated or read, whose slices teach whether they cut a disc.",
        ),
    ] = None,
    steps: Annotated[int, typer.Option(min=1, help="Batches of 16 slices.")] = 1500,
    start_from: Annotated[
        str,
        typer.Option(
            metavar="BUNDLE",
            help="Go on from the outline network of `default`, a bundle folder or a .zip file. "
            "Without it, from random weights.",
        ),
    ] = "",
    seed: Annotated[int, typer.Option(min=0, help="Of everything random.")] = 0,
    credit: Annotated[
        str,
        typer.Option(
            metavar="TEXT",
            help="Who made pictures and outlines, and their licence; the bundle says it.",
        ),
    ] = "",
) -> None:
    """Train the outline network on traced slices.

    A quarter of the patients, chosen by a hash of their names, is set aside and never
    trained on; how well these are drawn is printed and goes into the bundle. Run it again to
    finish an interrupted training. Needs the `train` extra.
    """
    with needs_extra("lumbargrade outlines train"):
        from lumbargrade.training.outlines.fit import OutlineSettings
        from lumbargrade.training.outlines.run import Tracings, train_outlines
        from lumbargrade.training.progress_log import Listener
    settings = OutlineSettings(
        steps=steps,
        learning_rate=OutlineSettings.learning_rate / (3 if start_from else 1),
        seed=seed,
        start_from=start_from,
    )
    console = Console(soft_wrap=True, highlight=False)
    with progress(None, "reading", console) as advance:
        listener = Listener(lambda stage, done, total: advance(done, total, stage), console.print)
        given = Tracings(tuple(tracings), pictures, cohort, credit)
        metrics = train_outlines(given, settings, out, listener)
    for contrast, scores in metrics["set_aside"].items():
        shown = ", ".join(
            f"{name} {scores['dice'][name]:.3f}"
            for name in ("disc", "sac", "canal")
            if name in scores["dice"]
        )
        console.print(f"set aside, {contrast}: {scores['slices']} slices, Dice {shown}")
    if not metrics["set_aside"]:
        console.print("no traced patient is set aside: how well it draws is not known")
    console.print(f"run: {out}")


@outlines_app.command()
def export(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Folder that `train` wrote.")],
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="BUNDLE", help="Bundle folder, or a .zip file.")
    ],
    into: Annotated[
        Path | None,
        typer.Option(metavar="BUNDLE", help="Bundle that it joins. Default: that in the package."),
    ] = None,
) -> None:
    """Write a model bundle that grades as before and draws with the trained outline network."""
    with needs_extra("lumbargrade outlines export"):
        from lumbargrade.training.outlines.export import export_outlines
    manifest = export_outlines(run, into, out)
    print(f"torch and ONNX differ by at most {manifest['outliner']['parity']:.1e}")
    print(f"bundle: {out}")
