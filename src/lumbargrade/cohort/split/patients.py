"""What a split assigns: the patients, the worst grade of each, and their pictures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lumbargrade.cohort.read import Cohort, read_cohort
from lumbargrade.cohort.split.file import Picture
from lumbargrade.errors import CohortError, needs_extra
from lumbargrade.grading.summary import worst, worst_by_patient

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class SplitPatients:
    """The patients, and pictures, of a cohort folder or of a table of included slices alike.

    ``name`` is that of folder or table, for messages and the record; ``worst_grades`` is patient ->
    worst known grade, None where none is known; ``external`` patients are of a scanner that no
    training may read.
    """

    name: str
    worst_grades: Mapping[str, int | None]
    external: frozenset[str]
    pictures: tuple[Picture, ...]


@dataclass(frozen=True)
class IncludedPicture:
    """A slice of the table; its series is a pseudonym."""

    patient_id: str
    series_instance_uid: str
    picture_code: str | None


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


def included_patients(table: pa.Table, codes: Mapping[str, str], name: str) -> SplitPatients:
    """Return the patients of the slices that ``cohort flow`` included.

    ``codes`` is file id -> code of its picture, where it is known.
    """
    from lumbargrade.archive.flow.included import WORST_GRADE  # needs the extra

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


def read_patients(
    source: Path, index: Path | None, key: Path | None, progress: Callable[[int, int], None]
) -> SplitPatients:
    """Return the patients of a cohort folder, or of the folder of a patient flow.

    Raises CohortError if the folder is neither, or the pictures behind the flow cannot be read;
    MissingExtraError if it is a flow and pyarrow is not installed.

    Parameters
    ----------
    index : of the archive behind the flow: its pictures are read; None: they are not compared.
    key : of that index; None: it lies beside it.
    progress : called with (pictures read, all pictures).
    """
    if (source / "cohort.json").is_file():
        if index is not None:
            raise CohortError(
                f"{source}: is a cohort folder, which holds its images: leave out --index"
            )
        return patients_of(read_cohort(source))
    with needs_extra("splitting what 'cohort flow' included"):
        from lumbargrade.archive.flow.included import read_included
        from lumbargrade.archive.index.index_paths import IndexPaths
        from lumbargrade.archive.picture_codes import archive_picture_codes
    table = read_included(source)
    codes: dict[str, str] = {}
    if index is not None:
        places = IndexPaths.of(index, key)
        codes = archive_picture_codes(places, table["file_id"].to_pylist(), progress)
    return included_patients(table, codes, source.name)
