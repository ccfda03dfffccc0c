from __future__ import annotations

import numpy as np
import pytest

from lumbargrade.errors import EvaluationError
from lumbargrade.evaluation.records import ImageRecord, Readings


def _record(
    reference: int | None = 1,
    predicted: int | None = 1,
    probabilities: tuple[float, ...] = (0.1, 0.7, 0.1, 0.1),
) -> ImageRecord:
    return ImageRecord("1.2.3", "P1", "s", False, reference, predicted, probabilities)


def test_only_images_with_both_are_compared() -> None:
    records = [_record(), _record(reference=None), _record(predicted=None, probabilities=())]
    readings = Readings.of(records, 4, "LDH")
    assert readings.reference.tolist() == [1]
    assert readings.probabilities.shape == (1, 4)


def test_nothing_to_compare_is_empty_and_not_an_error() -> None:
    readings = Readings.of([_record(reference=None)], 4, "LDH")
    assert readings.probabilities.shape == (0, 4)


@pytest.mark.parametrize(
    ("record", "message"),
    [
        (_record(reference=4), "reference grade 4 is unknown: grades go from 0 to 3"),
        (_record(predicted=7), "predicted grade 7 is unknown"),
        (_record(predicted=-1), "predicted grade -1 is unknown"),
        (_record(probabilities=(0.5, 0.5)), "2 probabilities for 4 grades"),
        (_record(probabilities=(float("nan"), 0.5, 0.3, 0.2)), "not probabilities that sum to 1"),
        (_record(probabilities=(0.5, 0.5, 0.5, 0.5)), "not probabilities that sum to 1"),
        (_record(probabilities=(1.2, -0.2, 0.0, 0.0)), "not probabilities that sum to 1"),
    ],
)
def test_impossible_records_are_named(record: ImageRecord, message: str) -> None:
    with pytest.raises(EvaluationError, match=f"LDH of image 1.2.3: .*{message}"):
        Readings.of([_record(), record], 4, "LDH")


def test_a_reader_gives_grades_without_probabilities() -> None:
    readings = Readings.of([_record(probabilities=()), _record(probabilities=())], 4, "LDH")
    assert readings.probabilities.shape == (2, 4)
    assert np.isnan(readings.probabilities).all()


def test_probabilities_of_some_images_only_are_refused() -> None:
    with pytest.raises(
        EvaluationError, match=r"LDH of image 1\.2\.3: no probabilities, as for 1 of 2"
    ):
        Readings.of([_record(), _record(probabilities=())], 4, "LDH")
