"""The ``lumbargrade`` command: signatures and help texts, nothing else.

Each command imports its file on call, so that ``--help`` starts without the
libraries that the rooms need.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from lumbargrade.cli.cohort.app import cohort_app
from lumbargrade.cli.discs.app import discs_app
from lumbargrade.cli.evaluation.app import evaluate_app
from lumbargrade.cli.outlines.app import outlines_app
from lumbargrade.cli.reader_study.app import reader_study_app
from lumbargrade.cli.readings.app import readings_app
from lumbargrade.cli.room.app import read_app
from lumbargrade.cli.sagittal.app import sagittal_app
from lumbargrade.errors import LumbargradeError
from lumbargrade.files.clean_text import cleaned
from lumbargrade.files.quiet import quiet_libraries
from lumbargrade.grading.finding import UserWord
from lumbargrade.grading.level import Level

USER_ERROR_EXIT_CODE = 2


class Contrast(StrEnum):
    """Contrast of axial slices."""

    T2 = "t2"
    T1 = "t1"


class Regions(StrEnum):
    """Where the regions of a grading come from."""

    LOCATED = "located"
    DRAWN = "drawn"
    BOTH = "both"


class Precision(StrEnum):
    """Arithmetic of the network."""

    AUTO = "auto"
    F32 = "f32"


class _Commands(TyperGroup):
    """Turns an error that the user can fix into one red line and exit code 2."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except LumbargradeError as error:
            typer.secho(cleaned(f"error: {error}"), fg=typer.colors.RED, err=True)
            raise typer.Exit(USER_ERROR_EXIT_CODE) from None


app = typer.Typer(
    name="lumbargrade",
    cls=_Commands,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help="""Grade disc herniation (LDH), central canal stenosis (LCCS) and nerve root
    compression (LNRC) on lumbar MRI. Research use only.

    \b
    Grade a study:
      lumbargrade grade MY_FOLDER -o OUT
    Without a study at hand, simulate one with its reference grades:
      lumbargrade phantom DEMO --patients 1
      lumbargrade grade DEMO -o OUT
    Train a model of your own:
      lumbargrade phantom COHORT --patients 800
      lumbargrade train COHORT -o RUN
      lumbargrade export RUN -o BUNDLE
      lumbargrade grade MY_FOLDER -o OUT --model BUNDLE
    Teach it to draw the anatomy of your scanner, and to find discs on its sagittal series:
      lumbargrade outlines --help
      lumbargrade discs --help
    And to grade those discs: lumbargrade sagittal --help
    Build a cohort from an archive, with a locked split:
      lumbargrade cohort --help
    Let experts read it in the browser:
      lumbargrade read COHORT
    Grade it by two blind readers and an adjudicator:
      lumbargrade readings --help
    Study readers, with and without a model:
      lumbargrade reader-study --help
    """,
)


for group in (cohort_app, outlines_app, discs_app, sagittal_app, readings_app, reader_study_app):
    app.add_typer(group)


def _print_version(wanted: bool) -> None:
    if wanted:
        from lumbargrade import __version__

        typer.echo(f"lumbargrade {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    pass


@app.command()
def phantom(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="Cohort folder.")],
    patients: Annotated[int, typer.Option(min=1, help="Number of patients.")] = 60,
    seed: Annotated[
        int, typer.Option(min=0, help="The same seed gives the same cohort, byte for byte.")
    ] = 7,
    scanner: Annotated[
        list[str] | None,
        typer.Option(help="Scanner preset; repeat for several. Default: every training preset."),
    ] = None,
    contrast: Annotated[Contrast, typer.Option(help="Contrast of the axial slices.")] = Contrast.T2,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes. Default: one per core.")
    ] = None,
    severe: Annotated[
        bool, typer.Option("--severe", help="Enrich the cohort with severe disease.")
    ] = False,
    random_contrast: Annotated[
        bool,
        typer.Option(
            "--random-contrast",
            help="Draw the axial slices' signals at random, between T2 and T1: for training.",
        ),
    ] = False,
    sacralised: Annotated[
        bool,
        typer.Option(
            "--sacralised", help="Give each patient a transitional vertebra: a sacral L5."
        ),
    ] = False,
) -> None:
    """Simulate lumbar MRI studies as DICOM, with reference grades.

    Writes OUT/studies (what `grade` reads), OUT/truth (the grades and the measurements behind
    them), OUT/outlines (disc and sac, what `outlines train` reads) and OUT/discs (corners and
    grades on sagittal slices, what `discs train` and `sagittal train` read). Run it again to
    finish an interrupted cohort.
    """
    from lumbargrade.cli import phantom as command
    from lumbargrade.phantom.options import CohortOptions

    options = CohortOptions(
        patients,
        seed,
        tuple(scanner or []),
        contrast.value,
        severe,
        workers,
        random_contrast,
        sacralised,
    )
    command.run(out, options)


@app.command()
def bend(
    cohort: Annotated[
        Path, typer.Argument(metavar="COHORT", help="Cohort with slices without findings.")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="OUT", help="Output folder.")],
    slices: Annotated[int, typer.Option(min=1, help="Slices to bend, taken at random.")] = 24,
    bends: Annotated[int, typer.Option(min=1, help="Bends of each slice.")] = 3,
    as_t2: Annotated[
        bool, typer.Option("--as-t2", help="Paint the sac of T1 slices as on T2, with roots.")
    ] = False,
    model: Annotated[
        Path | None, typer.Option(help="Model bundle that draws the outlines. Default: built-in.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same bends.")] = 7,
) -> None:
    """Look at real slices that are bent to a known grade.

    A slice without findings is outlined, its disc is pushed back by a known height, fat and sac
    give way, and the grades follow from the geometry. `train` makes such slices by itself, if the
    recipe says so ([bends] per_slice); here one sees whether they look right. Writes bends.csv and
    sheets with each slice as it was and bent.
    """
    from lumbargrade.cli import bend as command
    from lumbargrade.phantom.bending.show import ShowOptions

    command.run(cohort, out, model, ShowOptions(slices, bends, as_t2, seed))


@app.command()
def train(
    cohorts: Annotated[
        list[Path],
        typer.Argument(metavar="COHORT...", help="Cohorts with reference grades, learned as one."),
    ],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="RUN", help="Output folder.")],
    recipe: Annotated[
        str,
        typer.Option(
            help="`default`, `gpu`, `paper`, `finetune` or a TOML file.", metavar="NAME|FILE"
        ),
    ] = "default",
    task: Annotated[
        list[str] | None,
        typer.Option(help="Train one disease only: LDH, LCCS or LNRC; repeat for several."),
    ] = None,
    epochs: Annotated[
        int | None, typer.Option(min=1, help="Number of epochs; overrides the recipe.")
    ] = None,
    devices: Annotated[
        int, typer.Option(min=1, help="Parallel training processes (GPUs, or CPU processes).")
    ] = 1,
    resume: Annotated[
        bool, typer.Option("--resume", help="Resume from the last checkpoint in RUN.")
    ] = False,
    split: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Locked split written by `cohort split`. Default: split.json of the one "
            "COHORT if present, else a split by the recipe's seed.",
        ),
    ] = None,
) -> None:
    """Train the grading network and the region locator. Needs the `train` extra."""
    from lumbargrade.cli import train as command

    command.run(cohorts, out, recipe, task or [], epochs, devices, resume, split)


@app.command()
def export(
    run: Annotated[
        Path,
        typer.Argument(
            metavar="RUN", help="Folder that `train` wrote, or a bundle of an earlier version."
        ),
    ],
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="BUNDLE", help="Bundle folder, or a .zip file.")
    ],
) -> None:
    """Export a training run as a model bundle.

    The bundle holds the networks as ONNX, their settings, hashes and a model card;
    it is written only if ONNX and torch agree. A bundle of an earlier version
    is copied and sealed: known answers and SHA256SUMS are added.
    """
    from lumbargrade.cli import export as command

    command.run(run, out)


@app.command()
def grade(
    # Unreadable paths are reported by the rooms, in one line; Typer would print its usage.
    studies: Annotated[
        list[Path],
        typer.Argument(
            metavar="STUDY...",
            help="Folder, zip or files of one study or several, each graded apart; or a cohort.",
            readable=False,
        ),
    ],
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="OUT", help="Output folder.", readable=False)
    ],
    model: Annotated[
        Path | None,
        typer.Option(
            metavar="BUNDLE",
            help="Model bundle. Default: the model in the package.",
            readable=False,
        ),
    ] = None,
    box: Annotated[
        str | None,
        typer.Option(
            metavar="X,Y,W,H",
            help="Region in pixels; overrides the locator. Its centre is used, and its size if the "
            "model was trained on drawn boxes.",
        ),
    ] = None,
    regions: Annotated[
        Regions,
        typer.Option(
            help="`drawn`: the box that a reader drew on each slice of a COHORT. `both`: "
            "OUT/located and OUT/drawn, to be compared by `evaluate`.",
        ),
    ] = Regions.LOCATED,
    pixel_spacing: Annotated[
        str | None,
        typer.Option(
            metavar="MM[,MM]",
            help="Pixel spacing (rows, columns) of a PNG, TIFF or JPEG, which carries none.",
        ),
    ] = None,
    precision: Annotated[
        Precision, typer.Option(help="`auto` uses bf16 where the processor supports it.")
    ] = Precision.AUTO,
    sr: Annotated[
        bool,
        typer.Option("--sr", help="Also write grades.dcm, a DICOM structured report (1-2 s more)."),
    ] = False,
    contrast: Annotated[
        Contrast | None,
        typer.Option(help="Contrast of the axial series, where the headers do not say it."),
    ] = None,
    series: Annotated[
        str,
        typer.Option(metavar="UID|NUMBER", help="Grade this series alone."),
    ] = "",
    lowest_level: Annotated[
        Level | None,
        typer.Option(help="Level of the lowest disc with axial slices. Default: L5/S1, assumed."),
    ] = None,
    pseudonymise: Annotated[
        Path | None,
        typer.Option(
            metavar="KEY",
            help="Write and print pseudonyms, made with this key as `cohort index` makes them. A "
            "new key is written where there is none. Pixels stay as they are.",
            readable=False,
        ),
    ] = None,
    language: Annotated[
        str, typer.Option(metavar="CODE", help="Language of report.html: en or de.")
    ] = "en",
    workers: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Grade each study below STUDY... with so many processes of this machine. Needs "
            "the `batch` extra.",
        ),
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="As --workers, with the workers of a Dask scheduler, such as tcp://HOST:8786.",
        ),
    ] = None,
) -> None:
    """Grade the axial slices of a study.

    Axial slices of a contrast that the model was trained on are graded; everything else
    is listed with the reason. Writes grades.json, grades.csv, measures.csv and report.html.
    """
    word = UserWord("" if contrast is None else contrast.value, series, lowest_level)
    from lumbargrade.cli.grade import run as command
    from lumbargrade.cli.grade.said import Said

    said = Said(box, pixel_spacing, sr, word, regions.value, pseudonymise, language)
    if workers is None and scheduler is None:
        command.run(studies, out, model, precision.value, said)
    else:
        from lumbargrade.cli.grade import many

        cluster = many.cluster_of(workers, scheduler)
        many.run(studies, out, many.Using(cluster, model, precision.value), said)


app.registered_commands += read_app.registered_commands + evaluate_app.registered_commands


@app.command()
def info() -> None:
    """Show versions, default model, numerical precision and extras."""
    from lumbargrade.cli import info as command

    command.run()


def main() -> None:
    """Entry point of the ``lumbargrade`` command."""
    quiet_libraries()
    app()
