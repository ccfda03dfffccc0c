"""The discs of a study's sagittal series, in patient coordinates."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, cast

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.inference.sagittal.maps import corners_around, maps_of

from lumbargrade.errors import StudyError
from lumbargrade.grading.level import Level
from lumbargrade.inference.engine import Engine
from lumbargrade.inference.sagittal.find import discs_of_slice, find_spine
from lumbargrade.inference.sagittal.square import FINDER_SQUARE
from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.model import Acquisition, Series, Slice, Study

SPACING_MM = 0.75
DOTS_MM = [(0.0, -10.0, z) for z in (-70.0, -35.0, 0.0, 35.0, 70.0)]
"""Where discs lie in the patient: bright dots of the made-up pictures."""


@dataclass
class DotFinder:
    """Stands for the engine: takes each bright dot of a square for the middle of a disc and, of
    a square that shows all of them, the lowest one for that on the sacrum.
    """

    bundle: Any = field(default_factory=type("B", (), {"disc_finder_path": "there"}))
    asked: int = 0

    def find_discs(
        self, squares: NDArray[np.float32]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        self.asked += 1
        dots = [_dots(square) for square in squares]
        found = [maps_of(own, 0 if len(own) >= len(DOTS_MM) else None) for own in dots]
        return np.stack([one for one, _ in found]), np.stack([one for _, one in found])


def _dots(square: NDArray[np.float32]) -> list[NDArray[np.float64]]:
    from scipy import ndimage

    label, count = ndimage.label(square > 0.5 * square.max())
    middles = ndimage.center_of_mass(square, label, range(1, count + 1))
    half = (FINDER_SQUARE.pixels - 1) / 2
    places = [((u - half) * 1.5, (v - half) * 1.5) for v, u in middles]
    return [corners_around(x, y) for x, y in sorted(places, key=lambda one: -one[1])]


def geometry_of(x: float, height_mm: float = 240.0, flipped: bool = False) -> SliceGeometry:
    """A sagittal slice around the origin; flipped: stored from foot to head and back to front."""
    size = round(height_mm / SPACING_MM)
    half = (size - 1) * SPACING_MM / 2
    sign = -1.0 if flipped else 1.0
    return SliceGeometry(
        (x, -half * sign, half * sign),
        (0.0, sign, 0.0),
        (0.0, 0.0, -sign),
        (SPACING_MM, SPACING_MM),
        size,
        size,
    )


def picture(geometry: SliceGeometry, dots: list[tuple[float, float, float]]) -> NDArray[np.float32]:
    rows, columns = np.mgrid[0 : geometry.rows, 0 : geometry.columns]
    values = np.full(rows.shape, 10.0)
    for dot in dots:
        column, row, _ = geometry.to_pixel(np.array(dot))
        values[np.hypot(columns - column, rows - row) * SPACING_MM < 4] = 1000.0
    return values.astype(np.float32)


def sagittal(number: int, geometry: SliceGeometry, dots: Any = None, **acquired: Any) -> Slice:
    pixels = picture(geometry, DOTS_MM if dots is None else dots)
    acquisition = Acquisition(
        modality="MR",
        echo_time_ms=100,
        repetition_time_ms=3500,
        scanning_sequence=("SE",),
        image_type=("ORIGINAL", "PRIMARY"),
    )
    return Slice(
        "1.2.3",
        f"1.2.3.{number}",
        1,
        f"sag{number}.dcm",
        geometry,
        replace(acquisition, **acquired),
        pixels.copy,
        frame_of_reference_uid="1.9",
    )


def study_of(slices: list[Slice]) -> Study:
    return Study("1.2", "P", (Series("1.2.3", 3, slices[0].acquisition, tuple(slices)),))


def engine() -> Engine:
    return cast(Engine, DotFinder())


@pytest.mark.parametrize("flipped", [False, True])
@pytest.mark.parametrize("height_mm", [240.0, 520.0])
def test_discs_lie_where_they_are_in_the_patient(flipped: bool, height_mm: float) -> None:
    geometry = geometry_of(3.0, height_mm, flipped)
    found = discs_of_slice(engine(), picture(geometry, DOTS_MM), geometry)
    near = {
        dot: min(np.linalg.norm(one.middle_mm - [3.0, *dot[1:]]) for one in found)
        for dot in DOTS_MM
    }
    assert max(near.values()) < 1.0


def test_levels_are_counted_from_the_lowest() -> None:
    slices = [sagittal(n, geometry_of(4.0 * n - 12)) for n in range(7)]
    spine = find_spine(engine(), study_of(slices))
    assert [one.level for one in spine.discs] == [*reversed(Level)]
    assert spine.frame_of_reference_uid == "1.9"
    assert spine.doubts == ()
    assert np.array([one.center_mm for one in spine.discs]) == pytest.approx(
        np.array(DOTS_MM), abs=1.0
    )


def test_a_tall_picture_does_not_double_its_discs() -> None:
    spine = find_spine(engine(), study_of([sagittal(0, geometry_of(0.0, 520.0))]))
    assert len(spine.discs) == len(DOTS_MM)


def test_a_damaged_slice_is_said_and_the_others_go_on() -> None:
    def broken() -> NDArray[np.float32]:
        raise StudyError("the pixels are damaged")

    slices = [sagittal(n, geometry_of(4.0 * n)) for n in range(3)]
    slices[1] = replace(slices[1], load_pixels=broken)
    spine = find_spine(engine(), study_of(slices))
    assert len(spine.discs) == len(DOTS_MM)
    assert "sag1.dcm: the pixels are damaged" in spine.doubts[0]


def test_without_a_finder_or_a_series_there_is_nothing() -> None:
    axial = replace(
        sagittal(0, geometry_of(0.0)),
        geometry=SliceGeometry((0, 0, 0), (1, 0, 0), (0, 1, 0), (1, 1), 200, 200),
    )
    assert find_spine(engine(), study_of([axial])).discs == ()
    without = DotFinder(type("B", (), {"disc_finder_path": None})())
    study = study_of([sagittal(0, geometry_of(0.0))])
    assert find_spine(cast(Engine, without), study).discs == ()
    assert without.asked == 0


def test_the_slice_nearest_to_the_discs_is_kept_to_be_shown() -> None:
    slices = [sagittal(n, geometry_of(4.0 * n - 8)) for n in range(5)]
    spine = find_spine(engine(), study_of(slices))
    assert spine.picture is not None
    assert spine.picture.identity == slices[2].identity
    assert spine.picture.frame_of_reference_uid == "1.9"
    assert spine.picture.pixels == pytest.approx(slices[2].load_pixels())


def test_all_slices_go_through_the_network_together() -> None:
    finder = DotFinder()
    slices = [sagittal(n, geometry_of(4.0 * n)) for n in range(5)]
    find_spine(cast(Engine, finder), study_of(slices))
    assert finder.asked == 1
