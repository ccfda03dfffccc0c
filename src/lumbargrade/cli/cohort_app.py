"""The ``lumbargrade cohort`` commands: signatures and help texts, nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

cohort_app = typer.Typer(
    name="cohort",
    no_args_is_help=True,
    rich_markup_mode=None,
    help="""From an archive to a cohort.

    \b
    Index an archive of DICOM files, headers only, de-identified on the way:
      lumbargrade cohort index ARCHIVE -o INDEX
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
    out: Annotated[Path, typer.Option("--out", "-o", metavar="INDEX", help="Folder of the table.")],
    key: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Key of the pseudonyms; made if absent. Default: INDEX.key, beside INDEX. The "
            "table of file paths, INDEX.files, lies beside the key.",
        ),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes. Default: one per core.")
    ] = None,
) -> None:
    """Read the headers of an archive into one table without names.

    Writes INDEX/index.parquet: a row a file with keyed pseudonyms of patient, study,
    series and slice, scanner, sequence, geometry, age and sex; or why the file is not
    usable. Run it again to add what is new, or to finish a run that was interrupted.
    Keep INDEX.key and INDEX.files to yourself: they lead back to names.
    Needs the `cohort` extra.

    \b
    Example:
      lumbargrade cohort index /data/archive -o spine-index
    """
    from lumbargrade.cli import cohort_index as command

    command.run(archive, out, key, workers)


@cohort_app.command()
def reports(
    notes: Annotated[
        Path,
        typer.Argument(
            metavar="NOTES.csv", help="Table with a report a row: patient_id, note.", readable=False
        ),
    ],
    out: Annotated[
        Path,
        typer.Option("--out", "-o", metavar="OUT", help="Folder for the tables.", readable=False),
    ],
    against: Annotated[
        Path | None,
        typer.Option(
            metavar="LEVELS.csv",
            help="A person's reading of the same reports (patient_id, level, "
            "clinical_significance, bulge): precision and recall are measured against it.",
            readable=False,
        ),
    ] = None,
    patient_column: Annotated[
        str, typer.Option(metavar="NAME", help="Column of the patient.")
    ] = "patient_id",
    text_column: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Column of the text. Default: note, else text, else report."
        ),
    ] = None,
) -> None:
    """Read free-text reports of the lumbar spine: findings, weak labels, hints for exclusion.

    Rules, no network: each finding comes with the sentence that said it. Hints for
    exclusion (fracture, inflammation, malignancy, surgery, artefact) are for a person to
    look at; nobody is excluded here.

    \b
    NOTES.csv:
      patient_id,note
      P1,"Left paracentral disc protrusion at L4-L5, compressing the L5 root."
    Read it, and measure how well that went:
      lumbargrade cohort reports NOTES.csv -o OUT
      lumbargrade cohort reports NOTES.csv -o OUT --against LEVELS.csv

    Writes findings.csv, weak_labels.csv and exclusions.csv; with --against also
    accuracy.csv and disagreements.csv.
    """
    from lumbargrade.cli import cohort_reports as command

    command.run(notes, out, against, patient_column, text_column)
