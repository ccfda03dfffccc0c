"""What a reader must know of a cohort is said."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.evaluation.graded import (
    cohort_of,
    evaluated,
    graded_slice,
    reference_slice,
    sixteen_slices,
    study_of,
)

from lumbargrade.cohort.read import CohortSlice


@pytest.fixture
def slices() -> list[CohortSlice]:
    return sixteen_slices()


def test_a_contrast_that_the_model_does_not_read_is_left_out(slices: list[CohortSlice]) -> None:
    other = replace(reference_slice("9.9", 1, 0), contrast="t1")
    graded = [graded_slice(one.sop_instance_uid, 0) for one in slices]
    found = evaluated([study_of(graded)], cohort_of([*slices, other]))
    assert found.figures[0].coverage.not_graded == 0
    assert any("1 slices of a contrast" in note for note in found.material.notes)


def test_strangers_are_left_out_and_said(slices: list[CohortSlice]) -> None:
    graded = [graded_slice("1.2.0", 0), graded_slice("8.8", 3)]
    found = evaluated([study_of(graded)], cohort_of(slices))
    assert found.figures[0].images == 1
    assert "1 graded slices are not in the cohort and are excluded." in found.material.notes


def test_one_patient_is_said(slices: list[CohortSlice]) -> None:
    found = evaluated([study_of([graded_slice("1.2.0", 0)])], cohort_of(slices[:2]))
    assert any("one patient," in note for note in found.material.notes)


def test_without_a_split_it_is_said(slices: list[CohortSlice]) -> None:
    found = evaluated([study_of([graded_slice("1.2.0", 0)])], cohort_of(slices))
    assert any("No split was given" in note for note in found.material.notes)
    assert not found.material.leakage_checked
