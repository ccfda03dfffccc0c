"""Which slices are there, whose, and what a reader must know of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cohort.adapters.sets import table
from tests.external.test_labels import CANAL, HEAD
from tests.external.world import adapted, slices, write_grades

from lumbargrade.cohort.read import read_cohort
from lumbargrade.errors import EvaluationError
from lumbargrade.evaluation.inputs import Graded, read_graded
from lumbargrade.external.locate import Basis
from lumbargrade.external.material import axial_slices, external_material, labels_of
from lumbargrade.grading.crosswalk import load_crosswalk
from lumbargrade.grading.finding import Side

CROSSWALK = load_crosswalk("rsna2024")


@pytest.fixture
def graded(tmp_path: Path) -> Graded:
    return read_graded(write_grades(tmp_path / "graded", {1: 3}), [adapted()], None, None, False)


def test_labels_meet_the_slices_of_their_level(graded: Graded) -> None:
    material = external_material(graded, [adapted()], CROSSWALK)
    canal, recess = material.compared
    (moderate,) = (one for one in canal if one.label.grade == 1)
    # Slice 1 carries the mark of the left recess, at 4.4 mm from its neighbours in both series.
    assert (moderate.grade, moderate.merged, len(moderate.slices)) == (3, 2, 6)
    (severe,) = (one for one in recess if one.label.grade == 2)
    assert severe.merged == 2
    found = {(one.label.level, one.label.side): one.basis for one in recess if not one.reason}
    assert found == {
        ("L4/L5", Side.LEFT): Basis.OWN_MARK,
        ("L3/L4", Side.LEFT): Basis.OWN_MARK,
        ("L3/L4", Side.RIGHT): Basis.OTHER_MARK,
    }
    assert any("Marks of other series lie" in one for one in material.notes)
    assert any("No split was given" in one for one in material.notes)


def test_slices_of_training_and_of_other_patients_are_left_out() -> None:
    cohort = read_cohort(adapted())
    assert len(axial_slices(cohort, {}, set(), {"4003253"})) == 12
    assert axial_slices(cohort, {}, set(), {"other"}) == []
    assert len(axial_slices(cohort, {}, {slices()[0].sop_instance_uid}, {"4003253"})) == 11


def test_training_patients_are_refused(graded: Graded) -> None:
    seen = frozenset({slices()[0].sop_instance_uid})
    held = Graded(graded.studies, graded.cohort, None, None, seen, ())
    with pytest.raises(EvaluationError, match=r"in the training or validation set \(4003253\)"):
        external_material(held, [adapted()], CROSSWALK)


def test_patients_of_several_cohorts_are_named_by_their_folder() -> None:
    names = {one.patient for one in labels_of([adapted(), adapted()], CROSSWALK)}
    assert names == {"cohort/4003253"}


def test_labels_of_which_none_can_be_compared_are_refused(graded: Graded, tmp_path: Path) -> None:
    table(tmp_path / "labels.csv", HEAD, CANAL)
    with pytest.raises(EvaluationError, match=r"none of 1 labels can be compared \(1 no axial"):
        external_material(graded, [tmp_path], CROSSWALK)
