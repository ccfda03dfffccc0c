"""The slices that ``cohort flow`` included: what their table holds, and how it is read."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from lumbargrade.archive.index.columns import TABLE
from lumbargrade.archive.index.read import read_table
from lumbargrade.errors import CohortError
from lumbargrade.files.output_folder import check_whole

INCLUDED_FILE = "included.parquet"
WORST_GRADE = "worst_grade"
"""The worst known grade of the patient, or null."""
INCLUDED_TABLE = TABLE.append(pa.field(WORST_GRADE, pa.int8()))


def read_included(folder: Path) -> pa.Table:
    """Return the table of a folder that ``cohort flow`` wrote.

    Raises CohortError if there is none, or nobody is in it; OutputError if putting it there was
    interrupted.
    """
    check_whole(folder)
    path = folder / INCLUDED_FILE
    if not path.is_file():
        raise CohortError(
            f"{folder}: is neither a cohort (no cohort.json) nor a patient flow (no "
            f"{INCLUDED_FILE}): give a folder that 'phantom' or 'cohort flow' wrote"
        )
    table = read_table(path, INCLUDED_TABLE)
    if not len(table):
        raise CohortError(
            f"{path}: no patient is included: see flow.csv for the rules that excluded them"
        )
    return table
