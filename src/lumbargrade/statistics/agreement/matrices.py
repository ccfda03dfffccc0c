"""From a table of readings to a matrix for each grading system: images by readers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from lumbargrade.errors import EvaluationError
from lumbargrade.grading.finding import Side
from lumbargrade.grading.system import MEASURED_SYSTEMS
from lumbargrade.readings.faults import Faults
from lumbargrade.readings.read import Reading
from lumbargrade.statistics.agreement.many_raters import MISSING
from lumbargrade.statistics.agreement.readings_matrix import ReadingsMatrix


def matrices_of(
    readings: Sequence[Reading], path: Path
) -> tuple[dict[str, ReadingsMatrix], list[str]]:
    """Return the matrix of each grading system, in the systems' order, and what was left out.

    A system of which no image was graded by two readers has no matrix, but a sentence; so has a
    public set's, which is not measured. Raises EvaluationError if no two readers read one image of
    any system; ``path`` is for messages.
    """
    by_system: dict[str, list[Reading]] = {}
    for one in readings:
        by_system.setdefault(one.system, []).append(one)
    matrices: dict[str, ReadingsMatrix] = {}
    alone = [
        f"{system}: is no system of {', '.join(MEASURED_SYSTEMS)}, so it is excluded."
        for system in by_system
        if system not in MEASURED_SYSTEMS
    ]
    for system in (code for code in MEASURED_SYSTEMS if code in by_system):
        matrix = matrix_of(system, by_system[system])
        if matrix is None:
            alone.append(f"{system}: no image was graded by two readers, so it is excluded.")
        else:
            matrices[system] = matrix
    if not matrices:
        raise EvaluationError(
            f"{path}: no image was graded in {' or '.join(by_system)} by two readers: give the "
            "grades of two or more, with the same image names"
        )
    return matrices, alone


def note_contradictions(readings: Sequence[Reading], faults: Faults) -> None:
    """Put into ``faults`` what contradicts: an image of two patients, a reading given twice, and
    sides that are told apart in one row and not in another."""
    patients: dict[str, str] = {}
    rows: dict[tuple[str, str, str, Side | None, int, str], str] = {}
    sided: dict[tuple[str, str], bool] = {}
    for one in readings:
        patient = patients.setdefault(one.image, one.key.patient)
        if patient != one.key.patient:
            faults.add(
                one.where,
                f"image {one.image} belongs to patient {one.key.patient} here and to {patient} "
                "above",
            )
        key = (one.reader, one.image, one.system, one.side, one.occasion.round, one.occasion.arm)
        if rows.setdefault(key, one.where) != one.where:
            faults.add(
                one.where,
                f"image {one.image}: {one.reader} gave {one.system} in {rows[key]} already: keep "
                "one, or give the second reading as round 2",
            )
        if sided.setdefault((one.image, one.system), one.side is not None) != (
            one.side is not None
        ):
            faults.add(
                one.where, f"image {one.image}: {one.system} has a side in one row, none in another"
            )


def matrix_of(system: str, readings: Sequence[Reading]) -> ReadingsMatrix | None:
    """Return the matrix of one system's readings; None where no image was graded twice."""
    readers = list(dict.fromkeys(one.reader for one in readings))
    patients = {(one.image, one.side): one.key.patient for one in readings}
    units = {unit: place for place, unit in enumerate(patients)}
    ratings = np.full((len(units), len(readers)), MISSING, dtype=np.int64)
    for one in readings:
        ratings[units[one.image, one.side], readers.index(one.reader)] = (
            MISSING if one.grade is None else one.grade
        )
    if not ((ratings != MISSING).sum(1) > 1).any():
        return None
    names = np.array(list(patients.values()), dtype=np.str_)
    return ReadingsMatrix(tuple(readers), ratings, names, len(MEASURED_SYSTEMS[system].grades))
