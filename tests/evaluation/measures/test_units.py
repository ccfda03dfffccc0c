"""The worst slice of a level and of a patient."""

from __future__ import annotations

import pytest

from lumbargrade.evaluation.measures.units import by_level, by_patient
from lumbargrade.evaluation.records import ImageRecord, Readings

LEVELS = {"a": "L4/L5", "b": "L4/L5", "c": "L5/S1", "d": ""}


def record(
    image: str, reference: int | None, predicted: int | None, patient: str = "P"
) -> ImageRecord:
    shares = () if predicted is None else tuple(0.7 if g == predicted else 0.1 for g in range(4))
    return ImageRecord(image, patient, "s", False, reference, predicted, shares)


def test_reference_and_model_each_take_their_worst_image() -> None:
    one, two = by_level([record("a", 2, 0), record("b", 1, 3), record("c", 0, 0)], LEVELS)
    assert (one.reference, one.predicted) == (2, 3)
    assert (two.reference, two.predicted) == (0, 0)
    (patient,) = by_patient([record("a", 2, 0), record("b", 1, 3), record("c", 0, 0)])
    assert (patient.reference, patient.predicted) == (2, 3)


def test_a_worst_image_that_was_not_graded_stays_in_the_reference() -> None:
    """Leaving it out would hide that the model missed it."""
    (level,) = by_level([record("a", 3, None), record("b", 1, 1)], LEVELS)
    assert (level.reference, level.predicted) == (3, 1)


def test_nothing_known_stays_unknown() -> None:
    (level,) = by_level([record("a", None, None), record("b", None, None)], LEVELS)
    assert (level.reference, level.predicted, level.probabilities) == (None, None, ())


def test_a_level_of_two_patients_is_two_levels_and_an_unknown_level_none() -> None:
    some = [record("a", 0, 0, "P"), record("b", 1, 1, "Q"), record("d", 3, 3, "P")]
    assert [one.patient for one in by_level(some, LEVELS)] == ["P", "Q"]
    assert by_level([record("absent", 1, 1)], LEVELS) == []


def test_the_chance_of_a_grade_or_worse_is_the_highest_of_the_images() -> None:
    first = ImageRecord("a", "P", "s", False, 0, 0, (0.9, 0.0, 0.0, 0.1))
    second = ImageRecord("b", "P", "s", False, 1, 1, (0.2, 0.8, 0.0, 0.0))
    (level,) = by_level([first, second], LEVELS)
    # P(>= 1) = 0.8, P(>= 2) = P(>= 3) = 0.1
    assert level.probabilities == pytest.approx((0.2, 0.7, 0.0, 0.1))
    assert Readings.of([level], 4, "LDH").probabilities.sum() == pytest.approx(1)
