"""Slices are compared by what they show, not by what their header says besides."""

from __future__ import annotations

from dataclasses import replace

from pydicom.dataset import Dataset
from tests.study.conftest import axial_slice
from tests.study.dicom.test_references import Folder

from lumbargrade.study.read import read_study


def test_a_reference_is_neither_compared_nor_shown(study_folder: Folder) -> None:
    (one,) = read_study(study_folder(axial_slice())).series[0].slices
    assert replace(one, reference=Dataset()) == one
    assert "One^Pat" not in repr(one)
