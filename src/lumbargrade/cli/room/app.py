"""The ``lumbargrade read`` command: its signature and help texts, nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

read_app = typer.Typer()


@read_app.command()
def read(
    cohort: Annotated[
        Path, typer.Argument(metavar="COHORT", help="Cohort whose slices are to be read.")
    ],
    database: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="Where readings are kept: sqlite:///FILE or postgresql://USER@HOST/NAME. "
            "Default: a file in COHORT/reading-room.",
        ),
    ] = None,
    host: Annotated[
        str,
        typer.Option(help="Address to open. Default: this machine alone can reach it."),
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to open.")] = 8000,
    certificate: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Certificate for HTTPS, as PEM.")
    ] = None,
    key: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Key of the certificate, as PEM.")
    ] = None,
    behind_proxy: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS",
            help="Address of the proxy that speaks HTTPS and sets X-Forwarded-For and "
            "X-Forwarded-Proto, such as 127.0.0.1.",
        ),
    ] = "",
    readers: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="So many readers finish a study before an adjudicator sees it. Default: 2.",
        ),
    ] = None,
    systems: Annotated[
        str | None,
        typer.Option(
            metavar="CODES",
            help="What is graded, parted by commas: codes, or TOML files. Default: LDH,LCCS,LNRC.",
        ),
    ] = None,
    repeats: Annotated[
        float | None,
        typer.Option(metavar="SHARE", help="Share of studies read twice. Default: 0."),
    ] = None,
    assisted: Annotated[
        float | None,
        typer.Option(
            metavar="SHARE", help="Share read with the model's proposal in sight. Default: 0."
        ),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, help="Of the random orders. Default: 0.")
    ] = None,
    model: Annotated[
        Path | None,
        typer.Option(metavar="BUNDLE", help="Model bundle. Default: the model in the package."),
    ] = None,
    new_link: Annotated[
        bool,
        typer.Option("--new-link", help="Print a link for a coordinator without a password."),
    ] = False,
) -> None:
    """Open a reading room in the browser: boxes, blind readers, an adjudicator.

    The first start prints a link for the coordinator, who adds the others and sees progress,
    agreement and exports. Readers are blind to each other and to the model. Readings are never
    changed, only superseded. The plan of a reading (--readers to --seed) is made at the first start
    and stays. Needs the `serve` extra.
    """
    from lumbargrade.cli.room import read as command

    said = command.Said(
        host,
        port,
        certificate,
        key,
        behind_proxy,
        database,
        readers,
        systems,
        repeats,
        assisted,
        seed,
        new_link,
    )
    command.run(cohort, model, said)
