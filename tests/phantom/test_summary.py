from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lumbargrade.errors import CohortError
from lumbargrade.phantom.generate import generate_cohort
from lumbargrade.phantom.options import CohortOptions
from lumbargrade.phantom.simulate import StudyOptions
from lumbargrade.phantom.simulated import SimulatedStudy
from lumbargrade.phantom.summary import summarise

Simulate = Callable[[int, int, StudyOptions], SimulatedStudy]


def test_prevalence_counts_slices_and_patients(stub_simulate: Simulate, tmp_path: Path) -> None:
    summary = generate_cohort(tmp_path, CohortOptions(3, 1, workers=1), simulate=stub_simulate)
    assert summary.slices["LCCS", 0] == 3
    assert summary.slices["LDH", None] == 3
    assert summary.slices["LNRC", 2] == 3  # the worse side
    assert summary.slices["LNRC", 0] == 0
    assert summary.patients["LNRC", 2] == 3


def test_a_damaged_truth_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "truth").mkdir()
    (tmp_path / "truth" / "P00001.json").write_text("{}")
    with pytest.raises(CohortError, match=r"P00001\.json: not a truth file .*delete it"):
        summarise(tmp_path, ["P00001"], made=0)
