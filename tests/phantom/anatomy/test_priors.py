"""Priors: reproducible, correlated, and more disease on request."""

from __future__ import annotations

import numpy as np
import pytest

from lumbargrade.errors import CohortError
from lumbargrade.phantom.anatomy.cauda import (
    Spacing,
    filled_area,
    root_radii,
    roots_below,
    spacing_that_fits,
    stenosis_landmarks,
)
from lumbargrade.phantom.anatomy.priors import draw_patient
from lumbargrade.phantom.imaging.scanner import find_scanner, scanner_presets, training_scanners


def mean_ratio(severe: bool) -> float:
    patients = [draw_patient(np.random.default_rng(seed), severe) for seed in range(60)]
    return float(np.mean([level.herniation_ratio for p in patients for level in p.levels]))


def test_the_same_seed_gives_the_same_patient() -> None:
    assert draw_patient(np.random.default_rng(3)) == draw_patient(np.random.default_rng(3))


def test_a_severe_cohort_is_more_severe() -> None:
    assert mean_ratio(severe=True) > 1.3 * mean_ratio(severe=False)


def test_herniation_and_stenosis_come_together() -> None:
    levels = [
        level
        for seed in range(150)
        for level in draw_patient(np.random.default_rng(seed)).levels[3:4]
    ]
    ratio = [level.herniation_ratio for level in levels]
    area = [level.sac_area_mm2 for level in levels]
    assert np.corrcoef(ratio, area)[0, 1] < -0.3


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


def test_six_presets_of_which_two_are_external() -> None:
    presets = scanner_presets()
    external = [preset for preset in presets.values() if preset.external]
    assert len(presets) >= 6
    assert len(external) == 2
    for preset in external:
        assert preset.name not in training_scanners()
        low, high = preset.echo_time_ms
        assert high < 94 or low > 120
        assert preset.pixel_spacing_mm[0] >= 0.8
        assert preset.slice_thickness_mm[0] >= 5


def test_an_unknown_scanner_is_named_with_the_known_ones() -> None:
    with pytest.raises(CohortError, match="'magnet' is not a preset: choose one of verio-3t"):
        find_scanner("magnet")
