"""``predictions.csv``, ``measures.csv``, ``discs.csv``: tables of all studies in an output folder.

They are made of the tables that lie beside each study, so that they hold the studies of earlier
runs too, and are the same however often a batch was interrupted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from lumbargrade.files.join_tables import Part, join_tables
from lumbargrade.files.ledger import LEDGER, PRIVATE, Ledger, files_below, read_ledger, write_ledger
from lumbargrade.files.output_folder import draft, land
from lumbargrade.outputs import csv, discs_csv, measures_csv
from lumbargrade.outputs.study_folder import OF_ALL, OF_ONE_STUDY, study_in

NAME_COLUMN = "study"


def write_all_tables(out: Path, failures: Mapping[str, str]) -> Path:
    """Make the tables of an opened output folder anew, and return that of the grades.

    ``failures`` says of studies that could not be graded why, by name; what earlier runs said of
    others stays. Raises OSError if the folder cannot be read or written.
    """
    parts = [Part(name, folder) for name, folder in _studies(out)]
    there, earlier = {one.name for one in parts}, read_ledger(out)
    settled = {name: text for name, text in earlier.failures.items() if name not in there}
    failed = dict(sorted({**settled, **failures}.items()))
    with draft(out) as place:
        join_tables(
            place / csv.ALL_FILE_NAME,
            _beside(parts, csv.FILE_NAME),
            (NAME_COLUMN, *csv.COLUMNS),
            (
                {NAME_COLUMN: name, "status": csv.FAILED, "reason": reason}
                for name, reason in failed.items()
            ),
        )
        for table in (measures_csv, discs_csv):
            if found := _beside(parts, table.FILE_NAME):
                join_tables(place / table.FILE_NAME, found, (NAME_COLUMN, *table.COLUMNS))
        # Of a study that lies in the folder itself, the other files stay.
        kept = [one for one in earlier.files if one in OF_ONE_STUDY and (out / one).is_file()]
        files = {*files_below(place), *kept}
        write_ledger(place, Ledger(tuple(files), earlier.study, earlier.name, failed))
        old = [one for one in (*OF_ALL, LEDGER) if one in {*earlier.entries, LEDGER}]
        land(out, place, old)
    return out / csv.ALL_FILE_NAME


def _studies(out: Path) -> Iterator[tuple[str, Path]]:
    """Yield the name and the folder of each study, in order of names."""
    if study_in(out):
        yield read_ledger(out).name or out.name, out
    for folder in sorted(one for one in out.iterdir() if one.name != PRIVATE and one.is_dir()):
        if study_in(folder):
            yield folder.name, folder


def _beside(parts: list[Part], file_name: str) -> list[Part]:
    tables = (Part(one.name, one.path / file_name) for one in parts)
    return [one for one in tables if one.path.is_file()]
