"""The slices that ``cohort flow`` included, as a roster to split."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from lumbargrade.cohort.index_read import read_table
from lumbargrade.cohort.index_table import TABLE
from lumbargrade.cohort.roster import Roster, worst_by_patient
from lumbargrade.errors import CohortError

INCLUDED_FILE = "included.parquet"
WORST_GRADE = "worst_grade"
"""The worst known grade of the patient, or null."""
INCLUDED_TABLE = TABLE.append(pa.field(WORST_GRADE, pa.int8()))


@dataclass(frozen=True)
class IncludedPicture:
    """A slice of the table; its series is a pseudonym."""

    patient_id: str
    series_instance_uid: str
    picture_code: str | None


def read_included(folder: Path) -> pa.Table:
    """Return the table of a folder that ``cohort flow`` wrote.

    Raises
    ------
    CohortError
        If there is none, or nobody is in it.
    """
    path = folder / INCLUDED_FILE
    if not path.is_file():
        raise CohortError(
            f"{folder}: is neither a cohort (no cohort.json) nor a patient flow (no "
            f"{INCLUDED_FILE}): give a folder that 'phantom' or 'cohort flow' wrote"
        )
    table = read_table(path, INCLUDED_TABLE)
    if not len(table):
        raise CohortError(f"{path}: nobody is included: see flow.csv for the rule that took them")
    return table


def roster_of_included(table: pa.Table, codes: Mapping[str, str], name: str) -> Roster:
    """Return the patients of the table.

    Parameters
    ----------
    codes : file id -> code of its picture, where it is known.
    """
    columns = table.select(["patient_id", "series_id", "file_id", WORST_GRADE]).to_pydict()
    owners = columns["patient_id"]
    pictures = tuple(
        IncludedPicture(patient, series or "", codes.get(file))
        for patient, series, file in zip(
            owners, columns["series_id"], columns["file_id"], strict=True
        )
    )
    return Roster(
        name=name,
        worst_grades=worst_by_patient(zip(owners, columns[WORST_GRADE], strict=True)),
        external=frozenset(),
        pictures=pictures,
    )
