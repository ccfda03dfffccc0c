"""Predictions meet the truth of a cohort image by image."""

from __future__ import annotations

import math
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
from lumbargrade.errors import EvaluationError
from lumbargrade.grading.finding import Finding


@pytest.fixture
def slices() -> list[CohortSlice]:
    return sixteen_slices()


def test_matching_is_by_image_and_the_image_grade_is_the_worse_side(
    slices: list[CohortSlice],
) -> None:
    study = study_of([graded_slice(f"1.2.{i}", i % 4) for i in reversed(range(16))])
    found = evaluated([study], cohort_of([replace(one, external=False) for one in slices]))
    everything = {one.system: one for one in found.figures if one.group == "all images"}
    assert list(everything) == ["LDH", "LCCS", "LNRC"]
    for one in everything.values():
        assert (one.images, one.patients) == (16, 8)
        assert one.figures["ac1"].value == 1.0
        assert [row.images for row in one.grades] == [4, 4, 4, 4]


def test_groups_are_internal_external_and_what_is_known_of_the_patients(
    slices: list[CohortSlice],
) -> None:
    slices = [replace(one, field_strength_t=1.5 if one.external else 3) for one in slices]
    graded = [graded_slice(one.sop_instance_uid, 0 if one.external else 1) for one in slices]
    found = evaluated([study_of(graded)], cohort_of(slices))
    groups = {one.group: one.images for one in found.figures if one.system == "LDH"}
    assert groups == {"internal test": 12, "external test": 4}
    groups = {one.group: one.images for one in found.subgroups if one.system == "LDH"}
    assert groups == {}  # within a part all are alike


def test_levels_and_patients_are_the_worst_of_their_images(slices: list[CohortSlice]) -> None:
    """Two images a patient, both of L4/L5, of grades 0 and 1 or 2 and 3."""
    study = study_of([graded_slice(f"1.2.{i}", i % 4) for i in range(16)])
    found = evaluated([study], cohort_of(slices))
    for figures in (found.levels[0], found.patients[0]):
        assert [row.images for row in figures.grades] == [0, 3, 0, 3]
        assert figures.figures["accuracy"].value == 1.0


def test_missing_slices_and_missing_discs_are_not_graded(slices: list[CohortSlice]) -> None:
    graded = [graded_slice(f"1.2.{i}", i % 4, disc=i != 3) for i in range(10)]
    found = evaluated([study_of(graded)], cohort_of(slices))
    coverage = {one.system: one.coverage for one in found.figures if one.group == "internal test"}
    assert (coverage["LCCS"].graded, coverage["LCCS"].not_graded) == (10, 2)
    assert (coverage["LDH"].graded, coverage["LDH"].not_graded) == (9, 3)
    assert "6 of 16 slices of the cohort were not graded." in found.material.notes


def test_a_grade_where_there_is_no_reference_is_counted(slices: list[CohortSlice]) -> None:
    none = {"LDH": None, "LCCS": 0, "LNRC_left": None, "LNRC_right": None}
    slices[0] = replace(slices[0], grades=none)
    graded = [graded_slice(one.sop_instance_uid, 0) for one in slices]
    found = evaluated([study_of(graded)], cohort_of(slices))
    assert found.figures[0].coverage.graded_without_reference == 1
    assert found.figures[0].images == 11


def test_no_common_image_is_refused(slices: list[CohortSlice]) -> None:
    with pytest.raises(EvaluationError, match="none of the 1 graded slices is in COHORT"):
        evaluated([study_of([graded_slice("8.8", 3)])], cohort_of(slices))


def test_an_unknown_grade_is_refused(slices: list[CohortSlice]) -> None:
    wrong = replace(
        graded_slice("1.2.0", 0), findings=(Finding("LDH", None, 5, (0.0, 0.0, 0.0, 1.0)),)
    )
    with pytest.raises(EvaluationError, match="predicted grade 5 is unknown"):
        evaluated([study_of([wrong])], cohort_of(slices))


def test_no_reference_grade_at_all_is_refused(slices: list[CohortSlice]) -> None:
    none = dict.fromkeys(("LDH", "LCCS", "LNRC_left", "LNRC_right"))
    unknown = [replace(one, grades=none) for one in slices]
    with pytest.raises(EvaluationError, match="COHORT: no slice has a reference grade"):
        evaluated([study_of([graded_slice("1.2.0", 0)])], cohort_of(unknown))


def test_nan_probabilities_are_refused(slices: list[CohortSlice]) -> None:
    wrong = Finding("LDH", None, 0, (float("nan"), 0.0, 0.0, 1.0))
    study = study_of([replace(graded_slice("1.2.0", 0), findings=(wrong,))])
    with pytest.raises(EvaluationError, match=r"LDH of image 1\.2\.0: .* are not probabilities"):
        evaluated([study], cohort_of(slices))


def test_a_constant_prediction_is_a_defined_result(slices: list[CohortSlice]) -> None:
    graded = [graded_slice(one.sop_instance_uid, 0) for one in slices]
    found = evaluated([study_of(graded)], cohort_of(slices))
    assert found.figures[0].figures["kappa"].value == pytest.approx(0, abs=1e-12)
    assert found.figures[0].figures["auc_marked"].value == 0.5
    assert math.isnan(found.figures[0].grades[3].precision.value)


def test_graded_patients_that_were_learnt_from_are_named(slices: list[CohortSlice]) -> None:
    study = study_of([graded_slice(f"1.2.{i}", 0) for i in range(8)])
    learnt = {"1.2.2", "1.2.3", "1.2.6"}
    with pytest.raises(
        EvaluationError, match=r"2 of the graded patients were in .* \(P1, P3\): grade and"
    ):
        evaluated([study], cohort_of(slices), learnt=learnt)


def test_many_are_counted(slices: list[CohortSlice]) -> None:
    many = [reference_slice(f"1.2.{i}", i, 0) for i in range(13)]
    study = study_of([graded_slice(one.sop_instance_uid, 0) for one in many])
    learnt = {one.sop_instance_uid for one in many}
    with pytest.raises(EvaluationError, match=r"13 of the graded .* and 3 more"):
        evaluated([study], cohort_of(many), learnt=learnt)


def test_those_that_were_not_graded_are_left_out_of_the_result(slices: list[CohortSlice]) -> None:
    study = study_of([graded_slice(f"1.2.{i}", i % 4) for i in range(8, 16)])
    found = evaluated([study], cohort_of(slices), learnt={f"1.2.{i}" for i in range(8)})
    assert found.figures[0].coverage.not_graded == 0
    counted = {one.name: one.patients for one in found.material.flow.parts}
    assert counted == {"train and validation": 4, "internal test": 2, "external test": 2}
    assert not any("--split" in note for note in found.material.notes)


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
