"""``lumbargrade cohort index``: read an archive's headers into a table."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from lumbargrade.errors import MissingExtraError


def run(archive: Path, out: Path, key: Path | None, workers: int | None) -> None:
    """Bring the index in ``out`` up to date and print what it holds."""
    try:
        from lumbargrade.archive.index.index import index_archive
        from lumbargrade.archive.index.index_paths import IndexPaths
        from lumbargrade.archive.index.summary import IndexSummary, summarise
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("lumbargrade"):
            raise
        raise MissingExtraError("cohort", "lumbargrade cohort index") from None
    places = IndexPaths.of(out, key)
    console = Console(soft_wrap=True, highlight=False)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as bars:
        bar = bars.add_task("Reading headers", total=None)
        changes = index_archive(
            archive,
            places,
            workers,
            lambda done, total: bars.update(bar, completed=done, total=total),
        )
    summary: IndexSummary = summarise(places)
    if summary.reasons:
        table = Table("not usable because", "files")
        for reason, count in summary.reasons.most_common():
            table.add_row(reason, str(count))
        console.print(table)
    console.print(
        f"{changes.new} files new, {changes.changed} changed, {changes.unchanged} unchanged, "
        f"{changes.gone} gone"
    )
    console.print(
        f"{summary.usable} of {summary.files} files usable: {summary.patients} patients, "
        f"{summary.studies} studies, {summary.series} series"
    )
    console.print(f"table: {places.table}", markup=False)
    console.print(f"keep apart: {places.key} and {places.files}", markup=False)
