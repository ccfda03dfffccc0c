"""Doubts about the numbers of a header: they are read, and it is said how."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.tag import Tag
from tests.study.conftest import COLUMNS, ROWS, axial_slice, enhanced, fails

from lumbargrade.study.model import Slice
from lumbargrade.study.read import read_study

Folder = Callable[..., Path]


def raw(dataset: Dataset, keyword: str, value: str) -> Dataset:
    """Give an element a text that pydicom would refuse to write."""
    data = value.encode() + b" " * (len(value) % 2)
    tag = Tag(keyword)
    dataset[tag] = RawDataElement(tag, "DS", len(data), data, 0, False, True)
    return dataset


def only_slice(folder: Path) -> Slice:
    (one,) = read_study(folder).series[0].slices
    return one


@pytest.mark.parametrize(
    ("keyword", "value", "name"),
    [
        ("ImagePositionPatient", "-50,0\\-57,6\\4,4", "Image Position (Patient)"),
        ("ImagePositionPatient", "-5,00e1\\-57,60\\4.4", "Image Position (Patient)"),
        ("PixelSpacing", "1,2\\1,25", "Pixel Spacing"),
        ("PixelSpacing", "1.2 mm\\1.25mm", "Pixel Spacing"),
        ("ImageOrientationPatient", "1,0\\0\\0\\,0\\1,\\0", "Image Orientation (Patient)"),
        ("EchoTime", "100,0 ms", "Echo Time"),
    ],
)
def test_decimal_commas_and_units_are_read_and_told(
    study_folder: Folder, keyword: str, value: str, name: str
) -> None:
    one = only_slice(study_folder(raw(axial_slice(1), keyword, value)))
    plain = only_slice(study_folder(axial_slice(1)))
    assert (one.geometry, one.acquisition) == (plain.geometry, plain.acquisition)
    assert one.notes == (
        f"{name}: written with a decimal comma or a unit, which DICOM does not allow; read as "
        "decimal numbers",
    )
    assert plain.notes == ()


@pytest.mark.parametrize(
    ("keyword", "value", "reason"),
    [
        ("PixelSpacing", "0.6,0.6", "no usable Pixel Spacing (it says 0.6,0.6): scale unknown"),
        ("PixelSpacing", "0,06 cm\\0,06 cm", "Spacing (it says 0,06 cm\\0,06 cm)"),
        ("ImagePositionPatient", "1.234,5\\2\\3", "Position (Patient) (it says 1.234,5\\2\\3)"),
        ("ImagePositionPatient", "1\\2\\", "(it says 1\\2\\): slice position unknown"),
        ("ImageOrientationPatient", "1\\0\\0\\0\\1", "(it says 1\\0\\0\\0\\1): left and right"),
    ],
)
def test_numbers_that_cannot_be_told_are_refused_with_what_they_say(
    study_folder: Folder, keyword: str, value: str, reason: str
) -> None:
    assert reason in fails(study_folder(raw(axial_slice(1), keyword, value)))


def test_commas_in_functional_groups_are_told(study_folder: Folder) -> None:
    dataset = enhanced(1)
    raw(dataset.PerFrameFunctionalGroupsSequence[0].PlanePositionSequence[0],
        "ImagePositionPatient", "-40,0\\-50,0\\0,0")  # fmt: skip
    one = only_slice(study_folder(dataset))
    assert one.geometry.position_mm == pytest.approx((-40, -50, 0))
    assert one.notes[0].startswith("Image Position (Patient): written with a decimal comma")


@pytest.mark.parametrize("turn", [(0.13, 0.31), (0.4, -0.22), (1.2, 0.05)])
def test_an_orientation_rounded_to_two_decimals_is_made_exact_and_told(
    study_folder: Folder, turn: tuple[float, float]
) -> None:
    a, b = turn
    row = np.array([np.cos(a), np.sin(a) * np.cos(b), np.sin(a) * np.sin(b)])
    column = np.array([-np.sin(a), np.cos(a) * np.cos(b), np.cos(a) * np.sin(b)])
    rounded = [round(float(value), 2) for value in (*row, *column)]
    one = only_slice(study_folder(axial_slice(1, ImageOrientationPatient=rounded)))
    for read, true in ((one.geometry.row_direction, row), (one.geometry.column_direction, column)):
        assert np.degrees(np.arccos(min(1.0, float(np.dot(read, true))))) < 0.6
    (note,) = one.notes
    assert note.startswith("Image Orientation (Patient) is rounded")


def test_an_exact_orientation_has_no_note(study_folder: Folder) -> None:
    cosines = [1, 0, 0, 0, 0.921061, -0.389418]
    one = only_slice(study_folder(axial_slice(1, ImageOrientationPatient=cosines)))
    assert (one.notes, one.geometry.column_direction) == ((), (0, 0.921061, -0.389418))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"PixelSpacing": [1, 1], "ReconstructionDiameter": 60}, True),
        ({"PixelSpacing": [0.3, 0.3], "ReconstructionDiameter": 100}, True),
        ({"PixelSpacing": [1, 1], "ReconstructionDiameter": ROWS}, False),
        ({"PixelSpacing": [1, 1], "ReconstructionDiameter": COLUMNS}, False),
        ({"PixelSpacing": [1, 1], "ReconstructionDiameter": 1.08 * ROWS}, False),
        ({"PixelSpacing": [1, 1], "ReconstructionDiameter": 0}, False),
        ({"PixelSpacing": [1, 1]}, False),
    ],
)
def test_a_spacing_that_contradicts_the_diameter_is_told(
    study_folder: Folder, change: dict[str, Any], told: bool
) -> None:
    notes = only_slice(study_folder(axial_slice(1, **change))).notes
    assert bool(notes) is told
    if told:
        spacing, diameter = change["PixelSpacing"][0], change["ReconstructionDiameter"]
        assert f"pixel spacing of {spacing:g} x {spacing:g} mm contradicts" in notes[0]
        assert f"the header says {diameter} mm" in notes[0]
