"""Grades are counted over slices and patients, and shown as shares."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from lumbargrade.errors import CohortError
from lumbargrade.phantom.generate import generate_cohort
from lumbargrade.phantom.options import CohortOptions
from lumbargrade.phantom.simulate import StudyOptions
from lumbargrade.phantom.simulated import SimulatedStudy
from lumbargrade.phantom.summary import CohortSummary, prevalence_table, summarise

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


def test_shares_are_of_slices_with_a_grade() -> None:
    slices = Counter({("LDH", 0): 6, ("LDH", 3): 2, ("LDH", None): 4, ("LCCS", 0): 12})
    patients: Counter[tuple[str, int | None]] = Counter(
        {("LDH", 0): 2, ("LDH", 3): 1, ("LCCS", 0): 2}
    )
    table = prevalence_table(CohortSummary(Path("C"), 1, 1, slices, patients))
    assert table.columns == ("system", "grade 0", "grade 3", "no grade")
    assert table.rows == (
        ("LDH", "75.0%\n6 / 2", "25.0%\n2 / 1", "4"),
        ("LCCS", "100.0%\n12 / 2", "0.0%\n0 / 0", "0"),
    )


def test_a_system_without_a_grade_is_no_division_by_zero() -> None:
    table = prevalence_table(CohortSummary(Path("C"), 1, 0, Counter({("LDH", None): 3})))
    assert table.rows == (("LDH", "3"),)
