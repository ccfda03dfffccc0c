"""A reader's own list of a cohort's slices, to be filled in with a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lumbargrade.annotation.tables import reader_in_round
from lumbargrade.annotation.worklist import ListOptions, repeated_studies, work_list
from lumbargrade.cohort.read import Cohort, CohortSlice, read_cohort
from lumbargrade.errors import ReadingError
from lumbargrade.files.output_folder import as_output_error
from lumbargrade.files.table import write_rows
from lumbargrade.grading.system import GRADING_SYSTEMS, KNOWN_SYSTEMS
from lumbargrade.readings.read import composed
from lumbargrade.study.dicom.place import place_of


@dataclass(frozen=True)
class CohortList:
    """What a list holds: how many studies and slices, and the outputs to be graded on each."""

    studies: int
    slices: int
    outputs: tuple[str, ...]


def write_cohort_list(
    cohort: Path, path: Path, reader: str, options: ListOptions, systems: Sequence[str] = ()
) -> CohortList:
    """Write a row for each slice, with an empty cell for each grade, in the reader's own order.

    Nothing of what the cohort knows of grades goes in. With a share of repeats in ``options`` only
    these are listed: in one table with the first reading, a reader would see what they gave.

    Parameters
    ----------
    path : must not exist: a reader may have written into it.
    systems : codes of the grading systems; empty: those of the package.

    Raises
    ------
    ReadingError
        If ``path`` exists, a system is unknown, the reader has no name or nothing is to be listed.
    LumbargradeError
        If the cohort cannot be read, or ``path`` cannot be written.
    """
    if path.exists():
        raise ReadingError(f"{path}: exists, and may be filled in: choose another name with -o")
    name = composed(reader.strip())
    if not name:
        raise ReadingError("the reader has no name: give one with --reader")
    outputs = _outputs(systems)
    found = read_cohort(cohort)
    patients, number = _studies(found, name, options), 2 if options.repeat_share else 1
    if not patients:
        raise ReadingError(f"{cohort}: has nothing to list: give a larger share, or more patients")
    by_patient: dict[str, list[CohortSlice]] = {}
    for one in found.slices:
        by_patient.setdefault(one.patient_id, []).append(one)
    slices = [one for patient in patients for one in in_reading_order(by_patient[patient])]
    said = ("", reader_in_round(name, number), number)
    empty = ("",) * len(outputs)
    columns = ("patient", "file", "level", *outputs, "reason", "reader", "round", _SOP)
    with as_output_error(path):
        write_rows(
            path,
            columns,
            ((*_named(one, cohort), *empty, *said, one.sop_instance_uid) for one in slices),
        )
    return CohortList(len(patients), len(slices), outputs)


def in_reading_order(slices: Iterable[CohortSlice]) -> list[CohortSlice]:
    """Return the slices of one study series by series, cranial to caudal within each.

    Raises StudyError if a file does not say where its slice lies.
    """
    series: dict[str, list[tuple[float, CohortSlice]]] = {}
    for one in slices:
        series.setdefault(one.series_instance_uid, []).append((-_height_mm(one), one))
    return [
        one for some in series.values() for _, one in sorted(some, key=lambda placed: placed[0])
    ]


_SOP = "sop_instance_uid"


def _height_mm(one: CohortSlice) -> float:
    """Return how far cranial the middle of the slice lies."""
    geometry = place_of(one.file)
    return float(geometry.to_patient((geometry.columns - 1) / 2, (geometry.rows - 1) / 2)[2])


def _studies(cohort: Cohort, reader: str, options: ListOptions) -> tuple[str, ...]:
    patients = sorted({one.patient_id for one in cohort.slices})
    if options.repeat_share:
        return repeated_studies(patients, reader, options)
    return tuple(one.patient for one in work_list(patients, reader, options))


def _outputs(systems: Sequence[str]) -> tuple[str, ...]:
    codes = [one.upper() for one in systems] or list(GRADING_SYSTEMS)
    for code in codes:
        if code not in KNOWN_SYSTEMS:
            raise ReadingError(f"system {code} is unknown: use {', '.join(KNOWN_SYSTEMS)}")
    return tuple(output for code in dict.fromkeys(codes) for output in KNOWN_SYSTEMS[code].outputs)


def _named(one: CohortSlice, cohort: Path) -> tuple[str, str, str]:
    level = "" if one.level is None else one.level.value
    return one.patient_id, one.file.relative_to(cohort).as_posix(), level
