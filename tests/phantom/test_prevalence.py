"""The share of each grade, counted by hand."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from lumbargrade.phantom.prevalence import prevalence_table
from lumbargrade.phantom.summary import CohortSummary


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
