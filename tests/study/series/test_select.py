"""Which slices are graded, and the reason of every other."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom.dataset import Dataset
from tests.study.conftest import ROWS, axial_slice

from lumbargrade.errors import StudyError
from lumbargrade.study.read import ReadOptions, read_study
from lumbargrade.study.series.select import Selection, select_axial

Folder = Callable[..., Path]
SAGITTAL = [0, 1, 0, 0, 0, -1]
CORONAL = [1, 0, 0, 0, 0, -1]


def selected(folder: Path) -> Selection:
    return select_axial(read_study(folder))


def told(selection: Selection) -> list[str]:
    """The warnings but that of the pixels, which are 1.25 mm in all these slices."""
    return [text for text in selection.warnings if "are coarser than 1.2 mm" not in text]


def error_of(folder: Path) -> str:
    with pytest.raises(StudyError) as caught:
        selected(folder)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def tilted(degrees: float) -> list[float]:
    angle = np.deg2rad(degrees)
    return [1, 0, 0, 0, round(float(np.cos(angle)), 8), round(float(np.sin(angle)), 8)]


def disc_stack(
    disc: int, series: int, degrees: float = 0.0, count: int = 3, height: float = 35.0
) -> list[Dataset]:
    """Slices through one disc: ``count`` of them 4.4 mm apart along their normal."""
    orientation = np.array(tilted(degrees))
    row, column = orientation[:3], orientation[3:]
    normal = np.cross(row, column)
    slices = []
    for n in range(count):
        center = np.array([0, 0, height * disc]) + normal * 4.4 * (n - (count - 1) / 2)
        corner = center - row * 1.25 * 79 / 2 - column * 1.2 * 95 / 2
        slices.append(
            axial_slice(
                100 * disc + n,
                series,
                ImageOrientationPatient=orientation.tolist(),
                ImagePositionPatient=[round(float(v), 6) for v in corner],
            )
        )
    return slices


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"ImageType": ["ORIGINAL", "PRIMARY", "LOCALIZER"]}, "a localizer"),
        ({"SeriesDescription": "3-pl loc"}, "a localizer"),
        ({"EchoTime": 10, "RepetitionTime": 550}, r"T1-weighted \(TE 10, TR 550 ms\); the model"),
        (
            {"ScanOptions": "FS"},
            r"fat-suppressed \(TE 100, TR 3500 ms; Scan Options: FS\); the model grades T2",
        ),
        ({"InversionTime": 160}, "fat-suppressed"),
        ({"EchoTime": 30, "RepetitionTime": 3000}, "PD-weighted"),
        ({"EchoTime": 5, "RepetitionTime": 10}, "T1-weighted"),
        ({"EchoTime": None, "SeriesDescription": "ax"}, r"contrast not known \(TR 3500 ms\)"),
        ({"ImageOrientationPatient": SAGITTAL}, "sagittal, not axial"),
        ({"ImageOrientationPatient": CORONAL}, "coronal, not axial"),
        ({"ImageOrientationPatient": tilted(50)}, "coronal, not axial"),
        ({"BodyPartExamined": "CSPINE"}, "cervical or thoracic spine, not lumbar"),
        ({"BodyPartExamined": "", "SeriesDescription": "t2 tra HWS"}, "cervical or thoracic"),
        ({"BodyPartExamined": "KNEE"}, "body part KNEE, not lumbar spine"),
        ({"Modality": "CT"}, "modality CT, not MR"),
        ({"ImageType": ["DERIVED", "PRIMARY", "MPR"]}, "a reformatted picture"),
        ({"ImageType": ["ORIGINAL", "PRIMARY", "P"]}, "a phase picture"),
        ({"ImageType": ["DERIVED", "PRIMARY", "DIXON", "FAT"]}, "a Dixon fat picture"),
        ({"PixelSpacing": [0.7, 0.7]}, "field of view 56 x 67 mm is smaller than the 75 mm"),
    ],
)
def test_other_series_are_refused_with_their_reason(
    study_folder: Folder, change: dict[str, Any], reason: str
) -> None:
    folder = study_folder(axial_slice(1), axial_slice(2, series=2, **change))
    selection = selected(folder)
    assert len(selection.slices) == 1
    (refused,) = selection.refused
    assert refused.what.startswith("series 2")
    assert refused.series_instance_uid.endswith(".1.2")
    assert re.search(reason, refused.reason), refused.reason


@pytest.mark.parametrize(
    "change",
    [
        {"ImageOrientationPatient": tilted(40)},
        {"ImageOrientationPatient": [-1, 0, 0, 0, 1, 0]},
        {"BodyPartExamined": ""},
        {"BodyPartExamined": "SPINE"},
        {"BodyPartExamined": "ABDOMEN", "SeriesDescription": "t2 tra lumbar"},
        {"BodyPartExamined": "TLSPINE", "SeriesDescription": "t2_tse_tra_msma"},
        {"SeriesDescription": "t2_tse_tra_448"},
        {"ScanOptions": ["SP", "PFP"]},
    ],
)
def test_axial_t2_in_its_many_dresses_is_taken(
    study_folder: Folder, change: dict[str, Any]
) -> None:
    selection = selected(study_folder(axial_slice(1, **change)))
    assert len(selection.slices) == 1
    assert selection.refused == ()


def test_t1_only_names_t1_and_what_to_do(study_folder: Folder) -> None:
    folder = study_folder(axial_slice(1, EchoTime=10, RepetitionTime=500))
    message = error_of(folder)
    assert message.startswith("no axial T2 slice of the lumbar spine to grade: series 1")
    assert "T1-weighted (TE 10, TR 500 ms)" in message
    assert message.endswith("Give a study with an axial T2 series")


def test_no_axial_series(study_folder: Folder) -> None:
    folder = study_folder(
        *(axial_slice(n, series=n, ImageOrientationPatient=SAGITTAL) for n in range(1, 7))
    )
    message = error_of(folder)
    assert "sagittal, not axial" in message
    assert "and 2 more" in message


def test_a_model_of_another_contrast_takes_that_one(study_folder: Folder) -> None:
    folder = study_folder(axial_slice(1), axial_slice(2, series=2, EchoTime=10, RepetitionTime=500))
    selection = select_axial(read_study(folder), contrasts=("t1",))
    assert [item.acquisition.echo_time_ms for item in selection.slices] == [10]
    assert "T2-weighted" in selection.refused[0].reason
    assert "the model grades T1" in selection.refused[0].reason


def test_a_mixed_series_is_refused_slice_by_slice(study_folder: Folder) -> None:
    folder = study_folder(axial_slice(1), axial_slice(2, ImageOrientationPatient=SAGITTAL))
    selection = selected(folder)
    (refused,) = selection.refused
    assert refused.what == "0001 frame 1"
    assert refused.sop_instance_uid.endswith(".1.2")


def test_angled_stacks_become_discs_from_the_lowest_up(study_folder: Folder) -> None:
    slices = [
        *disc_stack(2, 1, degrees=-5),
        *disc_stack(0, 1, degrees=-30),
        *disc_stack(1, 1, degrees=-15, count=4),
    ]
    selection = selected(study_folder(*slices))
    assert selection.blocks == (0, 0, 0, 1, 1, 1, 1, 2, 2, 2)
    levels = [float(item.geometry.center_mm[2]) for item in selection.slices]
    assert levels == sorted(levels)
    assert told(selection) == []


def test_parallel_stacks_are_told_apart_by_their_gap(study_folder: Folder) -> None:
    slices = [*disc_stack(0, 1), *disc_stack(1, 1), *disc_stack(2, 1)]
    assert selected(study_folder(*slices)).blocks == (0, 0, 0, 1, 1, 1, 2, 2, 2)


def test_single_slices_per_disc_are_discs(study_folder: Folder) -> None:
    slices = [one for disc in range(3) for one in disc_stack(disc, 1, count=1)]
    assert selected(study_folder(*slices)).blocks == (0, 1, 2)


def test_one_stack_over_several_discs_does_not_tell_discs(study_folder: Folder) -> None:
    selection = selected(study_folder(*disc_stack(0, 1, count=15)))
    assert selection.blocks == (None,) * 15
    levels = [float(item.geometry.center_mm[2]) for item in selection.slices]
    assert levels == sorted(levels)


def test_a_tall_stack_beside_an_angled_one_leaves_all_unknown(study_folder: Folder) -> None:
    slices = [*disc_stack(0, 1, degrees=-30), *disc_stack(2, 1, count=15)]
    assert set(selected(study_folder(*slices)).blocks) == {None}


def test_a_disc_planned_twice_is_graded_once(study_folder: Folder) -> None:
    slices = [*disc_stack(0, 1), *disc_stack(1, 1), *disc_stack(1, 2, degrees=-8)]
    selection = selected(study_folder(*slices))
    assert selection.blocks == (0, 0, 0, 1, 1, 1)
    (refused,) = selection.refused
    assert refused.what == "series 2 't2_tse_tra' (3 slices)"
    assert refused.reason == (
        "a second stack through the same discs: series 1 was chosen; "
        "to grade this one give --series 2"
    )


def test_a_copy_under_new_uids_is_listed(study_folder: Folder) -> None:
    again = [*disc_stack(0, 1)]
    for n, one in enumerate(again):
        one.SOPInstanceUID = f"1.2.3.{n}"
    selection = selected(study_folder(*disc_stack(0, 1), *disc_stack(1, 1), *again))
    assert selection.blocks == (0, 0, 0, 1, 1, 1)
    assert [(one.what, one.reason) for one in selection.refused] == [
        (
            f"000{n + 6} frame 1",
            f"at the same place as 000{n}, which was chosen (same pixels)",
        )
        for n in range(3)
    ]


def test_frames_of_reference_share_no_order(study_folder: Folder) -> None:
    other = disc_stack(1, 2)
    for one in other:
        one.FrameOfReferenceUID = "1.2.3"
    assert selected(study_folder(*disc_stack(0, 1), *other)).blocks == (None,) * 6


def test_the_order_of_files_does_not_matter(study_folder: Folder) -> None:
    slices = [*disc_stack(2, 1, degrees=-5), *disc_stack(0, 1, degrees=-30), *disc_stack(1, 1)]
    shuffled = [slices[n] for n in np.random.default_rng(3).permutation(len(slices))]
    selection = selected(study_folder(*shuffled))
    assert selection.blocks == (0, 0, 0, 1, 1, 1, 2, 2, 2)
    numbers = [int(item.sop_instance_uid.rsplit(".", 1)[1]) for item in selection.slices]
    assert numbers == [0, 1, 2, 100, 101, 102, 200, 201, 202]


def test_the_fields_limit_follows_the_model(study_folder: Folder) -> None:
    study = read_study(study_folder(axial_slice(1)))
    with pytest.raises(StudyError, match="smaller than the 110 mm square"):
        select_axial(study, narrowest_mm=110)
    assert ROWS * 1.2 > 110


def test_the_real_slice_is_axial_t2(real_data: Path) -> None:
    selection = selected(real_data / "dicom" / "axial_t2_single_slice.dcm")
    assert selection.blocks == (0,)


def test_every_real_picture_is_taken_on_the_users_word(real_data: Path) -> None:
    pictures = sorted((real_data / "axial_t2").glob("*.png"))
    assert len(pictures) == 29
    for picture in pictures:
        study = read_study(picture, ReadOptions(pixel_spacing_mm=(0.6875, 0.6875)))
        selection = select_axial(study)
        assert selection.blocks == (None,)
        assert "as given by the user" in selection.warnings[0]


def test_the_real_nifti_is_too_narrow(real_data: Path) -> None:
    message = error_of(real_data / "nifti" / "t2_lumbar.nii.gz")
    assert "field of view 38 x 257 mm is smaller than the 75 mm square" in message
