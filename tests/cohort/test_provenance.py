"""A cohort keeps the flow of its archive, through every import that follows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.archive.flow.test_counts import STAGES, kept
from tests.evaluation.graded import cohort_of, sixteen_slices

from lumbargrade.cohort.provenance import NOT_TAKEN_IN, keep_flow, origin_of
from lumbargrade.cohort.read import Cohort
from lumbargrade.errors import CohortError
from lumbargrade.statistics.patients import Count, Stage


def cohort_in(folder: Path, slices: int) -> Cohort:
    made = cohort_of(sixteen_slices()[:slices])
    return Cohort(folder, made.simulated, made.slices, made.fingerprint)


def test_a_flow_is_kept_and_kept_again(tmp_path: Path) -> None:
    for name in ("flow", "first", "second"):
        (tmp_path / name).mkdir()
    kept(tmp_path / "flow")
    keep_flow(tmp_path / "flow", tmp_path / "first")
    keep_flow(tmp_path / "first", tmp_path / "second")
    origin = origin_of(cohort_in(tmp_path / "second", 16))
    assert origin is not None
    assert (origin.cohort, origin.start) == ("second", Count("In the archive", 4, 32))
    assert origin.stages[:2] == tuple(STAGES)


def test_who_is_included_and_not_in_the_cohort_has_a_box(tmp_path: Path) -> None:
    kept(tmp_path)
    cohort = cohort_in(tmp_path, 6)
    patients = len({one.patient_id for one in cohort.slices})
    origin = origin_of(cohort)
    assert origin is not None
    assert origin.stages[-1] == Stage(
        "Not in the cohort",
        (Count(NOT_TAKEN_IN, 2 - patients, 10),),
        Count("In the cohort", patients, 6),
    )


def test_a_cohort_that_knows_no_archive_has_no_origin(tmp_path: Path) -> None:
    keep_flow(tmp_path, tmp_path / "new")
    assert origin_of(cohort_in(tmp_path, 3)) is None


def test_another_file_of_that_name_is_told(tmp_path: Path) -> None:
    (tmp_path / "flow.json").write_text(json.dumps({"schema": "x"}), "utf-8")
    with pytest.raises(CohortError, match="is no patient flow"):
        keep_flow(tmp_path, tmp_path / "new")
