"""Agreement with the reader, with the two lowest grades apart and as one."""

from __future__ import annotations

import numpy as np
import pytest

from lumbargrade.statistics.agreement.two_raters import confusion_table
from lumbargrade.training.heads import MISSING
from lumbargrade.training.sagittal.scores import agreement, table_merged


def chances(grades: list[int]) -> np.ndarray:
    return np.eye(5)[grades]


def test_full_agreement() -> None:
    values = np.array([0, 1, 2, 3, 4, 4])
    found = agreement(values, chances(values.tolist()))
    assert (found["discs"], found["by_grade"]) == (6, [1, 1, 1, 1, 2])
    assert (found["kappa_linear"], found["exact"]) == (1.0, 1.0)
    assert found["merged"] == {"kappa_linear": 1.0, "balanced_accuracy": 1.0}
    assert found["majority"] == pytest.approx(1 / 3, abs=1e-4)


def test_two_grades_are_not_merged_and_missing_ones_not_counted() -> None:
    found = agreement(np.array([0, 1, MISSING, 1]), np.eye(2)[[0, 1, 1, 0]])
    assert (found["discs"], found["by_grade"]) == (3, [1, 2])
    assert found["balanced_accuracy"] == 0.75
    assert "merged" not in found


def test_the_lowest_two_are_one_when_merged() -> None:
    found = agreement(np.array([0, 1, 2]), chances([1, 0, 2]))
    assert found["exact"] == pytest.approx(1 / 3, abs=1e-4)
    assert found["merged"]["kappa_linear"] == 1.0
    table = confusion_table(np.array([0, 1, 4]), np.array([1, 1, 3]), 5)
    merged = table_merged(table)
    assert merged.shape == (4, 4)
    assert (merged[0, 0], merged[3, 2], merged.sum()) == (2, 1, 3)


def test_without_discs_or_with_one_grade_there_is_less() -> None:
    assert agreement(np.zeros(0, dtype=np.int64), np.zeros((0, 5))) == {}
    assert agreement(np.array([2, 2]), chances([2, 2]))["kappa_linear"] is None
