"""Telling two sets of slices apart by region."""

from __future__ import annotations

import numpy as np
import pytest
from tests.benchmarks.realism.slices import painted, seen, square
from tests.morphometry.shapes import disc, outlines

from benchmarks.real.realism.apart import (
    BAND_MM,
    REGIONS,
    band,
    facets_mask,
    folds,
    statistics_of,
    told_apart,
)
from benchmarks.real.realism.seen import Seen, places
from benchmarks.real.realism.tones import PIXELS, STEP_MM, inside
from lumbargrade.morphometry.outlines import Outlines


def slices_of(name: str, scale: float, patients: int = 10) -> list[Seen]:
    rng = np.random.default_rng(len(name) + patients)
    return [
        seen(outlines(), painted(rng, scale), patient=f"{name}{number // 2}")
        for number in range(2 * patients)
    ]


def test_the_band_lies_behind_the_disc() -> None:
    mask = band(seen(outlines()))
    assert mask is not None
    assert not (mask & inside(disc())).any()
    column = PIXELS // 2
    rows = np.flatnonzero(mask[:, column])
    assert len(rows) * STEP_MM == pytest.approx(BAND_MM[1] - BAND_MM[0], abs=1.5)
    assert rows[0] > places(np.array([[0.0, -1.0]]))[0, 1]


def test_regions_need_their_outlines() -> None:
    for name, region in REGIONS.items():
        assert (region(seen(Outlines())) is None) == (name != "whole square")
    one_side = Outlines(facets=dict(list(outlines().facets.items())[:1]))
    assert facets_mask(seen(one_side)) is None


def test_statistics_are_of_the_region_alone() -> None:
    mask = np.zeros((PIXELS, PIXELS), dtype=bool)
    mask[20:40, 20:40] = True
    patch = square(0.5)
    other = patch.copy()
    other[60:] = 9.0
    np.testing.assert_allclose(statistics_of(patch, mask), statistics_of(other, mask))
    assert np.isnan(statistics_of(patch, None)).all()
    assert np.isnan(statistics_of(patch, np.zeros_like(mask))).all()


def test_a_patient_lies_in_one_fold_and_each_fold_has_both() -> None:
    patients = [f"r{n // 3}" for n in range(12)] + [f"s{n // 2}" for n in range(14)]
    is_real = np.arange(26) < 12
    fold = folds(patients, is_real)
    for one in set(patients):
        assert len({int(f) for f, name in zip(fold, patients, strict=True) if name == one}) == 1
    assert set(fold[is_real]) == set(fold[~is_real]) == {0, 1, 2, 3}


def test_sets_that_are_alike_cannot_be_told_apart_and_others_can() -> None:
    alike = told_apart(slices_of("a", 10.0), slices_of("bb", 10.0))
    other = told_apart(slices_of("a", 10.0), slices_of("bb", 25.0))
    assert set(alike) == set(REGIONS)
    for name in REGIONS:
        assert other[name] > 0.95
        assert alike[name] < 0.85


def test_one_patient_cannot_be_held_out() -> None:
    found = told_apart(slices_of("a", 10.0, patients=1), slices_of("bb", 10.0))
    assert np.isnan(list(found.values())).all()
