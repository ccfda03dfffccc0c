"""What is read once for every evaluation, held to the split."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree

import pytest
from tests.archive.flow.test_counts import kept
from tests.external.world import adapted, slices, write_grades

from lumbargrade.errors import EvaluationError
from lumbargrade.evaluation.inputs import read_graded


def test_predictions_and_cohort_are_read(tmp_path: Path) -> None:
    graded = read_graded(write_grades(tmp_path / "graded", {}), [adapted()], None, None, False)
    assert graded.cohort.slices == slices()
    assert len(graded.studies[0].slices) == len(slices())
    assert (graded.seen, graded.training, graded.bundle, graded.notes) == (None, None, None, ())


def test_disc_grades_come_under_the_names_of_the_cohort(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    graded, given = write_grades(tmp_path / "graded", {}), {"L5/S1": {"PFIRRMANN": 2}}
    monkeypatch.setattr("lumbargrade.evaluation.inputs.read_disc_grades", lambda _: {"P1": given})
    assert read_graded(graded, [adapted()], None, None, False).discs == {"P1": given}


def test_a_cohort_that_keeps_its_flow_gives_its_origin(tmp_path: Path) -> None:
    cohort = copytree(adapted(), tmp_path / "cohort")
    kept(cohort)
    graded = read_graded(write_grades(tmp_path / "graded", {}), [cohort], None, None, False)
    (origin,) = graded.origins
    assert (origin.cohort, origin.start.patients, origin.stages[-1].name) == (
        *("cohort", 4),
        "Not in the cohort",
    )


def test_unseen_patients_need_a_split(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="--only-unseen needs --split, which lists the pat"):
        read_graded(tmp_path, [adapted()], None, None, True)
