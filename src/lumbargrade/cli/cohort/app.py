"""The ``lumbargrade cohort`` commands: signatures and help texts, nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lumbargrade.cli.cohort.exchange import exchange_app

cohort_app = typer.Typer(
    name="cohort",
    no_args_is_help=True,
    rich_markup_mode=None,
    help="""From an archive to a cohort.

    \b
    From a DICOM folder to a locked split:
      lumbargrade cohort index ARCHIVE -o INDEX
      lumbargrade cohort flow INDEX -o FLOW --rules su2022 --exclude EXCLUSIONS.csv
      lumbargrade cohort split FLOW -o split.json --index INDEX
    Readers' regions and grades for the included patients, then a model:
      lumbargrade cohort import STUDIES --grades GRADES.csv --flow FLOW --key INDEX.key -o COHORT
      lumbargrade train COHORT -o RUN --split split.json

    `cohort adapt` converts a public data set. `cohort reports` extracts findings from radiology
    reports; `cohort export` writes tables, COCO and DICOM SR.
    """,
)


@cohort_app.callback()
def _group() -> None:
    pass


@cohort_app.command()
def index(
    archive: Annotated[
        Path, typer.Argument(metavar="ARCHIVE", help="Folder of DICOM files, at any depth.")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="INDEX", help="Output folder.")],
    key: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Key of the pseudonyms; created if absent. Default: INDEX.key, beside INDEX. The "
            "table of file paths, INDEX.files, lies beside the key.",
        ),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes. Default: one per core.")
    ] = None,
) -> None:
    """Index the headers of an archive as one pseudonymised table.

    Writes INDEX/index.parquet, one row per file: keyed pseudonyms of patient, study, series
    and slice, scanner, sequence, geometry, age and sex; or the reason why the file is not
    usable. Run it again to add new files, or to finish an interrupted run.
    Keep INDEX.key and INDEX.files private: they identify patients.
    Needs the `cohort` extra.

    \b
    Example:
      lumbargrade cohort index /data/archive -o spine-index
    """
    from lumbargrade.cli.cohort import index as command

    command.run(archive, out, key, workers)


@cohort_app.command()
def flow(
    index: Annotated[
        Path, typer.Argument(metavar="INDEX", help="Folder that `cohort index` wrote.")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FLOW", help="Output folder.")],
    rules: Annotated[
        str, typer.Option(metavar="NAME|FILE", help="`su2022`, or a TOML file with your own rules.")
    ] = "su2022",
    exclude: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Manual exclusions: a CSV with patient, reason and an optional note.",
        ),
    ] = None,
    grades: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Reference grades: a CSV with patient, system and grade. `cohort split` then "
            "stratifies the parts by worst grade.",
        ),
    ] = None,
    key: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Key of the index, so that the CSVs may name patients by their Patient ID. "
            "Default: INDEX.key, if present.",
        ),
    ] = None,
) -> None:
    """Select patients by rules: patient flow and Table 1.

    Rules are applied in order; a patient is counted at the first rule that leaves them without
    a slice. Writes figure-1.svg, flow.csv, flow.json, table-1.csv, patients.csv (all patients,
    with the reason for exclusion), included.parquet (the slices), and rules.toml to adapt.
    Needs the extras `cohort` and `report`.

    \b
    EXCLUSIONS.csv:
      patient,reason,note
      4711,fracture,L1 in 2019
      4712,previous surgery,
    Reasons: fracture, inflammation, malignancy, previous surgery, artefact; more in the rules.
    """
    from lumbargrade.cli.cohort import flow as command

    command.run(index, out, rules, exclude, grades, key)


@cohort_app.command()
def split(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="COHORT|FLOW",
            help="Cohort folder with truth files, or the folder that `cohort flow` wrote.",
        ),
    ],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="The locked split.")],
    shares: Annotated[
        str, typer.Option(metavar="A/B/C", help="Percentages for training, validation and test.")
    ] = "70/15/15",
    seed: Annotated[
        int, typer.Option(min=0, help="The same seed and cohort give the same split.")
    ] = 7,
    external: Annotated[
        bool, typer.Option("--external", help="Lock the whole cohort as an external test set.")
    ] = False,
    extend: Annotated[
        bool,
        typer.Option("--extend", help="Keep the assignments in FILE and assign the new patients."),
    ] = False,
    index: Annotated[
        Path | None,
        typer.Option(
            metavar="INDEX",
            help="The index behind FLOW: its images are read from the archive and compared. "
            "Needs INDEX.files; a cohort folder already holds its image hashes.",
        ),
    ] = None,
    key: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Key of the index, if it is not INDEX.key.")
    ] = None,
    follow: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Assign each patient as in this split, by name or, with --key, by "
            "pseudonym: for a cohort folder made from a FLOW.",
        ),
    ] = None,
) -> None:
    """Split a cohort by patient and lock the split in a file.

    The parts are stratified by worst grade. Patients with near-identical images (possibly one
    patient under two names) go to one part. `train --split` follows the file; patients who
    were moved by hand or by another split are refused and named.

    \b
      lumbargrade cohort split COHORT -o COHORT/split.json
      lumbargrade cohort split HOSPITAL_B -o HOSPITAL_B/split.json --external

    `train` follows a split.json inside the cohort folder without --split.
    """
    from lumbargrade.cli.cohort import split as command
    from lumbargrade.cohort.split.make import SplitOptions

    options = SplitOptions(shares, seed, external, extend, index, key, follow)
    command.run(source, out, options)


cohort_app.registered_commands += exchange_app.registered_commands
