"""``interchange``: would it show if a reader were replaced by the model?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from lumbargrade.errors import EvaluationError
from lumbargrade.evaluation.measures.system_figures import Options
from lumbargrade.evaluation.reader_studies.inputs import Inputs
from lumbargrade.evaluation.reader_studies.study import THESE, Figure, Study
from lumbargrade.evaluation.reader_studies.table import StudyTable
from lumbargrade.statistics.bootstrap import (
    Estimate,
    PatientBootstrap,
    Resampled,
    Scale,
    left_out,
)
from lumbargrade.statistics.reader_studies.replacement import KINDS, Replaced, replaced

Floats = NDArray[np.float64]

LOST = "lost by replacement"
"""What the index is of."""


def interchange(inputs: Inputs, margin: float | None, options: Options) -> Study:
    """Return the individual equivalence index of each system, and what follows with a margin.

    ``margin`` is the share of agreement that may be lost, fixed before the data were seen. Raises
    EvaluationError if no image was graded by the model and two readers.
    """
    figures: list[Figure] = []
    statements = []
    for table in inputs.tables:
        model, readers = table.first(inputs.model), table.matrix(inputs.readers)
        for kind, apart in KINDS.items():
            found = replaced(model, readers, apart)
            rows = list(_figures(table, kind, found, len(inputs.readers), options))
            figures += rows
            if margin is not None and rows:
                statements.append(statement(rows[-1], margin))
    if not figures:
        raise EvaluationError(
            f"{inputs.model}: no image was graded by the model and two readers: give the readings "
            "of two readers or more of the same images"
        )
    return Study(
        "interchange",
        {"model": inputs.model, "margin": margin, "resamples": options.resamples},
        tuple(figures),
        tuple(statements),
        inputs.notes,
    )


def _figures(
    table: StudyTable, kind: str, found: Replaced, readers: int, options: Options
) -> Iterator[Figure]:
    which = np.isfinite(found.lost)
    if not which.any():
        return
    patients = table.patients[which]
    bootstrap = PatientBootstrap.of(patients, options.resamples, options.seed)
    parts: tuple[tuple[str, Floats, Scale], ...] = (
        ("two readers", found.readers, "share"),
        ("reader and model", found.model, "share"),
        (LOST, found.lost, "plain"),
    )
    for of, images, scale in parts:
        estimate = mean_over_images(images[which], bootstrap, scale, options.confidence)
        counted = len(patients), bootstrap.patients, readers
        yield Figure(table.system, kind, of, THESE, estimate, *counted)


def mean_over_images(
    images: Floats, bootstrap: PatientBootstrap, scale: Scale, confidence: float = 0.95
) -> Estimate:
    """Return the mean of (n,) with its interval from resampled patients."""
    sums = np.bincount(bootstrap.patient, images, bootstrap.patients)
    counts = np.bincount(bootstrap.patient, minlength=bootstrap.patients).astype(np.float64)
    drawn = bootstrap.draws.astype(np.float64)
    freedom = float("inf")
    if len(sums) > 1:
        freedom = left_out((sums.sum() - sums) / (counts.sum() - counts))[1]
    found = Resampled(
        float(images.mean()),
        np.asarray((drawn @ sums) / (drawn @ counts)),
        bootstrap.patients,
        scale,
        freedom=freedom,
    )
    return found.estimate(confidence)


def statement(index: Figure, margin: float) -> str:
    """Return what the index of a system says with a margin fixed before."""
    name = f"{index.system}, {index.measure.replace('_', ' ')}"
    found, limit = index.estimate, f"{100 * margin:g} %"
    if not np.isfinite(found.high):
        return f"{name}: nothing can be said ({found.reason})."
    if found.high < margin:
        lost = f"At most {100 * found.high:.1f} % of agreement is lost (upper end of the interval)"
        if found.high <= 0:
            lost = "No agreement is lost (the whole interval is not above 0)"
        return f"{name}: interchangeable. {lost}, less than the margin of {limit}."
    if found.low > margin:
        return (
            f"{name}: not interchangeable. At least {100 * found.low:.1f} % of agreement is lost, "
            f"more than the margin of {limit}."
        )
    return f"{name}: undecided. The interval holds the margin of {limit}: more patients are needed."
