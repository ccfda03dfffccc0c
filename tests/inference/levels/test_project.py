"""Where a slice lies beside the discs: distance, angle, what it runs through, and how far."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.inference.levels.found import disc_at, moved_disc, sagittal_rotation, spine_of
from tests.study.series.spines import LORDOSIS_DEG, flipped, middles, slice_at, turned

from lumbargrade.grading.level import Through
from lumbargrade.inference.levels import project
from lumbargrade.inference.levels.project import (
    STEEPEST_DEG,
    beside,
    distance_mm,
    follows,
    through_at,
)


def along(disc: int, mm: float) -> np.ndarray:
    """A point of the axis of a made-up disc, so far above its centre."""
    tilt = np.radians(LORDOSIS_DEG[disc])
    axis: np.ndarray = np.array((0.0, -np.sin(tilt), np.cos(tilt)))
    return middles()[disc] + mm * axis


@pytest.mark.parametrize("disc", range(5))
@pytest.mark.parametrize("off_mm", [-6.0, 0.0, 2.5])
@pytest.mark.parametrize("askew_deg", [0.0, 12.0, -25.0])
def test_a_slice_is_measured_on_the_axis_of_its_disc(
    disc: int, off_mm: float, askew_deg: float
) -> None:
    item = slice_at(along(disc, off_mm), LORDOSIS_DEG[disc] + askew_deg)
    found = beside(item, spine_of().discs)
    assert found is not None
    assert found.disc == disc
    assert found.place.distance_mm == pytest.approx(off_mm, abs=1e-6)
    assert found.place.angle_deg == pytest.approx(abs(askew_deg), abs=1e-4)


def test_where_the_field_of_view_lies_does_not_count() -> None:
    """Only the plane of a slice is met with the axis, not its middle."""
    disc = disc_at((0, 0, 0))
    tilt = np.radians(20)
    aside = np.array((0.0, np.cos(tilt), np.sin(tilt))) * 30
    assert distance_mm(slice_at((0, 0, 3), 20), disc) == pytest.approx(3)
    assert distance_mm(slice_at(np.array((15.0, 0, 3)) + aside, 20), disc) == pytest.approx(3)


@pytest.mark.parametrize(
    ("off_mm", "height_mm", "thickness_mm", "through"),
    [
        (0.0, 9.0, 4.0, Through.DISC),
        (4.0, 9.0, 4.0, Through.DISC),  # 0.5 mm within the end-plate
        (4.1, 9.0, 4.0, Through.ENDPLATE),
        (6.5, 9.0, 4.0, Through.ENDPLATE),  # 2 mm beyond it: the slice still touches
        (6.6, 9.0, 4.0, Through.BONE),
        (-6.6, 9.0, 4.0, Through.BONE),
        (6.0, 9.0, 1.0, Through.BONE),  # a thin slice beside the disc touches nothing of it
        (4.3, 9.0, 1.0, Through.DISC),
        (1.5, 2.0, 4.0, Through.DISC),  # a collapsed disc has a middle, too
        (1.6, 2.0, 4.0, Through.ENDPLATE),
        (3.6, 2.0, 4.0, Through.BONE),
    ],
)
def test_what_a_slice_runs_through(
    off_mm: float, height_mm: float, thickness_mm: float, through: Through
) -> None:
    assert through_at(off_mm, height_mm, thickness_mm) is through


@given(
    off_mm=st.floats(-30, 30),
    height_mm=st.floats(0.5, 16),
    thickness_mm=st.floats(0.5, 8),
)
def test_farther_is_never_nearer_to_the_disc(
    off_mm: float, height_mm: float, thickness_mm: float
) -> None:
    order = list(Through)
    here = through_at(off_mm, height_mm, thickness_mm)
    assert through_at(-off_mm, height_mm, thickness_mm) is here
    farther = through_at(off_mm * 1.2, height_mm, thickness_mm)
    assert order.index(farther) >= order.index(here)


@given(
    disc=st.integers(0, 4),
    off_mm=st.floats(-16, 16),
    askew_deg=st.floats(-25, 25),
    angle_deg=st.floats(-25, 25),
    shift_mm=st.tuples(*[st.floats(-300, 300)] * 3),
    flip=st.booleans(),
)
def test_a_patient_who_lies_otherwise_has_the_same_places(
    disc: int,
    off_mm: float,
    askew_deg: float,
    angle_deg: float,
    shift_mm: tuple[float, float, float],
    flip: bool,
) -> None:
    item, discs = slice_at(along(disc, off_mm), LORDOSIS_DEG[disc] + askew_deg), spine_of().discs
    # On the edge of what is too steep, rounding decides.
    assume(all(abs(project.angle_deg(item, one) - STEEPEST_DEG) > 1e-6 for one in discs))
    rotation = sagittal_rotation(angle_deg)
    other = turned(flipped(item) if flip else item, rotation, shift_mm)
    moved = [moved_disc(one, rotation, shift_mm) for one in discs]
    assert [distance_mm(other, one) for one in moved] == pytest.approx(
        [distance_mm(item, one) for one in discs], abs=1e-6
    )
    here, there = beside(item, discs), beside(other, moved)
    assert (here is None) == (there is None)
    if here is not None and there is not None:
        assert there.place.angle_deg == pytest.approx(here.place.angle_deg, abs=1e-4)


def test_beyond_the_outermost_disc_half_a_step_is_the_limit() -> None:
    discs = spine_of(distance_mm=34.0).discs
    lower, upper = along(0, -16.5), along(4, 16.5)
    assert beside(slice_at(lower, LORDOSIS_DEG[0]), discs) is not None
    assert beside(slice_at(upper, LORDOSIS_DEG[4]), discs) is not None
    assert beside(slice_at(along(0, -17.5), LORDOSIS_DEG[0]), discs) is None
    assert beside(slice_at(along(4, 17.5), LORDOSIS_DEG[4]), discs) is None


@pytest.mark.parametrize("apart_mm", [60.0, 100.0])
def test_no_limit_is_wider_than_25_mm(apart_mm: float) -> None:
    discs = [disc_at((0, 0, 0), 0, 0), disc_at((0, 0, apart_mm), 0, 1)]
    assert beside(slice_at((0, 0, -24)), discs) is not None
    assert beside(slice_at((0, 0, -26)), discs) is None
    assert beside(slice_at((0, 0, 26)), discs) == beside(slice_at((0, 0, 26)), discs[1:])


def test_a_lone_disc_reaches_15_mm() -> None:
    discs = [disc_at((0, 0, 0))]
    assert beside(slice_at((0, 0, 14.9)), discs) is not None
    assert beside(slice_at((0, 0, 15.1)), discs) is None
    assert beside(slice_at((0, 0, 0)), []) is None


@pytest.mark.parametrize("counts", [(0, 2), (None, None)])
def test_where_a_disc_was_missed_its_slices_have_no_level(counts: tuple[int | None, ...]) -> None:
    """At the place of the missed disc, half-way, nobody guesses."""
    discs = [disc_at((0, 0, 68.0 * n), 0, count) for n, count in enumerate(counts)]
    assert not follows(*discs)
    assert beside(slice_at((0, 0, 34)), discs) is None
    assert beside(slice_at((0, 0, 24)), discs) is None
    assert beside(slice_at((0, 0, 12)), discs) is not None


def test_between_neighbours_every_slice_has_a_disc() -> None:
    discs = spine_of(distance_mm=40.0).discs
    for z in np.arange(0, discs[-1].center_mm[2], 1.0):
        assert beside(slice_at((0, 0, z)), discs) is not None


def test_a_slice_along_the_spine_has_no_place() -> None:
    assert beside(slice_at((0, 0, 0), 70), [disc_at((0, 0, 0))]) is None
