"""A reader's own list of a cohort's slices, to be filled in with a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from lumbargrade.annotation.worklist import ListOptions, repeated_studies, work_list
from lumbargrade.cohort.read import Cohort, CohortSlice, read_cohort
from lumbargrade.errors import ReadingError
from lumbargrade.files.output_folder import as_output_error
from lumbargrade.files.table import write_rows
from lumbargrade.grading.level import Level
from lumbargrade.grading.system import GRADING_SYSTEMS, READ_SYSTEMS, GradingSystem, Unit
from lumbargrade.readings.read import composed
from lumbargrade.study.dicom.place import place_of


@dataclass(frozen=True)
class CohortList:
    """What a list holds: how many studies and slices (or discs), and what is graded of each."""

    studies: int
    rows: int
    outputs: tuple[str, ...]
    unit: Unit = Unit.SLICE


def write_cohort_list(
    cohort: Path, path: Path, reader: str, options: ListOptions, systems: Sequence[str] = ()
) -> CohortList:
    """Write a row for each slice, with an empty cell for each grade, in the reader's own order.

    For systems of discs, it is a row for each lumbar disc of each patient.

    Nothing of what the cohort knows of grades goes in. With a share of repeats in ``options`` only
    these are listed: in one table with the first reading, a reader would see what they gave.

    Parameters
    ----------
    path : must not exist: a reader may have written into it.
    systems : codes of the grading systems; empty: those of the package.

    Raises
    ------
    ReadingError
        If ``path`` exists, a system is unknown, some are of slices and some of discs, the reader
        has no name or nothing is to be listed.
    LumbargradeError
        If the cohort cannot be read, or ``path`` cannot be written.
    """
    if path.exists():
        raise ReadingError(f"{path}: exists, and may be filled in: choose another name with -o")
    name = composed(reader.strip())
    if not name:
        raise ReadingError("the reader has no name: give one with --reader")
    known = _known(systems)
    unit = known[0].unit
    outputs = tuple(output for system in known for output in system.outputs)
    found = read_cohort(cohort)
    patients, number = _studies(found, name, options), 2 if options.repeat_share else 1
    if not patients:
        raise ReadingError(f"{cohort}: has nothing to list: give a larger share, or more patients")
    by_patient: dict[str, list[CohortSlice]] = {}
    for one in found.slices:
        by_patient.setdefault(one.patient_id, []).append(one)
    listed = [by_patient[patient] for patient in patients]
    names: tuple[str, ...]
    if unit is Unit.DISC:
        names, last = ("patient", "level"), "folder"
        places = [place for slices in listed for place in _discs(slices[0], cohort)]
    else:
        names, last = ("patient", "file", "level"), "sop_instance_uid"
        places = [
            (_named(one, cohort), one.sop_instance_uid)
            for slices in listed
            for one in in_reading_order(slices)
        ]
    unsaid = (*("",) * len(outputs), "", name, number)
    with as_output_error(path):
        write_rows(
            path,
            (*names, *outputs, "reason", "reader", "round", last),
            ((*named, *unsaid, where) for named, where in places),
        )
    return CohortList(len(patients), len(places), outputs, unit)


def _discs(one: CohortSlice, cohort: Path) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield what names each disc of the patient of a slice, and the patient's folder."""
    folder = PurePosixPath(*one.file.relative_to(cohort).parts[:2])
    for level in Level:
        yield (one.patient_id, level.value), str(folder)


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


def _height_mm(one: CohortSlice) -> float:
    """Return how far cranial the middle of the slice lies."""
    geometry = place_of(one.file)
    return float(geometry.to_patient((geometry.columns - 1) / 2, (geometry.rows - 1) / 2)[2])


def _studies(cohort: Cohort, reader: str, options: ListOptions) -> tuple[str, ...]:
    patients = sorted({one.patient_id for one in cohort.slices})
    if options.repeat_share:
        return repeated_studies(patients, reader, options)
    return tuple(one.patient for one in work_list(patients, reader, options))


def _known(systems: Sequence[str]) -> list[GradingSystem]:
    codes = [one.upper() for one in systems] or list(GRADING_SYSTEMS)
    for code in codes:
        if code not in READ_SYSTEMS:
            raise ReadingError(f"system {code} is unknown: use {', '.join(READ_SYSTEMS)}")
    found = [READ_SYSTEMS[code] for code in dict.fromkeys(codes)]
    if len({one.unit for one in found}) > 1:
        of_discs = ", ".join(one.code for one in found if one.unit is Unit.DISC)
        raise ReadingError(f"{of_discs} is graded of discs, the others of slices: list them apart")
    return found


def _named(one: CohortSlice, cohort: Path) -> tuple[str, ...]:
    level = "" if one.level is None else one.level.value
    return one.patient_id, one.file.relative_to(cohort).as_posix(), level
