"""Roots of the cauda equina: their size, and the sac that they fill."""

from __future__ import annotations

import numpy as np
import pytest

from lumbargrade.phantom.anatomy.cauda import (
    DORSAL_AREAS_MM2,
    PACKING,
    Spacing,
    filled_area,
    root_radii,
    roots_below,
    spacing_that_fits,
    stenosis_landmarks,
)


def test_every_segment_has_a_dorsal_and_a_ventral_root_on_both_sides() -> None:
    radius, segment, side = root_radii()
    area = np.pi * radius**2
    assert area[segment == 0] == pytest.approx([3.5, 1.75, 3.5, 1.75])  # L2 of Hogan 1996
    assert list(side[segment == 9]) == [1.0, 1.0, -1.0, -1.0]
    assert area.sum() == pytest.approx(2 * 1.5 * sum(DORSAL_AREAS_MM2))
    half, _, _ = root_radii(0.5)
    assert np.pi * half**2 == pytest.approx(area / 2)


def test_four_roots_fewer_per_level() -> None:
    assert [len(roots_below(index)) for index in range(5)] == [36, 32, 28, 24, 20]


def test_the_area_that_roots_fill_is_that_of_discs_with_half_their_clearance() -> None:
    radius = np.array([1.0, 2.0])
    apart = np.pi * (1.25**2 + 2.25**2) / PACKING
    clump = np.pi * (1.0**2 + 2.0**2) / PACKING
    assert filled_area(radius, Spacing(0.5)) == pytest.approx(apart)
    mixed = filled_area(radius, Spacing(0.5, clump_share=0.25, together_mm=0.0))
    assert mixed == pytest.approx(0.75 * apart + 0.25 * clump)


def test_total_root_area_matches_the_anatomy() -> None:
    """Table of the reference: 35-51 mm2 of roots at L4/5, 18-35 at L5/S1."""
    radius, segment, _ = root_radii()
    area = [float(np.sum(np.pi * radius[segment > index] ** 2)) for index in range(5)]
    assert 33 < area[3] < 52
    assert 17 < area[4] < 36
    for index in range(5):
        marks = stenosis_landmarks(roots_below(index), 0.9)
        assert marks.no_front_csf > marks.some_clumped > marks.one_bundle > area[index]


@pytest.mark.parametrize("area", [150.0, 105.0, 85.0, 72.0, 60.0, 47.0, 42.0])
def test_roots_fill_the_sac_that_they_are_given(area: float) -> None:
    radius = roots_below(3)
    spacing = spacing_that_fits(radius, area, 0.92)
    assert filled_area(radius, spacing) <= area * 1.01
    if spacing.apart_mm < 0.92 or spacing.clump_share > 0:
        assert filled_area(radius, spacing) == pytest.approx(area, rel=0.01)


def test_a_narrower_sac_never_has_a_smaller_clump() -> None:
    shares = [
        spacing_that_fits(roots_below(2), area, 0.8).clump_share for area in range(150, 40, -2)
    ]
    assert shares == sorted(shares)
    assert shares[0] == 0.0
    assert shares[-1] == 1.0
    assert not any(0 < share < 0.35 for share in shares)
    assert Spacing(0.9).clump_share == 0.0
