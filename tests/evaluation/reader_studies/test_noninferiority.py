from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.made_up_readings import made_up

from lumbargrade.errors import EvaluationError
from lumbargrade.evaluation.reader_studies.noninferiority import (
    DIFFERENCE,
    noninferiority,
    pairs_with_reference,
    statement,
)
from lumbargrade.evaluation.reader_studies.study import LIKE_THESE, THESE, Figure
from lumbargrade.evaluation.reader_studies.table import Slot
from lumbargrade.statistics.bootstrap import Estimate


def difference(low: float, high: float, about: str = THESE, reason: str = "") -> Figure:
    estimate = Estimate((low + high) / 2, low, high, 0, reason)
    return Figure("LDH", "ac1", DIFFERENCE, about, estimate, 90, 30, 2)


def test_only_the_coefficient_that_was_fixed_decides() -> None:
    found = noninferiority(made_up(), 0.05, "kappa_linear")
    decided = [
        row for row in found.figures if (row.of, row.measure) == (DIFFERENCE, "kappa_linear")
    ]
    assert [row.about for row in decided] == [THESE, LIKE_THESE]
    assert found.statements == tuple(statement(row, 0.05) for row in decided)
    rows = {(row.of, row.measure, row.about): row.estimate.value for row in found.figures}
    assert rows[DIFFERENCE, "ac1", THESE] == pytest.approx(
        rows["net", "ac1", ""] - rows["readers", "ac1", THESE]
    )


def test_the_model_is_measured_on_each_readers_images() -> None:
    """A reader of easy images must not make the model look worse, nor better."""
    study = made_up()
    (table,) = study.tables
    half = np.arange(len(table.patients)) % 2 == 0
    columns = {**table.columns, Slot("R001"): np.where(half, table.column(Slot("R001")), -1)}
    columns.pop(Slot("R001", round=2))
    table = replace(table, columns=columns)
    model, reader = pairs_with_reference(table, study)["R001"]
    assert model.which.tolist() == half.tolist() == reader.which.tolist()


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        (difference(-0.04, 0.02), "non-inferior. The bound -0.040 lies above the margin of -0.05."),
        (difference(-0.2, -0.06), "inferior. Even the upper end -0.060 lies below the margin"),
        (difference(-0.06, 0.02), "non-inferiority is not shown. The bound -0.060 lies below"),
        (difference(np.nan, np.nan, THESE, "no variation"), "nothing can be said (no variation)."),
    ],
)
def test_the_bound_decides(figure: Figure, said: str) -> None:
    assert statement(figure, 0.05).startswith(f"LDH, these readers: {said}")


def test_what_may_help_depends_on_the_claim() -> None:
    assert statement(difference(-0.06, 0.02), 0.05).endswith("More patients are needed.")
    assert statement(difference(-0.06, 0.02, LIKE_THESE), 0.05).endswith("More readers may help.")


def test_without_common_images_nothing_is_compared() -> None:
    with pytest.raises(EvaluationError, match="by the model, the reference and a reader"):
        noninferiority(replace(made_up(), readers=()), 0.05, "ac1")
