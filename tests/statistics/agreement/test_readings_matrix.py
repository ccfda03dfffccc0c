from __future__ import annotations

import numpy as np
import pytest

from lumbargrade.errors import EvaluationError
from lumbargrade.statistics.agreement.readings_matrix import ReadingsMatrix

PATIENTS = np.array(["P1", "P2"])


@pytest.mark.parametrize(
    ("readers", "ratings", "message"),
    [
        (("A",), [[0], [1]], "readers A: agreement needs two or more"),
        ((), np.zeros((2, 0)), "readers none: agreement needs two or more"),
        (("A", "A"), [[0, 1], [1, 1]], "readers A, A: .* a name of their own"),
        (("A", "B"), [[0, 1]], r"shape \(1, 2\) do not fit 2 images and 2 readers"),
        (("A", "B"), [[0, 1], [1, 4]], "reader B, image number 1: grade 4 is unknown: .* 0 to 3"),
        (("A", "B"), [[-2, 1], [1, 0]], "reader A, image number 0: grade -2 is unknown"),
    ],
)
def test_impossible_panels_are_refused(
    readers: tuple[str, ...], ratings: list[list[int]], message: str
) -> None:
    with pytest.raises(EvaluationError, match=message):
        ReadingsMatrix(readers, np.array(ratings, dtype=np.int64), PATIENTS, 4)


def test_missing_readings_are_allowed() -> None:
    matrix = ReadingsMatrix(("A", "B"), np.array([[0, -1], [-1, -1]]), PATIENTS, 4)
    assert matrix.ratings.tolist() == [[0, -1], [-1, -1]]
