"""The angle by which a patient lies rotated, and what is made of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lumbargrade.errors import StudyError
from lumbargrade.grading.finding import Cut, Plane, Side, StudyGrades
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.engine import Engine
from lumbargrade.inference.orientation.rotation import remaining_rotation, rotation_warning
from lumbargrade.inference.outline import Drawn
from lumbargrade.inference.predict import PredictOptions, predict
from lumbargrade.morphometry.frame import moved
from lumbargrade.morphometry.outlines import Line, Outlines
from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.model import FloatImage, Slice, Study
from lumbargrade.study.read import read_study
from lumbargrade.study.upright import Upright, upright

GEOMETRY = SliceGeometry((-100, -100, 0), (1, 0, 0), (0, 1, 0), (0.5, 0.5), 400, 400)
PIXELS = np.zeros((400, 400), np.float32)


def ellipse(center: tuple[float, float], radii: tuple[float, float]) -> Line:
    way = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    return np.column_stack([center[0] + radii[0] * np.cos(way), center[1] + radii[1] * np.sin(way)])


def turned(degrees: float) -> Drawn:
    """Symmetric anatomy, turned from the left towards the back."""
    cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    straight = Outlines(
        disc=ellipse((0, -20), (24, 16)),
        sac=ellipse((0, 4), (9, 7)),
        facets={Side.LEFT: ellipse((18, 12), (6, 8)), Side.RIGHT: ellipse((-18, 12), (6, 8))},
    )
    outlines = moved(straight, lambda points: points @ np.array([[cosine, sine], [-sine, cosine]]))
    masks = np.zeros((1, 1, 1), np.float32)
    return Drawn(outlines, Cut(Plane.DISC, (1.0, 0.0, 0.0)), masks)


def view(header_deg: float = 0.0, rotation_deg: float = 0.0) -> Upright:
    cosine, sine = float(np.cos(np.radians(header_deg))), float(np.sin(np.radians(header_deg)))
    geometry = replace(
        GEOMETRY, row_direction=(cosine, sine, 0.0), column_direction=(-sine, cosine, 0.0)
    )
    return upright(PIXELS, geometry, (200.0, 200.0), rotation_deg)


@pytest.mark.parametrize("degrees", [-30, -12, 6, 20])
def test_the_angle_is_that_of_the_midline(degrees: float) -> None:
    drawn = [turned(degrees + one) for one in (-1, 0, 2)]
    assert remaining_rotation([view()] * 3, drawn) == pytest.approx(degrees, abs=0.5)


def test_a_small_angle_is_left_alone() -> None:
    assert remaining_rotation([view()] * 3, [turned(4.0)] * 3) == 0.0


def test_the_midline_must_be_seen_on_most_slices() -> None:
    assert remaining_rotation([view()] * 4, [turned(20.0), turned(20.0), None, None]) == 0.0
    assert remaining_rotation([], []) == 0.0


def test_the_angle_is_counted_from_the_geometry_and_not_from_the_picture() -> None:
    # Rows that run 4 degrees towards the back are not undone: the patient's left lies at -4.
    seen = view(header_deg=4.0)
    assert seen.left_deg == pytest.approx(-4.0)
    assert remaining_rotation([seen], [turned(10.0)]) == pytest.approx(14.0, abs=0.5)


def test_what_is_said_of_a_region_that_was_cut_upright() -> None:
    assert rotation_warning(0.0, view()) == ""
    assert "rotated by about 23 degrees in the plane" in rotation_warning(-23.2, view(0, -23.2))
    assert "rotated by 30 degrees against the patient's axes" in rotation_warning(0.0, view(30.0))


# ---- a whole study


@pytest.fixture(scope="module")
def default_engine() -> Engine:
    return Engine(load_bundle())


Change = Callable[[SliceGeometry, FloatImage], tuple[SliceGeometry, FloatImage]]


def changed(study: Study, change: Change) -> Study:
    """The axial slices of three discs, each with another geometry and other pixels."""

    def pixels_of(item: Slice) -> FloatImage:
        return change(item.geometry, item.load_pixels())[1]

    def other(item: Slice) -> Slice:
        geometry, _ = change(item.geometry, item.load_pixels())
        return replace(item, geometry=geometry, load_pixels=partial(pixels_of, item))

    axial = [one for one in study.series if abs(one.slices[0].geometry.normal[2]) > 0.7]
    series = [replace(one, slices=tuple(map(other, one.slices[4:9:2]))) for one in axial]
    return replace(study, series=tuple(series))


def rotated_about_z(geometry: SliceGeometry, degrees: float) -> SliceGeometry:
    cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    matrix = np.array([[cosine, -sine, 0.0], [sine, cosine, 0.0], [0.0, 0.0, 1.0]])
    turn = (
        tuple((matrix @ np.array(one)).tolist())
        for one in (geometry.position_mm, geometry.row_direction, geometry.column_direction)
    )
    position, row, column = turn
    return replace(geometry, position_mm=position, row_direction=row, column_direction=column)


def askew(picture: FloatImage, degrees: float) -> FloatImage:
    """The picture turned clockwise about its middle."""
    return np.asarray(
        Image.fromarray(picture).rotate(-degrees, Image.Resampling.BICUBIC), dtype=np.float32
    )


def grades_of(grades: StudyGrades) -> list[list[int | None]]:
    return [[found.grade for found in item.findings] for item in grades.slices]


@pytest.fixture(scope="module")
def study(simulated_study: Path) -> Study:
    return read_study(simulated_study)


@pytest.fixture(scope="module")
def straight(study: Study, default_engine: Engine) -> StudyGrades:
    return predict(changed(study, lambda geometry, pixels: (geometry, pixels)), default_engine)


def test_a_straight_study_is_cut_along_its_rows(straight: StudyGrades) -> None:
    assert {item.region.angle_deg for item in straight.slices} == {0.0}
    assert not any("rotated" in said for item in straight.slices for said in item.warnings)


@pytest.mark.parametrize("degrees", [10.0, 45.0])
def test_a_patient_scanned_in_their_own_direction_is_graded_the_same(
    study: Study, straight: StudyGrades, default_engine: Engine, degrees: float
) -> None:
    grades = predict(
        changed(study, lambda geometry, pixels: (rotated_about_z(geometry, degrees), pixels)),
        default_engine,
    )
    assert grades_of(grades) == grades_of(straight)
    for item, before in zip(grades.slices, straight.slices, strict=True):
        assert item.region.center_px == pytest.approx(before.region.center_px, abs=1e-6)
        assert any("in the plane of the slice" in said for said in item.warnings)


@pytest.mark.parametrize("degrees", [-20.0, 45.0])
def test_a_patient_who_lies_askew_is_cut_upright(
    study: Study, straight: StudyGrades, default_engine: Engine, degrees: float
) -> None:
    grades = predict(
        changed(study, lambda geometry, pixels: (geometry, askew(pixels, degrees))),
        default_engine,
    )
    assert len(grades.slices) == len(straight.slices)
    for item in grades.slices:
        # A square looks the same after a right angle.
        assert (item.region.angle_deg - degrees + 45) % 90 - 45 == pytest.approx(0, abs=4)
        assert any("in the plane of the slice" in said for said in item.warnings)


def test_a_patient_on_their_side_is_not_taken_for_rotated(
    study: Study, default_engine: Engine
) -> None:
    with pytest.raises(StudyError, match="left and right would be wrong"):
        predict(
            changed(study, lambda geometry, pixels: (geometry, askew(pixels, 85.0))),
            default_engine,
        )


def test_a_box_is_read_along_its_own_edges(study: Study, default_engine: Engine) -> None:
    grades = predict(
        changed(study, lambda geometry, pixels: (geometry, askew(pixels, 20.0))),
        default_engine,
        PredictOptions(box_px=(120, 120, 60, 60)),
    )
    assert {item.region.angle_deg for item in grades.slices} == {0.0}
