"""Predictions from disk: whose they are, and of which images."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.evaluation.graded import (
    MODEL,
    cohort_of,
    evaluated,
    graded_slice,
    sixteen_slices,
    study_of,
)

from lumbargrade.cohort.read import CohortSlice
from lumbargrade.errors import (
    BundleError,
    EvaluationError,
    LumbargradeError,
)
from lumbargrade.evaluation.predictions import (
    bundle_that_graded,
    read_predictions,
    regions_of,
    unseen,
)
from lumbargrade.inference.bundle import DEFAULT_MODEL, load_bundle


@pytest.fixture
def slices() -> list[CohortSlice]:
    return sixteen_slices()


def test_an_image_graded_twice_is_refused(slices: list[CohortSlice]) -> None:
    study = study_of([graded_slice("1.2.0", 0)])
    with pytest.raises(EvaluationError, match=r"image 1\.2\.0 .* was graded twice"):
        evaluated([study, study], cohort_of(slices))


def test_two_models_are_refused(slices: list[CohortSlice]) -> None:
    other = study_of([graded_slice("1.2.1", 0)], replace(MODEL, version="2"))
    with pytest.raises(
        EvaluationError, match=r"the grades come from 2 models \(net 1, net 2\): eval"
    ):
        evaluated([study_of([graded_slice("1.2.0", 0)]), other], cohort_of(slices))


def test_the_regions_of_a_grading_are_named() -> None:
    one, two = graded_slice("1.2.0", 0), graded_slice("1.2.1", 0)
    drawn = replace(two, region=replace(two.region, source="drawn box"))
    assert regions_of([study_of([one, two])]) == "located regions"
    assert regions_of([study_of([drawn])]) == "drawn regions"
    assert regions_of([study_of([one]), study_of([drawn])]) == "drawn and located regions"


def test_no_predictions_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"no grades\.json in it"):
        read_predictions(tmp_path)
    with pytest.raises(EvaluationError, match=r"no grades\.json in it"):
        read_predictions(tmp_path / "absent")


def test_damaged_predictions_are_refused(tmp_path: Path) -> None:
    (tmp_path / "grades.json").write_text("{")
    with pytest.raises(LumbargradeError, match=r"grades\.json"):
        read_predictions(tmp_path)


def test_the_model_in_the_package_is_known_by_its_hash() -> None:
    bundle = load_bundle()
    study = study_of([graded_slice("1.2.0", 0)], bundle.identity)
    found = bundle_that_graded([study], None)
    assert found is not None
    assert found.manifest.temperatures == bundle.manifest.temperatures
    assert bundle_that_graded([study_of([])], None) is None


def test_another_bundle_is_refused() -> None:
    with pytest.raises(EvaluationError, match=r"is not the model that graded \(net 0{12}\): give"):
        bundle_that_graded([study_of([])], DEFAULT_MODEL)
    with pytest.raises(BundleError, match="does not exist"):
        bundle_that_graded([study_of([])], Path("absent"))


def test_learnt_slices_can_be_left_out(slices: list[CohortSlice]) -> None:
    seen, mixed = study_of([graded_slice("1.2.0", 0)]), study_of([graded_slice("1.2.1", 0)])
    mixed = replace(mixed, slices=(*mixed.slices, graded_slice("1.2.9", 1)))
    left = unseen([seen, mixed], {"1.2.0", "1.2.1"})
    assert [[one.sop_instance_uid for one in study.slices] for study in left] == [["1.2.9"]]
    found = evaluated(left, cohort_of(slices), learnt={"1.2.0", "1.2.1"})
    assert found.figures[0].images == 1
    with pytest.raises(EvaluationError, match="all 1 graded studies were in the"):
        unseen([seen], {"1.2.0"})
