"""``lumbargrade cohort``: from an archive to a cohort. Signatures and help texts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

cohort_app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Make a cohort of an archive.",
)


@cohort_app.callback()
def _root() -> None:
    pass


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
