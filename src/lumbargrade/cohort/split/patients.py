"""What a split assigns: the patients, the worst grade of each, and their pictures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lumbargrade.cohort.read import Cohort
from lumbargrade.cohort.split.file import Picture
from lumbargrade.grading.summary import worst, worst_by_patient


@dataclass(frozen=True)
class SplitPatients:
    """The patients of a cohort folder or of a table of included slices alike.

    Attributes
    ----------
    name : of the folder or the table, for messages and the record.
    worst_grades : patient -> worst known grade; None where none is known.
    external : patients of a scanner that no training may read.
    pictures : their slices.
    """

    name: str
    worst_grades: Mapping[str, int | None]
    external: frozenset[str]
    pictures: tuple[Picture, ...]


def patients_of(cohort: Cohort) -> SplitPatients:
    """Return the patients of a cohort folder."""
    return SplitPatients(
        name=cohort.folder.name,
        worst_grades=worst_by_patient(
            (one.patient_id, worst(one.grades.values())) for one in cohort.slices
        ),
        external=frozenset(one.patient_id for one in cohort.slices if one.external),
        pictures=cohort.slices,
    )
