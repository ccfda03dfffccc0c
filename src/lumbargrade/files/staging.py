"""Write a folder whole or not at all, and never over somebody else's files.

Everything is written into a draft inside the target, and then moved to its place. A ledger of
what was written stays in the folder; only a folder that holds nothing else may be replaced by a
later run.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from lumbargrade.errors import OutputError
from lumbargrade.files.ledger import (
    LEDGER,
    PRIVATE,
    Ledger,
    check_no_foreign,
    files_below,
    read_ledger,
    write_ledger,
)
from lumbargrade.files.output_folder import as_output_error, draft, land, opened

__all__ = ["LEDGER", "staged"]


@contextmanager
def staged(out: Path, reading: Iterable[Path] = ()) -> Iterator[Path]:
    """Yield a folder whose content is that of ``out`` when the block ends well.

    ``reading`` are the paths that the block reads. Raises OutputError if ``out`` holds one of them,
    is a file, cannot be written, is written by another process, or holds files of other origin or
    the grades of studies. This is found out before the block runs.
    """
    with _as_it_was(Path(os.path.abspath(out))), opened(out, reading) as place:
        check_replaceable(place)
        with draft(place) as folder:
            yield folder
            write_ledger(folder, Ledger(tuple(files_below(folder))))
            earlier = check_replaceable(place)  # again: somebody may have put a file there
            land(place, folder, earlier)


@contextmanager
def _as_it_was(out: Path) -> Iterator[None]:
    """Refuse what cannot be replaced before anything is made."""
    with as_output_error(out):
        if out.is_dir():
            check_replaceable(out)
    yield


def check_replaceable(out: Path) -> set[str]:
    """Return the entries of an earlier result in an output folder.

    Raises OutputError if it holds anything else, or the grades of studies.
    """
    ledger = read_ledger(out)
    for entry in out.iterdir():
        if entry.name != PRIVATE and read_ledger(entry).study:
            raise _holds_grades(out)
    if ledger.study:
        raise _holds_grades(out)
    check_no_foreign(out, ledger)
    return {entry.name for entry in out.iterdir()} - {PRIVATE}


def _holds_grades(out: Path) -> OutputError:
    return OutputError(
        f"{out} holds the grades of studies and is left as it is: choose another folder with -o"
    )
