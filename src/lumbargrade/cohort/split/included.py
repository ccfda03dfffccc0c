"""The patients of what ``cohort flow`` included, ready to be split."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from lumbargrade.archive.flow.included import WORST_GRADE
from lumbargrade.cohort.split.patients import SplitPatients
from lumbargrade.grading.summary import worst_by_patient


@dataclass(frozen=True)
class IncludedPicture:
    """A slice of the table; its series is a pseudonym."""

    patient_id: str
    series_instance_uid: str
    picture_code: str | None


def included_patients(table: pa.Table, codes: Mapping[str, str], name: str) -> SplitPatients:
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
    return SplitPatients(
        name=name,
        worst_grades=worst_by_patient(zip(owners, columns[WORST_GRADE], strict=True)),
        external=frozenset(),
        pictures=pictures,
    )
