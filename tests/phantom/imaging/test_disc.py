"""Greys of discs by degeneration."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.phantom.anatomies import anatomy_with

from lumbargrade.phantom.imaging.disc import DiscLook, disc_looks
from lumbargrade.phantom.imaging.tissue import signals

T2 = signals(105, 3600)


ANATOMY = anatomy_with()


def look_at(seed: int, degeneration: float) -> DiscLook:
    """Return the look of L4/5 in another patient."""
    build = replace(ANATOMY.build, texture_phase=(float(seed), 0.0, 0.0))
    levels = tuple(
        replace(level, prior=replace(level.prior, degeneration=degeneration))
        for level in ANATOMY.canal.levels
    )
    canal = replace(ANATOMY.canal, levels=levels)
    return disc_looks(replace(ANATOMY, build=build, canal=canal), T2)[1]


def test_a_disc_keeps_its_look() -> None:
    assert disc_looks(ANATOMY, T2) == disc_looks(ANATOMY, T2)
    assert look_at(1, 1.0) != look_at(2, 1.0)


@pytest.mark.parametrize(("degeneration", "low", "high"), [(0.2, 0.4, 0.9), (2.0, -0.15, 0.2)])
def test_the_nucleus_darkens_to_the_grey_of_the_annulus(
    degeneration: float, low: float, high: float
) -> None:
    looks = [look_at(seed, degeneration) for seed in range(12)]
    contrast = [(look.nucleus - look.annulus) / T2["fat"] for look in looks]
    assert low < np.median(contrast) < high


def test_greys_of_degenerate_discs_and_marrow_overlap() -> None:
    greys = [look_at(seed, 2.0).nucleus for seed in range(12)]
    assert np.median(greys) < T2["marrow"]
    assert np.std(greys) > 0.08 * np.mean(greys)
