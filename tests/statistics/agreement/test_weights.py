from __future__ import annotations

import numpy as np
import pytest

from lumbargrade.statistics.agreement.weights import WEIGHTS, Weights, agreement_weights


@pytest.mark.parametrize(
    ("kind", "first_row"),
    [
        ("identity", [1, 0, 0, 0]),
        ("linear", [1, 2 / 3, 1 / 3, 0]),
        ("quadratic", [1, 8 / 9, 5 / 9, 0]),
        ("ordinal", [1, 5 / 6, 1 / 2, 0]),  # 1 - C(d + 1, 2) / C(4, 2)
    ],
)
def test_published_weights_of_four_grades(kind: Weights, first_row: list[float]) -> None:
    weights = agreement_weights(4, kind)
    assert weights[0].tolist() == pytest.approx(first_row)
    assert np.array_equal(weights, weights.T)
    assert (np.diag(weights) == 1).all()


@pytest.mark.parametrize("kind", WEIGHTS)
def test_two_grades_leave_no_choice(kind: Weights) -> None:
    assert agreement_weights(2, kind).tolist() == [[1, 0], [0, 1]]


@pytest.mark.parametrize(("grades", "kind"), [(1, "linear"), (4, "cubic")])
def test_meaningless_weights_are_refused(grades: int, kind: Weights) -> None:
    with pytest.raises(ValueError, match="two grades or more"):
        agreement_weights(grades, kind)
