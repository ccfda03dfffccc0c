"""``noninferiority``: does the model agree with the reference no less than the readers do?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lumbargrade.errors import EvaluationError
from lumbargrade.evaluation.reader_studies.coefficients import (
    Background,
    Series,
    figures_of_one,
    figures_over_readers,
    series_of,
)
from lumbargrade.evaluation.reader_studies.inputs import Inputs
from lumbargrade.evaluation.reader_studies.study import LIKE_THESE, THESE, Figure, Study
from lumbargrade.evaluation.reader_studies.table import StudyTable
from lumbargrade.statistics.agreement.many_raters import MISSING

DIFFERENCE = "model - readers"
"""What the margin is about."""


def noninferiority(
    inputs: Inputs, margin: float, coefficient: str, confidence: float = 0.95
) -> Study:
    """Return agreement with the reference of model and readers, and what follows with a margin.

    ``margin`` is how much lower the model's ``coefficient`` may be, both fixed before the data were
    seen. The lower end of the interval is the one-sided bound of 97.5 %. Raises EvaluationError if
    no image was graded by reference, model and a reader.
    """
    figures: list[Figure] = []
    statements = []
    for table in inputs.tables:
        rows = _figures(table, inputs, confidence)
        figures += rows
        statements += [
            statement(row, margin)
            for row in rows
            if (row.of, row.measure) == (DIFFERENCE, coefficient)
        ]
    if not figures:
        raise EvaluationError(
            f"{inputs.model}: no image was graded by the model, the reference and a reader: give "
            "the readings of the same images"
        )
    settings = {"model": inputs.model, "reference": inputs.reference}
    settings |= {"margin": f"{margin:g}", "coefficient": coefficient}
    return Study("noninferiority", settings, tuple(figures), tuple(statements), inputs.notes)


def pairs_with_reference(table: StudyTable, inputs: Inputs) -> dict[str, tuple[Series, Series]]:
    """Return reader -> the agreement with the reference of the model and of the reader.

    Both are over the images that all three graded; a reader without such an image is left out.
    """
    reference, model = table.first(inputs.reference), table.first(inputs.model)
    found = {}
    for name in inputs.readers:
        grades = table.first(name)
        both = (model != MISSING) & (grades != MISSING)
        if (both & (reference != MISSING)).any():
            sides = (
                series_of(one, reference, table.patients, table.grades, both)
                for one in (model, grades)
            )
            found[name] = (next(sides), next(sides))
    return found


def background_of(table: StudyTable, inputs: Inputs, confidence: float) -> Background:
    """Return whose grades decide how many patients carry a figure: the reference's."""
    reference = table.first(inputs.reference)[:, None]
    return Background(table.system, reference, table.patients, confidence)


def _figures(table: StudyTable, inputs: Inputs, confidence: float) -> list[Figure]:
    pairs = pairs_with_reference(table, inputs)
    if not pairs:
        return []
    about = background_of(table, inputs, confidence)
    figures: list[Figure] = []
    for name, (_, reader) in pairs.items():
        figures += figures_of_one(reader, name, about)
    models, readers = (list(side) for side in zip(*pairs.values(), strict=True))
    of_model = figures_over_readers(models, inputs.model, "coefficient", about)
    figures += [replace(row, about="") for row in of_model if row.about == THESE]
    figures += figures_over_readers(readers, "readers", "coefficient", about)
    apart = [model - reader for model, reader in pairs.values()]
    return figures + figures_over_readers(apart, DIFFERENCE, "plain", about)


def statement(row: Figure, margin: float) -> str:
    """Return what a difference says with a margin fixed before."""
    name = f"{row.system}, {row.about}"
    if not np.isfinite(row.estimate.low):
        return f"{name}: nothing can be said ({row.estimate.reason})."
    bound = f"{row.estimate.low:+.3f}"
    if row.estimate.low > -margin:
        return f"{name}: non-inferior. The bound {bound} lies above the margin of -{margin:g}."
    if row.estimate.high < -margin:
        return (
            f"{name}: inferior. Even the upper end {row.estimate.high:+.3f} lies below the margin "
            f"of -{margin:g}."
        )
    whose = " More patients are needed." if row.about != LIKE_THESE else " More readers may help."
    return (
        f"{name}: non-inferiority is not shown. The bound {bound} lies below the margin of "
        f"-{margin:g}.{whose}"
    )
