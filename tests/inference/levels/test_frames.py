"""Slices that may be placed beside the discs of the sagittal series."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.inference.levels.bodies import FRAME, axial, sagittal
from tests.inference.levels.found import SERIES

from lumbargrade.inference.levels.frames import comparable, other_frame
from lumbargrade.inference.sagittal.discs import SpineDiscs
from lumbargrade.study.model import Acquisition
from lumbargrade.study.volumes.picture import PICTURE_MODALITY

SPINE = SpineDiscs((), FRAME, SERIES, picture=sagittal())
HEIGHTS = (-50.0, -20.0, 15.0, 45.0)


def test_slices_of_the_same_frame_are_placed_in_silence() -> None:
    found = comparable([axial(z) for z in HEIGHTS], SPINE)
    assert found.slices == (True,) * 4
    assert found.warnings == ()
    assert found.confirmed
    assert not comparable([axial(z) for z in HEIGHTS], replace(SPINE, picture=None)).confirmed


def test_a_patient_who_moved_is_noticed() -> None:
    found = comparable([axial(z, 28.0) for z in HEIGHTS], SPINE)
    assert found.slices == (True,) * 4
    assert not found.confirmed
    (warning,) = found.warnings
    assert "best 28 mm lower than their coordinates say" in warning
    assert "the levels are in doubt" in warning


def test_other_frames_are_used_where_the_pictures_agree() -> None:
    found = comparable([axial(z, frame="2.9") for z in HEIGHTS], SPINE)
    assert found.slices == (True,) * 4
    assert "their pictures agree where they cross" in found.warnings[0]
    assert found.confirmed


@pytest.mark.parametrize("moved_mm", [-16.0, 34.0])
def test_other_frames_are_not_used_where_they_do_not(moved_mm: float) -> None:
    slices = [axial(z, moved_mm, frame="2.9") for z in HEIGHTS]
    assert comparable(slices, SPINE).slices == (False,) * 4
    assert "pictures do not show that they share coordinates" in other_frame(slices, SPINE)[0]
    assert comparable(slices, replace(SPINE, picture=None)).slices == (False,) * 4


def test_pictures_without_a_header_have_no_place() -> None:
    flat = [replace(axial(z), acquisition=Acquisition(modality=PICTURE_MODALITY)) for z in HEIGHTS]
    assert comparable(flat, SPINE).slices == (False,) * 4
    assert other_frame(flat, SPINE) == ()


def test_each_frame_is_judged_alone() -> None:
    slices = [axial(-50.0), axial(-20.0, 34.0, "2.9"), axial(15.0, 34.0, "2.9"), axial(45.0)]
    assert comparable(slices, SPINE).slices == (True, False, False, True)
