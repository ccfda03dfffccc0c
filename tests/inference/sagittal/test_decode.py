"""From maps back to the discs that they were made of."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.inference.sagittal.maps import corners_around, maps_of

from lumbargrade.inference.sagittal.decode import APART_MM, LEAST, peaks_of

PLACES = [(3.0, 40.0), (-4.0, 5.0), (-2.0, -31.0), (6.0, -66.0)]


def test_discs_come_back_with_their_corners() -> None:
    discs = [corners_around(x, y) for x, y in PLACES]
    found = peaks_of(*maps_of(discs))
    assert len(found) == len(discs)
    by_height = sorted(found, key=lambda one: -one.corners_mm[:, 1].mean())
    for one, disc in zip(by_height, discs, strict=True):
        assert one.corners_mm == pytest.approx(disc, abs=0.05)


def test_the_disc_on_the_sacrum_is_known() -> None:
    found = peaks_of(*maps_of([corners_around(x, y) for x, y in PLACES], lowest=1))
    lowest = max(found, key=lambda one: one.on_sacrum)
    assert lowest.corners_mm[:, 1].mean() == pytest.approx(5.0, abs=0.1)
    assert sorted(one.on_sacrum > 0.5 for one in found) == [False, False, False, True]


@settings(max_examples=30, deadline=None)
@given(x=st.floats(-120, 120), y=st.floats(-130, 130))
def test_a_disc_is_found_wherever_it_lies(x: float, y: float) -> None:
    (found,) = peaks_of(*maps_of([corners_around(x, y)]))
    assert found.corners_mm.mean(axis=0) == pytest.approx([x, y], abs=0.05)


def test_what_is_too_faint_is_no_disc() -> None:
    disc = corners_around(3.0, 3.0)  # the middle of a cell
    assert peaks_of(*maps_of([disc], height=LEAST * 0.8)) == []
    assert len(peaks_of(*maps_of([disc], height=LEAST * 1.3))) == 1


def test_of_two_peaks_of_one_disc_the_surer_is_kept() -> None:
    near = corners_around(0.0, 0.0), corners_around(0.0, APART_MM - 2.0)
    (found,) = peaks_of(*maps_of(near))
    assert 0.0 <= found.corners_mm[:, 1].mean() <= APART_MM - 2.0


def test_nothing_is_found_in_empty_maps() -> None:
    assert peaks_of(*maps_of([])) == []


def test_wild_corners_stay_numbers() -> None:
    middles, corners = maps_of([corners_around(0.0, 0.0)])
    (found,) = peaks_of(middles, np.full_like(corners, 3.0))
    assert np.isfinite(found.corners_mm).all()
