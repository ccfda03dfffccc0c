"""``lumbargrade cohort index``: read an archive's headers into a table."""

from __future__ import annotations

from pathlib import Path

from lumbargrade.cli.progress import progress
from lumbargrade.cli.screen import Screen
from lumbargrade.cli.tables import rich_table
from lumbargrade.errors import needs_extra
from lumbargrade.files.table import TextTable


def run(archive: Path, out: Path, key: Path | None, workers: int | None) -> None:
    """Bring the index in ``out`` up to date and print what it holds."""
    with needs_extra("lumbargrade cohort index"):
        from lumbargrade.archive.index.index import index_archive, summarise
        from lumbargrade.archive.index.index_paths import IndexPaths
    places = IndexPaths.of(out, key)
    console = Screen(soft_wrap=True, highlight=False)
    with progress(None, "Reading headers", console) as advance:
        changes = index_archive(archive, places, workers, advance)
    summary = summarise(places)
    if summary.reasons:
        rows = tuple((reason, str(count)) for reason, count in summary.reasons.most_common())
        console.print(rich_table(TextTable("reasons", "", ("not usable because", "files"), rows)))
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
