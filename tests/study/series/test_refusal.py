"""Reasons, and which options of the user stand above each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.study.conftest import axial_slice

from lumbargrade.errors import StudyError
from lumbargrade.grading.finding import UserWord
from lumbargrade.study.read import read_study
from lumbargrade.study.series.refusal import Asked, Refusal
from lumbargrade.study.series.select import Selection, select_axial

Folder = Callable[..., Path]
T2, FIRST = UserWord(contrast="t2"), UserWord(series="1")
BOTH = UserWord(contrast="t2", series="1")
BARE: dict[str, Any] = {
    "EchoTime": None,
    "RepetitionTime": None,
    "SeriesDescription": None,
    "BodyPartExamined": None,
}


def graded(folder: Path, word: UserWord) -> Selection | str:
    try:
        return select_axial(read_study(folder), word=word)
    except StudyError as error:
        return str(error)


@pytest.mark.parametrize(
    ("change", "words", "hint"),
    [
        (BARE, (T2, FIRST, BOTH), "--contrast t2 or --series 1 grades"),
        (
            BARE | {"Modality": None, "SOPClassUID": None},
            (T2, FIRST, BOTH),
            "modality not given, not MR by SOP Class either; --contrast t2 or --series 1",
        ),
        ({"EchoTime": 80, "RepetitionTime": 900}, (T2, FIRST), "--contrast t2 or --series 1"),
        ({"EchoTime": 12, "RepetitionTime": 500}, (T2, FIRST), "--contrast t2 or --series 1"),
        ({"SeriesDescription": "mDIXON T2"}, (T2, FIRST), "water or in phase not said"),
        ({"SeriesDescription": "T2 fs"}, (BOTH,), "--contrast t2 --series 1 grades"),
        (BARE | {"SeriesDescription": "T1"}, (BOTH,), "--contrast t2 --series 1 grades"),
        ({"SeriesDescription": "SCOUT"}, (FIRST, BOTH), "--series 1 grades"),
        ({"SeriesDescription": "T2 C-SPINE"}, (FIRST,), "--series 1 grades"),
        ({"BodyPartExamined": "KNEE"}, (FIRST,), "--series 1 grades"),
        ({"BurnedInAnnotation": "YES"}, (FIRST,), "burned-in text"),
        ({"ImageType": ["DERIVED", "SECONDARY", "OTHER"]}, (FIRST,), "a secondary picture"),
    ],
)
def test_what_is_doubtful_the_user_overrules(
    study_folder: Folder, change: dict[str, Any], words: tuple[UserWord, ...], hint: str
) -> None:
    folder = study_folder(axial_slice(1, **change))
    assert hint in str(graded(folder, UserWord()))
    for word in (T2, FIRST, BOTH):
        result = graded(folder, word)
        if word in words or (word == BOTH and (T2 in words or FIRST in words)):
            assert isinstance(result, Selection), result
            assert any(
                "graded as T2 on the user's word (--" in text and "the header says: " in text
                for text in result.warnings
            )
        else:
            assert isinstance(result, str)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"Modality": "CT"}, "modality CT, not MR"),
        (
            {"SOPClassUID": "1.2.840.10008.5.1.4.1.1.7"},
            "Secondary Capture Image Storage, not an MR",
        ),
        ({"ScanningSequence": ["EP", "SE"]}, "an echo-planar picture"),
        ({"DiffusionBValue": 800.0}, "a diffusion picture"),
        ({"ImageType": ["ORIGINAL", "PRIMARY", "LOCALIZER"]}, "a localizer"),
        ({"ImageOrientationPatient": [0, 1, 0, 0, 0, -1]}, "sagittal, not axial"),
        ({"ScanOptions": "FS"}, "fat-suppressed"),
        ({"EchoTime": 12, "RepetitionTime": 500, "SeriesDescription": "T1"}, "T1-weighted"),
        ({"InversionTime": 2500}, "contrast not known"),
        ({"PixelSpacing": [2.1, 2.1]}, "pixels of 2.1 x 2.1 mm are coarser than 2 mm"),
        ({"PixelSpacing": [8, 8]}, "mm is wider than a scanner: a mosaic"),
    ],
)
def test_what_is_plain_nobody_overrules(
    study_folder: Folder, change: dict[str, Any], reason: str
) -> None:
    folder = study_folder(axial_slice(1, **change))
    message = graded(folder, UserWord())
    assert isinstance(message, str)
    assert reason in message
    assert "on your word" not in message
    for word in (T2, FIRST, BOTH):
        assert "; no option overrules this" in str(graded(folder, word))


def test_coarse_pixels_are_said(study_folder: Folder) -> None:
    result = graded(study_folder(axial_slice(1, PixelSpacing=[1.5, 1.5])), UserWord())
    assert isinstance(result, Selection)
    assert "pixels of 1.5 x 1.5 mm are coarser than 1.2 mm: doubtful" in result.warnings[0]


def test_thick_slices_are_said(study_folder: Folder) -> None:
    result = graded(study_folder(axial_slice(1, SliceThickness=8)), UserWord())
    assert isinstance(result, Selection)
    assert any("slices of 8 mm, thicker than those through discs" in w for w in result.warnings)


def test_the_users_contrast_takes_no_other_axial_series(study_folder: Folder) -> None:
    folder = study_folder(
        axial_slice(1, **BARE),
        axial_slice(2, series=2, EchoTime=12, RepetitionTime=500, SeriesDescription="ax T1"),
        axial_slice(3, series=3, **(BARE | {"SeriesDescription": "T1 tra"})),
        axial_slice(4, series=4, ScanOptions="FS"),
    )
    result = graded(folder, T2)
    assert isinstance(result, Selection)
    assert [item.series_instance_uid[-2:] for item in result.slices] == [".1"]


def test_ways_are_whole_sets_of_options() -> None:
    together = Refusal("x", (("--contrast", "--series"),))
    assert not together.overruled(frozenset({"--series"}))
    assert together.overruled(frozenset({"--contrast", "--series"}))
    assert not Refusal("x").overruled(frozenset({"--contrast", "--series"}))
    assert Asked(("t2",), 75, BOTH).given == {"--contrast", "--series"}
