"""``repeats``: how well readers agree with themselves when they see the images again."""

from __future__ import annotations

from lumbargrade.errors import EvaluationError
from lumbargrade.evaluation.reader_studies.coefficients import (
    Background,
    Series,
    figures_of_one,
    figures_over_readers,
    series_of,
)
from lumbargrade.evaluation.reader_studies.inputs import Inputs
from lumbargrade.evaluation.reader_studies.study import Figure, Study
from lumbargrade.evaluation.reader_studies.table import Slot, StudyTable


def repeats(inputs: Inputs, confidence: float = 0.95) -> Study:
    """Return the agreement of each reader's first and second reading without help, and the mean.

    Raises EvaluationError if no reader read an image twice.
    """
    figures: list[Figure] = []
    for table in inputs.tables:
        figures += _figures(table, inputs, confidence)
    if not figures:
        raise EvaluationError(
            "no reader graded an image in rounds 1 and 2: give the second reading of an image with "
            "2 in a column round"
        )
    return Study("repeats", {}, tuple(figures), (), inputs.notes)


def _figures(table: StudyTable, inputs: Inputs, confidence: float) -> list[Figure]:
    own: dict[str, Series] = {}
    for name in inputs.readers:
        first, again = (table.column(Slot(name, round=number)) for number in (1, 2))
        series = series_of(first, again, table.patients, table.grades)
        if series.which.any():
            own[name] = series
    if not own:
        return []
    about = Background(table.system, table.matrix(list(own)), table.patients, confidence)
    figures: list[Figure] = []
    for name, series in own.items():
        figures += figures_of_one(series, name, about)
    if len(own) > 1:
        figures += figures_over_readers(list(own.values()), "readers", "coefficient", about)
    return figures
