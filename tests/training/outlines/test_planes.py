"""The slices of a cohort teach what they cut, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from lumbargrade.cohort import read
from lumbargrade.errors import CohortError
from lumbargrade.grading.finding import Plane
from lumbargrade.training.outlines import planes as module
from lumbargrade.training.outlines.planes import cohort_planes
from lumbargrade.training.progress_log import NOBODY


def test_discs_and_bodies_are_told_apart(tiny_cohort: Path, tmp_path: Path) -> None:
    found = cohort_planes(tiny_cohort, tmp_path, NOBODY)
    given = [one for one in read.read_cohort(tiny_cohort).slices if one.disc_in_plane is not None]
    assert len(found.pictures) == len(found.planes) == len(given)
    discs = [list(Plane)[plane] is Plane.DISC for plane in found.planes]
    assert discs == [one.disc_in_plane for one in given]
    assert not found.known.any()
    assert not found.masks.any()
    assert found.drafts.all()
    assert not found.tested.any()
    assert found.pictures.shape[1:] == (200, 200)


def test_a_cohort_that_says_nothing_of_discs_is_refused(
    tiny_cohort: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = read.read_cohort(tiny_cohort)
    empty = read.Cohort(known.folder, known.simulated, (), known.fingerprint)
    monkeypatch.setattr(module, "read_cohort", lambda folder: empty)
    with pytest.raises(CohortError, match="says of no slice whether a disc lies in its plane"):
        cohort_planes(tiny_cohort, tmp_path, NOBODY)
