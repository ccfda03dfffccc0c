"""``size``: how many patients and readers a study needs, from a pilot."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations

import numpy as np

from lumbargrade.errors import EvaluationError
from lumbargrade.evaluation.measures.analytic_intervals import Whose
from lumbargrade.evaluation.reader_studies.coefficients import Series, mean_of, series_of
from lumbargrade.evaluation.reader_studies.inputs import Inputs
from lumbargrade.evaluation.reader_studies.noninferiority import DIFFERENCE, pairs_with_reference
from lumbargrade.evaluation.reader_studies.study import LIKE_THESE, THESE, Figure, Size, Study
from lumbargrade.evaluation.reader_studies.table import StudyTable
from lumbargrade.statistics.bootstrap import Estimate
from lumbargrade.statistics.patients import ENOUGH_PATIENTS, too_few
from lumbargrade.statistics.reader_studies.over_readers import (
    FEWEST_READERS,
    OverReaders,
    few_readers,
)
from lumbargrade.statistics.reader_studies.study_size import Pilot, Wish, patients_needed

READERS = (3, 4, 5, 6, 8, 10, 15)
"""Numbers of readers for which patients are counted."""


def size(inputs: Inputs, coefficient: str, wish: Wish) -> Study:
    """Return the patients needed, by number of readers.

    With a margin, of the model's agreement with the reference less the readers'; with a width, of
    the readers' agreement with the reference, or without one with each other (then only patients
    count: the readers stay as they are). Raises EvaluationError if the pilot has no such figure.
    """
    figures: list[Figure] = []
    sizes: list[Size] = []
    notes = list(inputs.notes)
    for table in inputs.tables:
        of, series = _series(table, inputs, not math.isnan(wish.margin))
        if not series:
            continue
        mean = mean_of(series, coefficient, table.patients)
        which = np.any([one.which for one in series], axis=0)
        patients = len(np.unique(table.patients[which]))
        whose = Whose.of(table.matrix(inputs.readers)[which], table.patients[which], 0.95)
        if reason := _unusable(mean, whose, coefficient):
            notes.append(f"{table.system}: no size from this pilot: {reason}.")
            continue
        shown = Estimate(mean.value, math.nan, math.nan, 0, "a pilot")
        counted = int(which.sum()), patients, len(inputs.readers)
        figures.append(Figure(table.system, coefficient, of, "", shown, *counted))
        if of != "two readers" and mean.readers < FEWEST_READERS:
            notes.append(f"{table.system}: about readers like these: {few_readers(mean.readers)}.")
        for about, pilot, counts in _pilots(mean, patients, of, inputs):
            for readers in counts:
                needed = patients_needed(pilot, readers, wish)
                sizes.append(Size(table.system, coefficient, about, readers, needed))
    if not figures:
        raise EvaluationError(
            f"{coefficient}: the pilot says nothing about it: give readings of two readers or more "
            f"of {ENOUGH_PATIENTS} patients or more, for a margin with model and reference"
        )
    settings = {"coefficient": coefficient, "confidence": wish.confidence}
    if math.isnan(wish.margin):
        settings |= {"width": wish.width}
    else:
        settings |= {"margin": wish.margin, "expected": wish.expected, "power": wish.power}
    return Study("size", settings, tuple(figures), (), tuple(notes), tuple(sizes))


def _series(table: StudyTable, inputs: Inputs, margin: bool) -> tuple[str, list[Series]]:
    if margin:
        pairs = pairs_with_reference(table, inputs)
        return DIFFERENCE, [model - reader for model, reader in pairs.values()]
    columns = {name: table.first(name) for name in inputs.readers}
    if inputs.reference:
        reference = table.first(inputs.reference)
        found = [
            series_of(one, reference, table.patients, table.grades) for one in columns.values()
        ]
        return "readers and reference", [one for one in found if one.which.any()]
    pairs_of = combinations(columns.values(), 2)
    found = [series_of(*pair, table.patients, table.grades) for pair in pairs_of]
    return "two readers", [one for one in found if one.which.any()]


def _unusable(mean: OverReaders, whose: Whose, coefficient: str) -> str:
    if not np.isfinite(mean.value) or not np.isfinite(mean.variance):
        return "the coefficient is undefined, or would be without one patient"
    if not mean.these_error > 0:
        return "no variation"
    return too_few(whose.carriers(coefficient)) or whose.reason(coefficient)


def _pilots(
    mean: OverReaders, patients: int, of: str, inputs: Inputs
) -> Sequence[tuple[str, Pilot, Sequence[int]]]:
    """Return the parts of the variance for each claim, and the numbers of readers to try."""
    if of == "two readers" or mean.readers < 2:
        alone = Pilot(patients, 0.0, 0.0, mean.these_error**2)
        return [(THESE, alone, (len(inputs.readers),))]
    these, like = (Pilot.of(mean, patients, random) for random in (False, True))
    if mean.readers < FEWEST_READERS:
        return [(THESE, these, (mean.readers,))]
    return [(THESE, these, (mean.readers,)), (LIKE_THESE, like, READERS)]
