"""How a slice was acquired and where it lies: what is missing or impossible is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.study.conftest import axial_slice, fails

from lumbargrade.study.read import ReadOptions, read_study

Folder = Callable[..., Path]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"ImageOrientationPatient": [1, 0, 0, 1, 0, 0]}, "right angle"),
        ({"ImageOrientationPatient": [0, 0, 0, 0, 0, 0]}, "unit vectors"),
        ({"ImagePositionPatient": [1e9, 0, 0]}, "no usable Image Position"),
        ({"PixelSpacing": [-1, 1]}, "no usable Pixel Spacing"),
        ({"PixelSpacing": [1e6, 1]}, "no usable Pixel Spacing"),
    ],
)
def test_impossible_geometry(study_folder: Folder, change: dict[str, Any], reason: str) -> None:
    assert reason in fails(study_folder(axial_slice(**change)))


def test_the_users_spacing_fills_a_missing_one_only(study_folder: Folder) -> None:
    folder = study_folder(axial_slice(1, PixelSpacing=None), axial_slice(2))
    first, second = read_study(folder, ReadOptions((0.7, 0.7))).series[0].slices
    assert first.geometry.pixel_spacing_mm == (0.7, 0.7)
    assert second.geometry.pixel_spacing_mm == (1.2, 1.25)


def test_every_element_that_says_what_a_picture_is(study_folder: Folder) -> None:
    one = axial_slice(
        EchoPlanarPulseSequence="YES",
        ComplexImageComponent="MAGNITUDE",
        DiffusionBValue=50.0,
        EchoNumbers=2,
        ContrastBolusAgent="Agent",
        BurnedInAnnotation="NO",
        SequenceName="*ep_b50",
        StudyDescription="MR LWS",
    )
    acquisition = read_study(study_folder(one)).series[0].acquisition
    assert acquisition.sop_class_uid == "1.2.840.10008.5.1.4.1.1.4"
    assert acquisition.scanning_sequence == ("SE", "EP")
    assert acquisition.complex_image_component == "MAGNITUDE"
    assert (acquisition.b_value_s_mm2, acquisition.echo_number) == (50.0, 2)
    assert (acquisition.contrast_agent, acquisition.burned_in_annotation) == ("Agent", "NO")
    assert (acquisition.sequence_name, acquisition.study_description) == ("*ep_b50", "MR LWS")
