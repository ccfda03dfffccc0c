"""``lumbargrade cohort``: signatures and help texts of what makes a cohort of an archive."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

cohort_app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="""Make a cohort of an archive: index, patient flow, split.

    \b
    From a folder of DICOM to a locked split:
      lumbargrade cohort index ARCHIVE -o INDEX --key KEY
      lumbargrade cohort flow INDEX -o FLOW --rules su2022 --exclude EXCLUSIONS.csv
      lumbargrade cohort split FLOW -o split.json --archive ARCHIVE --key KEY
      lumbargrade train COHORT -o RUN --split split.json
    """,
)


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
        str, typer.Option(metavar="A/B/C", help="Percent for train, validation and test.")
    ] = "70/15/15",
    seed: Annotated[int, typer.Option(min=0, help="Same seed and cohort, same split.")] = 7,
    external: Annotated[
        bool,
        typer.Option("--external", help="Lock the whole cohort as an external test set."),
    ] = False,
    extend: Annotated[
        bool,
        typer.Option(
            "--extend", help="Keep everybody of FILE where he is and deal out the new patients."
        ),
    ] = False,
) -> None:
    """Split a cohort by patient and lock the split in a file.

    Each part gets its share of every worst grade. Patients who have nearly the same picture,
    as one person under two names has, go to one part. `train --split` follows the file, and
    a patient who was moved by hand or by another split is refused with his name.

    \b
      lumbargrade cohort split COHORT -o COHORT/split.json
      lumbargrade cohort split HOSPITAL_B -o HOSPITAL_B/split.json --external

    A split.json inside a cohort folder is followed without being named.
    """
    from lumbargrade.cli import cohort_split as command

    command.run(source, out, command.Wanted(shares, seed, external, extend))
