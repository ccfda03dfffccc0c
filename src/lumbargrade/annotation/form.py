"""The form in which an adjudicator settles disagreements with a spreadsheet.

It shows both grades and not whose they are. What comes back is a table of readings like any other.
"""

from __future__ import annotations

import string
from collections.abc import Sequence
from pathlib import Path

from lumbargrade.annotation.blinding import masked_order
from lumbargrade.annotation.disagreement import Disagreement
from lumbargrade.annotation.places import Places
from lumbargrade.annotation.tables import said, write_graded
from lumbargrade.errors import ReadingError
from lumbargrade.files.read_table import table_rows

FORM = "to_adjudicate.csv"
"""Name of the form in the output folder."""


def write_form(
    path: Path, waiting: Sequence[Disagreement], readers: Sequence[str], places: Places
) -> None:
    """Write one row for each thing to settle, with empty cells for ``grade`` and ``reason``.

    The columns ``reader A``, ``reader B`` are masked anew on each image (see
    ``blinding.masked_order``). Raises OSError if the file cannot be written.
    """
    letters = [f"reader {letter}" for letter in string.ascii_uppercase[: len(readers)]]
    rows = []
    for one in waiting:
        order = masked_order(readers, one.patient, one.image)
        shown = [said(one, reader) for reader in order]
        rows.append((one, dict(zip(letters, shown, strict=True)) | {"grade": "", "reason": ""}))
    write_graded(path, (*letters, "grade", "reason"), rows, places)


def check_unfilled(path: Path, tables: Sequence[Path]) -> None:
    """Raise ReadingError where somebody has written into a form that is about to be replaced.

    One of which a copy is among the ``tables`` may go.
    """
    if not path.is_file() or path.read_bytes() in (one.read_bytes() for one in tables):
        return
    for line, row in table_rows(path, (), ReadingError):
        if row.get("grade") or row.get("reason"):
            raise ReadingError(
                f"{path} row {line}: is filled in and would be lost: save the form elsewhere, and "
                "give it as the third table"
            )
