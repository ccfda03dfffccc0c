"""Axial slices of a made-up body and of a simulated patient, mirrored beside sagittal ones."""

from __future__ import annotations

import shutil
from dataclasses import astuple, replace
from pathlib import Path

import numpy as np
import pydicom
import pytest
from tests.inference.levels.bodies import axial, sagittal

from lumbargrade.grading.finding import Side
from lumbargrade.inference.orientation.mirrored import Axial, SidesFit, contradiction, sides_fit
from lumbargrade.inference.predict import grade_study
from lumbargrade.study.model import Slice
from lumbargrade.study.read import read_study

SAGITTAL = [sagittal(x=x) for x in (-16.0, -8.0, 0.0, 8.0, 16.0)]
HEIGHTS = (-50.0, -20.0, 15.0, 45.0)


def pictures(mirrored: bool, moved_mm: float = 0.0) -> list[Axial]:
    """Axial slices as they are, or with the picture's columns exchanged under the same header."""

    def one(item: Slice) -> Axial:
        x, y, z = item.geometry.position_mm
        geometry = replace(item.geometry, position_mm=(x + moved_mm, y, z))
        pixels = item.load_pixels()
        return geometry, pixels[:, ::-1] if mirrored else pixels

    return [one(axial(z)) for z in HEIGHTS]


@pytest.mark.parametrize("moved_mm", [0.0, 7.5, -12.5])
@pytest.mark.parametrize("mirrored", [False, True])
def test_mirrored_pictures_contradict_the_sagittal_series(mirrored: bool, moved_mm: float) -> None:
    found = sides_fit(pictures(mirrored, moved_mm), SAGITTAL)
    assert found.lines >= 3 * len(HEIGHTS)
    assert max(found.as_said, found.mirrored) > 0.9
    assert found.contradicts is mirrored


def test_the_way_in_which_a_picture_is_stored_says_nothing() -> None:
    """Columns stored as rows, with the header that belongs to them."""
    turned = []
    for geometry, pixels in pictures(mirrored=True):
        across, down = geometry.row_direction, geometry.column_direction
        spacing, (rows, columns) = geometry.pixel_spacing_mm, pixels.shape
        other = replace(
            geometry,
            row_direction=down,
            column_direction=across,
            pixel_spacing_mm=(spacing[1], spacing[0]),
            rows=columns,
            columns=rows,
        )
        turned.append((other, np.ascontiguousarray(pixels.T)))
    found, plain = (sides_fit(one, SAGITTAL) for one in (turned, pictures(mirrored=True)))
    assert astuple(found) == pytest.approx(astuple(plain))


def test_few_crossings_say_nothing() -> None:
    assert sides_fit(pictures(mirrored=True), []) == SidesFit(0.0, 0.0, 0.0, 0)
    few = sides_fit(pictures(mirrored=True), SAGITTAL[:2])
    assert few.mirrored > few.as_said
    assert not few.contradicts


def test_sagittal_slices_beside_the_axial_picture_say_nothing() -> None:
    beside = [sagittal(x=x) for x in (-75.0, -65.0, -55.0, 55.0, 65.0, 75.0)]
    found, alone = (
        sides_fit(pictures(mirrored=True), some) for some in ([*SAGITTAL, *beside], SAGITTAL)
    )
    assert found == alone
    assert sides_fit(pictures(mirrored=True), beside).lines < 12


@pytest.mark.parametrize(
    "fit",
    [
        SidesFit(0.1, 0.4, 1.0, 30),  # nothing fits: the patient moved
        SidesFit(0.80, 0.81, 1.0, 30),  # a patient who is all but symmetric
        SidesFit(0.7, 0.8, 0.5, 30),  # half of the crossings say otherwise
    ],
)
def test_what_is_not_clear_is_no_contradiction(fit: SidesFit) -> None:
    assert contradiction(fit, "series 3") == ""
    clear = replace(fit, as_said=0.5, mirrored=0.8, share=0.9)
    assert "fit the sagittal series 3 better" in contradiction(clear, "series 3")


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_mirrored_study_is_graded_without_sides(
    simulated_study: Path, tmp_path: Path, mirrored: bool
) -> None:
    shutil.copytree(simulated_study, tmp_path / "study")
    if mirrored:
        for path in (tmp_path / "study" / "axial_t2").iterdir():
            header = pydicom.dcmread(path)
            header.PixelData = np.ascontiguousarray(header.pixel_array[:, ::-1]).tobytes()
            header.save_as(path)
    graded = grade_study(read_study(tmp_path / "study"))
    told = [one for one in graded.grades.warnings if "mirrored against its header" in one]
    assert len(told) == mirrored
    for item, picture in zip(graded.grades.slices, graded.pictures, strict=True):
        assert picture.sides_known is not mirrored
        for side in Side:
            finding = item.finding("LNRC", side)
            assert finding is not None
            assert ("mirrored" in finding.reason) is mirrored
            assert not mirrored or finding.grade is None
