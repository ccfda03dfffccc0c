"""From a table of readings to the tables of how well its readers agree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from lumbargrade.archive.keyed_names import KeyedNames, keyed_names, keyed_readings
from lumbargrade.errors import EvaluationError
from lumbargrade.evaluation.measures.system_figures import Options
from lumbargrade.evaluation.report.agreement import SystemAgreement, system_agreement, write
from lumbargrade.files.staging import staged
from lumbargrade.grading.level import Level
from lumbargrade.readings.faults import Faults
from lumbargrade.readings.read import Asked, Reading, composed, first_readings, read_readings
from lumbargrade.statistics.agreement.many_raters import MISSING
from lumbargrade.statistics.agreement.matrices import (
    matrices_of,
    matrix_of,
    note_contradictions,
)
from lumbargrade.statistics.agreement.readings_matrix import ReadingsMatrix
from lumbargrade.statistics.patients import FEW_PATIENTS


def measure_agreement(
    readings: Path, out: Path, model: str | None = None, key: Path | None = None
) -> tuple[tuple[SystemAgreement, ...], list[str]]:
    """Write the agreement in a table of readings to the folder ``out``.

    ``model`` is the reader that is a model, to be compared with the others; None: there is none.
    ``key`` is that of an index: where some rows name patients and images by its pseudonyms and
    others as they are, they are the same patients and images.
    Returns the agreement in each grading system, and what a reader must know, one sentence each.

    Raises
    ------
    EvaluationError
        If the table cannot be used, or the model read nothing beside two readers.
    OutputError
        If ``out`` cannot be written.
    """
    options = Options()
    graded, left = _checked(readings, keyed_names(key))
    matrices, notes = matrices_of(graded, readings)
    notes = left + notes
    model = None if model is None else composed(model)
    beside = set() if model is None else _with_model(matrices, model)
    with staged(out) as folder:
        found = tuple(
            replace(
                system_agreement(system, matrix, options, model if system in beside else None),
                levels=_levels(system, graded, options),
            )
            for system, matrix in matrices.items()
        )
        write(found, options, folder)
    if model is not None:
        notes += [
            f"{system}: {model} has no image in common with two other readers, so it is not "
            "compared."
            for system in matrices
            if system not in beside
        ]
    return found, [*notes, *_few(found)]


def _levels(
    system: str, readings: Sequence[Reading], options: Options
) -> dict[str, SystemAgreement]:
    """Return the agreement at each level that the table names, where two readers read it."""
    found = {}
    for level in Level:
        some = [one for one in readings if one.system == system and one.level == level]
        matrix = matrix_of(system, some)
        if matrix is not None:
            found[level.value] = system_agreement(system, matrix, options)
    return found


def _checked(path: Path, names: KeyedNames) -> tuple[list[Reading], list[str]]:
    faults = Faults()
    found = read_readings(path, Asked(reader=True, patient=True), faults, EvaluationError)
    found = keyed_readings(found, names)
    note_contradictions(found, faults)
    faults.check(EvaluationError)
    found, notes = first_readings(found)
    if not found:
        raise EvaluationError(f"{path}: holds no reading: give one row per grade")
    return found, notes


def _with_model(matrices: Mapping[str, ReadingsMatrix], model: str) -> set[str]:
    """Return the systems in which the model can be set beside two readers or more."""
    found = {
        system
        for system, matrix in matrices.items()
        if model in matrix.readers and _shares_images(matrix, matrix.readers.index(model))
    }
    if not found:
        names = sorted({name for matrix in matrices.values() for name in matrix.readers})
        raise EvaluationError(
            f"{model!r} cannot be compared with readers: name one of {', '.join(names)} and have "
            "two other readers of the same images"
        )
    return found


def _shares_images(matrix: ReadingsMatrix, model: int) -> bool:
    """Whether the model read an image that two readers read too."""
    there = matrix.ratings != MISSING
    readers = np.delete(there, model, axis=1).sum(1)
    return bool((there[:, model] & (readers > 1)).any())


def _few(found: Iterable[SystemAgreement]) -> Iterator[str]:
    for one in found:
        patients = one.together.patients
        if patients < FEW_PATIENTS:
            yield (
                f"{one.system}: images of {patients} patient{'' if patients == 1 else 's'} only: "
                "intervals from so few have not been tried."
            )
