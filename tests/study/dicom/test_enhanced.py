"""Frames of enhanced objects: their own functional groups, then the shared ones."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pydicom.sequence import Sequence
from tests.study.conftest import enhanced, fails, item, picture, reasons

from lumbargrade.study.dicom.enhanced import read_first_frame
from lumbargrade.study.dicom.parse import parse
from lumbargrade.study.limits import Budget
from lumbargrade.study.read import ReadOptions, read_study

Folder = Callable[..., Path]


def test_enhanced_frames_have_places_parameters_and_rescale_of_their_own(
    study_folder: Folder,
) -> None:
    slices = read_study(study_folder(enhanced())).series[0].slices
    assert [item.frame_number for item in slices] == [1, 2, 3]
    assert [item.geometry.position_mm[2] for item in slices] == [0, 35, 70]
    assert slices[2].geometry.column_direction[2] == pytest.approx(np.sin(0.4))
    assert slices[0].geometry.pixel_spacing_mm == (0.9, 1.1)
    acquisition = slices[1].acquisition
    assert (acquisition.echo_time_ms, acquisition.repetition_time_ms) == (99, 4000)
    assert acquisition.scanning_sequence == ("SE",)
    assert acquisition.body_part_examined == "Lumbar spine"
    for n, one in enumerate(slices):
        np.testing.assert_array_equal(one.load_pixels(), picture(n) * np.float32(n + 1) - 5)


def test_enhanced_compressed_frames_are_decoded_one_by_one(study_folder: Folder) -> None:
    dataset = enhanced()
    dataset.compress("1.2.840.10008.1.2.5", generate_instance_uid=False)
    slices = read_study(study_folder(dataset)).series[0].slices
    np.testing.assert_array_equal(slices[2].load_pixels(), picture(2) * np.float32(3) - 5)


def test_enhanced_fat_saturation_and_inversion_are_seen(study_folder: Folder) -> None:
    dataset = enhanced()
    dataset.SharedFunctionalGroupsSequence[0].MRModifierSequence = item(
        InversionRecovery="YES", InversionTimes=[160.0], SpectrallySelectedSuppression="FAT"
    )
    acquisition = read_study(study_folder(dataset)).series[0].acquisition
    assert acquisition.inversion_time_ms == 160
    assert "FS" in acquisition.scan_options
    assert "IR" in acquisition.scanning_sequence


@pytest.mark.parametrize(("excited", "options"), [("WATER", ("WE",)), ("NONE", ()), ("FAT", ())])
def test_enhanced_water_excitation_is_seen(
    study_folder: Folder, excited: str, options: tuple[str, ...]
) -> None:
    dataset = enhanced()
    dataset.SharedFunctionalGroupsSequence[0].MRModifierSequence = item(
        InversionRecovery="NO", SpectrallySelectedExcitation=excited
    )
    acquisition = read_study(study_folder(dataset)).series[0].acquisition
    assert acquisition.scan_options == options


def test_enhanced_with_too_few_groups_is_refused(study_folder: Folder) -> None:
    dataset = enhanced()
    del dataset.PerFrameFunctionalGroupsSequence[2]
    assert "2 functional groups for 3 frames" in fails(study_folder(dataset))


PLACE = item(ImagePositionPatient=[-1, -2, 7])
TILT = item(ImageOrientationPatient=[1, 0, 0, 0, 0.6, 0.8])
"""What a group says; other groups of the object say otherwise."""


@pytest.mark.parametrize(
    ("group", "says", "position_mm", "column_direction", "spacing_mm", "echo_ms", "slope"),
    [
        ("PlanePositionSequence", PLACE, (-1, -2, 7), (0, 1, 0), (0.9, 1.1), 99, 1),
        ("PlaneOrientationSequence", TILT, (-40, -50, 0), (0, 0.6, 0.8), (0.9, 1.1), 99, 1),
        (
            *("PixelMeasuresSequence", item(PixelSpacing=[0.5, 0.6], SliceThickness=3)),
            *((-40, -50, 0), (0, 1, 0), (0.5, 0.6), 99, 1),
        ),
        (
            *("MREchoSequence", item(EffectiveEchoTime=77.0)),
            *((-40, -50, 0), (0, 1, 0), (0.9, 1.1), 77, 1),
        ),
        (
            *("PixelValueTransformationSequence", item(RescaleSlope=3, RescaleIntercept=-5)),
            *((-40, -50, 0), (0, 1, 0), (0.9, 1.1), 99, 3),
        ),
    ],
)
def test_a_group_of_the_frame_wins_over_the_shared_one(
    study_folder: Folder,
    group: str,
    says: Sequence,
    position_mm: tuple[float, ...],
    column_direction: tuple[float, ...],
    spacing_mm: tuple[float, float],
    echo_ms: float,
    slope: float,
) -> None:
    dataset = enhanced(1)
    shared = dataset.SharedFunctionalGroupsSequence[0]
    (own,) = dataset.PerFrameFunctionalGroupsSequence
    if group in own:
        shared[group] = copy.deepcopy(own[group])
    setattr(own, group, says)
    (one,) = read_study(study_folder(dataset)).series[0].slices
    assert one.geometry.position_mm == position_mm
    assert one.geometry.column_direction == column_direction
    assert one.geometry.pixel_spacing_mm == spacing_mm
    assert one.acquisition.echo_time_ms == echo_ms
    np.testing.assert_array_equal(one.load_pixels(), picture(0) * np.float32(slope) - 5)


def test_a_shared_group_holds_for_frames_without_one_of_their_own(study_folder: Folder) -> None:
    dataset = enhanced(2)
    shared = dataset.SharedFunctionalGroupsSequence[0]
    first, second = dataset.PerFrameFunctionalGroupsSequence
    shared.PlaneOrientationSequence = TILT
    del second.PlaneOrientationSequence
    first.MREchoSequence = item(EffectiveEchoTime=77.0)
    one, other = read_study(study_folder(dataset)).series[0].slices
    directions = [slice_.geometry.column_direction for slice_ in (one, other)]
    assert directions == [(0, 1, 0), (0, 0.6, 0.8)]
    assert (one.acquisition.echo_time_ms, other.acquisition.echo_time_ms) == (77, 99)


def test_the_first_frame_is_read_as_one_of_all(study_folder: Folder) -> None:
    """As by the index of an archive, which reads no more of a file."""
    dataset = enhanced(2)
    (dataset.SharedFunctionalGroupsSequence[0]).PlanePositionSequence = PLACE
    data = (study_folder(dataset) / "0000").read_bytes()
    header = parse(data, Budget(ReadOptions())).header
    frame = read_first_frame(header, (96, 80), ReadOptions())
    one = read_study(study_folder(dataset)).series[0].slices[0]
    assert (frame.geometry, frame.acquisition) == (one.geometry, one.acquisition)
    assert frame.geometry.position_mm == (-40, -50, 0)


@pytest.mark.parametrize("lost", [1, 2, 3])
def test_a_frame_without_a_place_is_left_out_alone(study_folder: Folder, lost: int) -> None:
    dataset = enhanced()
    del dataset.PerFrameFunctionalGroupsSequence[lost - 1].PlanePositionSequence
    study = read_study(study_folder(dataset))
    kept = [number for number in (1, 2, 3) if number != lost]
    assert [one.frame_number for one in study.series[0].slices] == kept
    for one, number in zip(study.series[0].slices, kept, strict=True):
        np.testing.assert_array_equal(
            one.load_pixels(), picture(number - 1) * np.float32(number) - 5
        )
    (left,) = study.not_read
    assert left.what == f"0000 frame {lost}"
    assert left.reason.startswith("no usable Image Position (Patient)")
    assert left.sop_instance_uid == dataset.SOPInstanceUID


def test_a_frame_with_an_impossible_rescale_is_left_out_alone(study_folder: Folder) -> None:
    dataset = enhanced()
    values = dataset.PerFrameFunctionalGroupsSequence[2].PixelValueTransformationSequence
    values[0].RescaleSlope = 0
    assert list(reasons(read_study(study_folder(dataset)))) == ["0000 frame 3"]


def test_a_file_without_one_good_frame_is_refused(study_folder: Folder) -> None:
    dataset = enhanced(2)
    for group in dataset.PerFrameFunctionalGroupsSequence:
        del group.PlanePositionSequence
    assert "frame 1: no usable Image Position (Patient)" in fails(study_folder(dataset))


def test_enhanced_diffusion_component_and_agent_are_seen(study_folder: Folder) -> None:
    dataset = enhanced(2)
    dataset.EchoPlanarPulseSequence = "YES"
    dataset.ContrastBolusAgentSequence = item(CodeMeaning="Gadolinium")
    for frame, b in zip(dataset.PerFrameFunctionalGroupsSequence, (0.0, 800.0), strict=True):
        frame.MRDiffusionSequence = item(DiffusionBValue=b)
        frame.MRImageFrameTypeSequence = item(
            FrameType=["ORIGINAL", "PRIMARY", "DIFFUSION", "NONE"], ComplexImageComponent="PHASE"
        )
    slices = read_study(study_folder(dataset)).series[0].slices
    own = [one.acquisition for one in slices]
    assert [one.b_value_s_mm2 for one in own] == [0, 800]
    assert own[0].image_type[2] == "DIFFUSION"
    assert own[0].complex_image_component == "PHASE"
    assert own[0].contrast_agent == "Gadolinium"
    assert own[0].scanning_sequence == ("SE", "EP")
