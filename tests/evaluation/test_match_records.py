"""One record for each image: the model's own doubt beside the reference."""

from __future__ import annotations

import numpy as np
import pytest
from tests.evaluation.graded import (
    DOUBTFUL,
    cohort_of,
    doubtful_slice,
    graded_slice,
    sixteen_slices,
    study_of,
)

from lumbargrade.cohort.read import CohortSlice
from lumbargrade.evaluation.match import match
from lumbargrade.grading.sides import worse_side_probabilities
from lumbargrade.statistics.calibration import untempered


@pytest.fixture
def slices() -> list[CohortSlice]:
    return sixteen_slices()


def test_the_temperature_is_taken_off_where_it_is_known(slices: list[CohortSlice]) -> None:
    temperatures = dict.fromkeys(("LDH", "LCCS", "LNRC_left", "LNRC_right"), 2.0)
    study = study_of([graded_slice("1.2.0", 0), doubtful_slice("1.2.1")])
    found = match([study], cohort_of(slices), None, temperatures)
    bare = [{code: r[1].untempered for code, r in found.records.items()}][0]
    expected = untempered(np.array(DOUBTFUL), 2.0)
    assert bare["LDH"] == pytest.approx(expected.tolist())
    assert bare["LNRC"] == pytest.approx(
        worse_side_probabilities(expected.tolist(), expected.tolist())
    )
    assert found.records["LDH"][2].untempered == ()  # was not graded
    assert match([study], cohort_of(slices)).records["LDH"][1].untempered == ()


def test_sets_come_with_the_grades(slices: list[CohortSlice]) -> None:
    found = match([study_of([doubtful_slice("1.2.1")])], cohort_of(slices))
    assert found.records["LDH"][1].grade_set == (0, 1)
    assert found.records["LDH"][0].grade_set == ()
