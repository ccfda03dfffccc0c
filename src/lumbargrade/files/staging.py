"""Write a folder whole or not at all, and never over somebody else's files.

Everything is written into a draft inside the target, and then moved to its place. A ledger of
what was written stays in the folder; only a folder that holds nothing else may be replaced by a
later run.
"""

from __future__ import annotations

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
from lumbargrade.files.output_folder import draft, land, opened

__all__ = ["LEDGER", "staged"]


@contextmanager
def staged(out: Path, reading: Iterable[Path] = ()) -> Iterator[Path]:
    """Yield a folder whose content is that of ``out`` when the block ends well.

    ``reading`` are the paths that the block reads. Raises OutputError if ``out`` holds one of them,
    is a file, cannot be written, is written by another process, or holds files of other origin or
    the grades of studies. This is found out before the block runs.
    """
    with opened(out, reading, check_replaceable) as place, draft(place) as folder:
        yield folder
        write_ledger(folder, Ledger(tuple(files_below(folder))))
        check_replaceable(place)  # again: somebody may have put a file there
        land(place, folder, {one.name for one in place.iterdir()} - {PRIVATE})


def check_replaceable(out: Path) -> None:
    """Raise OutputError if a folder holds anything but an earlier result, or grades of studies."""
    ledger = read_ledger(out)
    inner = (read_ledger(entry) for entry in out.iterdir() if entry.name != PRIVATE)
    if ledger.holds_grades or any(one.holds_grades for one in inner):
        raise OutputError(
            f"{out} holds the grades of studies and is left as it is: choose another folder with -o"
        )
    check_no_foreign(out, ledger)
