"""The ``lumbargrade readings`` commands: signatures and help texts, nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

readings_app = typer.Typer(
    name="readings",
    no_args_is_help=True,
    rich_markup_mode=None,
    help="""Make a reference standard: two blind readers, an adjudicator, and spreadsheets.

    \b
    Each reader gets their own list, in an order of their own, and fills in the grades:
      lumbargrade readings worklist COHORT --reader Ann -o Ann.csv
      lumbargrade readings worklist COHORT --reader Bob -o Bob.csv
    Compare what comes back. OUT/to_adjudicate.csv goes to a third person, blind to the names:
      lumbargrade readings adjudicate Ann.csv Bob.csv -o OUT
    With it filled in, and saved as Lee.csv, the reference standard is complete:
      lumbargrade readings adjudicate Ann.csv Bob.csv Lee.csv -o OUT
    How well the readers agree, before anything was settled; and a cohort with the reference:
      lumbargrade agreement OUT/readings.csv -o AGREEMENT
      lumbargrade cohort import COHORT --grades OUT/reference.csv -o GRADED
    """,
)


@readings_app.command()
def worklist(
    cohort: Annotated[Path, typer.Argument(metavar="COHORT", help="Cohort, graded or not.")],
    reader: Annotated[str, typer.Option("--reader", metavar="NAME", help="Who will read.")],
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FILE", help="CSV to write; it must be new.")
    ],
    system: Annotated[
        list[str] | None,
        typer.Option(metavar="CODE", help="Grade this system only; repeat for several."),
    ] = None,
    again: Annotated[
        float,
        typer.Option(
            min=0,
            max=0.5,
            metavar="SHARE",
            help="List a share of the studies for a second reading, and only these.",
        ),
    ] = 0.0,
    seed: Annotated[
        int, typer.Option(min=0, help="Of the random order; the same for all readers.")
    ] = 0,
) -> None:
    """Write a reader's own list of slices, with empty cells for the grades.

    Studies come in a random order that differs from reader to reader; slices of a study from
    cranial to caudal. An image that cannot be graded keeps its cells empty, with the reason in the
    column `reason`. No grade of the cohort is in the list.

    \b
      lumbargrade readings worklist COHORT --reader Ann -o Ann.csv
    For intra-reader agreement, some weeks after that list came back:
      lumbargrade readings worklist COHORT --reader Ann --again 0.2 -o Ann-again.csv
    """
    from lumbargrade.annotation.worklist import ListOptions
    from lumbargrade.cli.readings import worklist as command

    command.run(cohort, reader, out, ListOptions(seed, again), system or [])


@readings_app.command()
def adjudicate(
    tables: Annotated[
        list[Path],
        typer.Argument(
            metavar="A.csv B.csv [C.csv]",
            help="Tables of the two readers, and of the adjudicator once there is one.",
            readable=False,
        ),
    ],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="OUT", help="Output folder.")],
    again: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="TABLE",
            help="Second reading by one of the readers, for readings.csv; repeat for several.",
        ),
    ] = None,
) -> None:
    """Compare two readings, list the disagreements, and settle them by a third.

    The rule, for each system and side of each image: the grade on which both readers agree is the
    reference; where they differ, the adjudicator's is. "Cannot be graded" (an empty grade with a
    reason) against a grade is a disagreement too. What one reader alone has read has no reference.

    \b
    A table, one slice a row as `worklist` writes it, or one grade a row:
      reader,patient,image,system,side,grade,reason
      Ann,P1,P1-L4,LDH,,2,
      Ann,P1,P1-L4,LNRC,left,,artefact
    Without a column `reader`, the reader has the name of the file.

    \b
    Writes
      readings.csv        what the two readers gave, as `agreement` reads it
      disagreements.csv   where they differ, and who gave what
      to_adjudicate.csv   the same for the adjudicator, without names, while something is open
      reference.csv       the reference standard, with the origin of each value
    """
    from lumbargrade.cli.readings import adjudicate as command

    command.run(tables, out, again or [])
