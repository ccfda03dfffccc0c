"""Which sagittal series tells the levels, and which of its slices."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.inference.sagittal.test_find import geometry_of, sagittal

from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.model import Series, Study
from lumbargrade.study.series.sagittal import MIDDLE_SLICES, sagittal_series

T2: dict[str, Any] = {"echo_time_ms": 100.0, "repetition_time_ms": 3500.0}
T1: dict[str, Any] = {"echo_time_ms": 11.0, "repetition_time_ms": 600.0}


def series(number: int, count: int = 7, frame: str = "1.9", **acquired: Any) -> Series:
    slices = tuple(
        replace(
            sagittal(n, geometry_of(4.0 * n - 12), [], **acquired),
            series_instance_uid=f"1.{number}",
            frame_of_reference_uid=frame,
        )
        for n in range(count)
    )
    return Series(f"1.{number}", number, slices[0].acquisition, slices)


def axial() -> Series:
    geometry = SliceGeometry((0, 0, 0), (1, 0, 0), (0, 1, 0), (1, 1), 200, 200)
    item = replace(sagittal(99, geometry_of(0.0), [], **T2), geometry=geometry)
    return Series("1.99", 99, item.acquisition, (item,))


def chosen(*found: Series) -> str:
    one = sagittal_series(Study("1", "P", (*found, axial())))
    return "" if one is None else one.slices[0].series_instance_uid


def test_t2_comes_before_t1() -> None:
    assert chosen(series(1, **T1), series(2, **T2)) == "1.2"
    assert chosen(series(1, **T1)) == "1.1"


def test_the_frame_of_the_axial_slices_comes_first() -> None:
    assert chosen(series(1, frame="1.8", **T2), series(2, **T1)) == "1.2"
    assert chosen(series(1, frame="1.8", **T2)) == "1.1"


@pytest.mark.parametrize(
    "acquired",
    [
        {"image_type": ("DERIVED", "SECONDARY", "MPR", "MIP")},
        {"image_type": ("ORIGINAL", "PRIMARY", "LOCALIZER")},
        {"body_part_examined": "CSPINE"},
        {"modality": "PICTURE"},
    ],
)
def test_what_is_no_lumbar_picture_is_left_out(acquired: dict[str, Any]) -> None:
    assert chosen(series(1, **{**T2, **acquired})) == ""


def test_the_middle_slices_are_taken_from_right_to_left() -> None:
    own = series(1, count=11, **T2)
    shuffled = replace(own, slices=(*own.slices[5:], *own.slices[:5]))
    one = sagittal_series(Study("1", "P", (shuffled,)))
    assert one is not None
    places = [float(item.geometry.center_mm[0]) for item in one.slices]
    assert places == sorted(places)
    assert len(places) == MIDDLE_SLICES
    assert places == [0.0, 4.0, 8.0, 12.0, 16.0]


def test_a_study_without_series_has_none() -> None:
    assert chosen() == ""
