from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from PIL import Image

from lumbargrade.errors import StudyError
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.engine import Engine
from lumbargrade.inference.orientation.turn import (
    STRAIGHT,
    Turn,
    find_turn,
    turn_reason,
)
from lumbargrade.inference.predict import PredictOptions, predict
from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.model import FloatImage, Slice, Study
from lumbargrade.study.read import read_study
from lumbargrade.study.series.select import select_axial


@pytest.fixture(scope="module")
def default_engine() -> Engine:
    return Engine(load_bundle())


def turned(pictures: Sequence[FloatImage], quarters: int) -> list[FloatImage]:
    return [np.ascontiguousarray(np.rot90(picture, quarters)) for picture in pictures]


def like(picture: FloatImage, spacing_mm: float) -> SliceGeometry:
    """The geometry of a picture that lies as it is shown."""
    spacing = (spacing_mm, spacing_mm)
    return SliceGeometry((0, 0, 0), (1, 0, 0), (0, 1, 0), spacing, *picture.shape)


def said(engine: Engine, pictures: Sequence[FloatImage], spacing_mm: float) -> list[Turn]:
    """What is found where the pictures are turned by 0, 90, 180 and 270 degrees."""
    ways = [turned(pictures, quarters) for quarters in range(4)]
    return [find_turn(engine, [like(one, spacing_mm) for one in way], way) for way in ways]


def turned_picture(item: Slice) -> FloatImage:
    return turned([item.load_pixels()], 1)[0]


def on_its_side(study: Study) -> Study:
    """The study with its pictures turned by a quarter and its headers left as they were."""
    series = [
        replace(
            one,
            slices=tuple(
                replace(item, load_pixels=partial(turned_picture, item)) for item in one.slices
            ),
        )
        for one in study.series
    ]
    return replace(study, series=tuple(series))


SURE = [Turn(degrees, sure=True) for degrees in (0, 90, 180, 270)]


def test_a_turned_simulated_series_is_noticed(
    default_engine: Engine, simulated_study: Path
) -> None:
    manifest = default_engine.bundle.manifest
    selection = select_axial(
        read_study(simulated_study), manifest.contrasts, manifest.patch.size_mm
    )
    pictures = [item.load_pixels() for item in selection.slices]
    spacing = selection.slices[0].geometry.pixel_spacing_mm[0]
    assert [one.degrees for one in said(default_engine, pictures, spacing)] == [0, 90, 180, 270]


@pytest.mark.parametrize("patient", ["P0170", "P0389", "U"])
def test_real_backs_turned_and_not(default_engine: Engine, real_data: Path, patient: str) -> None:
    files = sorted((real_data / "axial_t2").glob(f"{patient}_*.png"))
    pictures = [np.asarray(Image.open(file).convert("L")).astype(np.float32) for file in files]
    assert said(default_engine, pictures, 0.6875) == SURE


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_two_turned_slices_are_never_passed_over(
    default_engine: Engine, simulated_study: Path, quarters: int
) -> None:
    study = read_study(simulated_study)
    slices = select_axial(study, ("t2",), 75.0).slices[:2]
    pictures = turned([item.load_pixels() for item in slices], quarters)
    turn = find_turn(default_engine, [item.geometry for item in slices], pictures)
    assert turn.degrees == 90 * quarters


def test_a_single_straight_slice_is_never_refused(
    default_engine: Engine, simulated_study: Path
) -> None:
    for one in select_axial(read_study(simulated_study), ("t2",), 75.0).slices[:9:4]:
        turn = find_turn(default_engine, [one.geometry], [one.load_pixels()])
        assert turn == STRAIGHT or not turn.sure or turn.is_rotation


@pytest.mark.parametrize("degrees", [-45, 45])
def test_a_rotated_patient_is_not_turned(
    default_engine: Engine, simulated_study: Path, degrees: int
) -> None:
    slices = select_axial(read_study(simulated_study), ("t2",), 75.0).slices[::4]
    pictures = [
        np.asarray(Image.fromarray(item.load_pixels()).rotate(degrees, Image.Resampling.BICUBIC))
        for item in slices
    ]
    turn = find_turn(default_engine, [item.geometry for item in slices], pictures)
    assert turn.sure
    assert turn.is_rotation
    assert turn.rotation_deg == pytest.approx(-degrees, abs=15)


@pytest.mark.parametrize(
    ("degrees", "rotation_deg", "is_rotation"),
    [(0, 0, True), (30, -30, True), (300, 60, True), (90, -90, False), (180, 180, False)],
)
def test_a_turn_is_a_rotation_the_other_way_round(
    degrees: int, rotation_deg: float, is_rotation: bool
) -> None:
    turn = Turn(degrees, sure=True)
    assert abs(turn.rotation_deg) == abs(rotation_deg)
    assert turn.rotation_deg == rotation_deg or degrees == 180
    assert turn.is_rotation is is_rotation


def test_a_turned_study_is_refused_and_a_box_overrules(
    default_engine: Engine, simulated_study: Path
) -> None:
    study = on_its_side(read_study(simulated_study))
    with pytest.raises(StudyError, match=r"rotated by 90 degrees.*left and right would be wrong"):
        predict(study, default_engine)
    grades = predict(study, default_engine, PredictOptions(box_px=(120, 120, 60, 60)))
    assert grades.slices
    assert not any("rotated" in item.reason for item in grades.not_graded)


def test_a_turned_series_gives_way_to_the_other_at_its_places(
    default_engine: Engine, simulated_study: Path
) -> None:
    study = read_study(simulated_study)
    bad = on_its_side(study)
    renamed = tuple(
        replace(
            one,
            series_instance_uid=f"{one.series_instance_uid}.9",
            slices=tuple(
                replace(
                    item,
                    series_instance_uid=f"{item.series_instance_uid}.9",
                    sop_instance_uid=f"{item.sop_instance_uid}.9",
                )
                for item in one.slices
            ),
        )
        for one in bad.series
    )
    # By its number the turned one is chosen first.
    good = tuple(replace(one, series_number=99) for one in study.series)
    grades = predict(replace(study, series=(*good, *renamed)), default_engine)
    reasons = [item.reason for item in grades.not_graded if "rotated" in item.reason]
    assert len(reasons) == len(grades.slices)
    assert not any(item.sop_instance_uid.endswith(".9") for item in grades.slices)


def test_a_lump_is_as_sure_either_way(engine: Engine, tiny: ModuleType) -> None:
    pictures = [tiny.blob_picture((60.0, 90.0), seed).astype(np.float32) for seed in range(3)]
    assert find_turn(engine, [like(one, 1.0) for one in pictures], pictures) == Turn(0, sure=True)


def test_the_reason_says_what_to_do() -> None:
    assert turn_reason(Turn(0, sure=True)) == ""
    assert "rotated by 90 degrees relative to its expected orientation" in turn_reason(
        Turn(90, sure=True)
    )
    assert "export the series again" in turn_reason(Turn(90, sure=True))
    assert "may be rotated by 90 degrees" in turn_reason(Turn(90, sure=False))
