"""Slices are compared by what they show, not by what their header says besides."""

from __future__ import annotations

from dataclasses import replace

from pydicom.dataset import Dataset
from tests.study.conftest import axial_slice
from tests.study.dicom.test_references import Folder

from lumbargrade.study.model import Acquisition
from lumbargrade.study.read import read_study


def test_the_scanner_is_named_as_far_as_it_is_known() -> None:
    known = Acquisition(manufacturer="MAKER", model_name="Model", magnetic_field_strength_t=3.0)
    assert known.scanner == "MAKER Model, 3 T"
    assert replace(known, magnetic_field_strength_t=None).scanner == "MAKER Model"
    assert Acquisition().scanner == ""


def test_a_reference_is_neither_compared_nor_shown(study_folder: Folder) -> None:
    (one,) = read_study(study_folder(axial_slice())).series[0].slices
    assert replace(one, reference=Dataset()) == one
    assert "One^Pat" not in repr(one)
