"""Caps, and the pixel spacing that a user may give."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from pathlib import Path

import pytest
from tests.study.conftest import axial_slice

from lumbargrade.errors import OverBudgetError, StudyError
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


def test_every_cap_has_a_reason() -> None:
    text = inspect.getdoc(ReadOptions) or ""
    for one in fields(ReadOptions):
        assert f"\n{one.name} : " in text, one.name


def test_a_budget_is_shared_by_threads() -> None:
    budget = Budget(ReadOptions(max_decoded_pixels=10_000))
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: budget.take_pixels(10), range(1000)))
    assert budget.decoded_pixels == 10_000
    with pytest.raises(OverBudgetError, match=r"more than 0.01 million pixels together: give the"):
        budget.take_pixels(1)


def test_what_is_believed_of_packed_files() -> None:
    budget = Budget(
        ReadOptions(max_small_bytes=100, max_unpacked_ratio=20, max_inflated_bytes=1000)
    )
    assert [budget.unpacked_bytes(size) for size in (1, 10, 1000)] == [100, 200, 1000]


def test_pixels_are_kept_while_there_is_room() -> None:
    budget = Budget(ReadOptions(max_kept_bytes=10))
    assert [budget.keep(size) for size in (6, 6, 4, 1)] == [True, False, True, False]


def test_too_many_elements_and_folders() -> None:
    budget = Budget(ReadOptions(max_total_elements=5, max_folders=2))
    with pytest.raises(OverBudgetError, match=r"^the headers of the study hold more than 5 elem"):
        budget.take_elements(6)
    with pytest.raises(OverBudgetError, match=r"^x: holds more than 2 folders: give the folder of"):
        budget.check_folders("x", 3)
