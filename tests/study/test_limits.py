"""Caps, and the pixel spacing that a user may give."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.study.conftest import axial_slice

from lumbargrade.errors import StudyError
from lumbargrade.study.limits import Budget
from lumbargrade.study.read import ReadOptions, read_study

Folder = Callable[..., Path]


def test_impossible_spacing_from_the_user() -> None:
    with pytest.raises(StudyError, match="is not possible"):
        ReadOptions(pixel_spacing_mm=(0.0, 1.0))


def test_too_large_and_too_many_files(study_folder: Folder) -> None:
    folder = study_folder(axial_slice(1), axial_slice(2))
    with pytest.raises(StudyError, match=r"more than 1 files"):
        read_study(folder, ReadOptions(max_files=1))
    with pytest.raises(StudyError, match=r"the file is 0 MB large \(0 MB is allowed\)"):
        read_study(folder, ReadOptions(max_file_bytes=5000))
    with pytest.raises(StudyError, match=r"the study is larger than"):
        read_study(folder, ReadOptions(max_total_bytes=20_000))


def test_a_budget_counts_up_to_its_caps() -> None:
    budget = Budget(ReadOptions(max_files=2, max_total_bytes=10, max_file_bytes=5))
    budget.take_file("a")
    budget.take_file("b")
    budget.check_size(5)
    budget.take_bytes("a", 10)
    with pytest.raises(StudyError, match=r"^c: the study holds more than 2 files: give the folder"):
        budget.take_file("c")
    with pytest.raises(StudyError, match=r"export single slices$"):
        budget.check_size(6)
    with pytest.raises(StudyError, match=r"^b: the study is larger than 0 MB: give the folder"):
        budget.take_bytes("b", 1)
