"""Figures of greys on painted squares."""

from __future__ import annotations

import numpy as np
import pytest
from tests.benchmarks.realism.slices import SIZE, painted, seen, square
from tests.morphometry.shapes import disc, ellipse, outlines

from benchmarks.real.realism import tones
from benchmarks.real.realism.seen import places
from benchmarks.real.realism.tones import (
    PIXELS,
    STEP_MM,
    asymmetry,
    bright_run,
    canal_mask,
    grey_of,
    inside,
    nucleus_and_annulus,
    scaled,
    tone_figures,
)
from lumbargrade.morphometry.lines import area
from lumbargrade.morphometry.outlines import Outlines

FRONT = np.array([[-12.0, 0.0], [12.0, 0.0]])
WALL = np.array([[-12.0, 1.0], [0.0, 17.0], [12.0, 1.0]])
SAC = ellipse((0.0, 6.0), (14.0, 10.0))


def run_of(patch: np.ndarray) -> float:
    return bright_run(patch, SAC, FRONT, WALL)


def test_a_place_in_mm_is_the_middle_of_a_pixel() -> None:
    middle = (PIXELS - 1) / 2
    np.testing.assert_allclose(places(np.array([[0.0, 0.0]])), [[middle, middle]])
    np.testing.assert_allclose(places(np.array([[STEP_MM, 0.0]])), [[middle + 1, middle]])


def test_a_bright_band_is_as_long_as_it_was_painted() -> None:
    patch = square(0.1)
    patch[68:76, 44:84] = 1.0  # 40 pixels, a few mm behind the disc
    assert run_of(patch) == pytest.approx(40 * STEP_MM, abs=2 * STEP_MM)


def test_a_bright_band_in_front_or_behind_or_beside_does_not_count() -> None:
    patch = square(0.1)
    patch[30:60, 20:110] = patch[100:120, 20:110] = 1.0
    patch[68:76, 5:40] = 1.0  # ends 15 mm beside the sac
    assert run_of(patch) == 0.0


def test_a_dark_wall_ends_a_run() -> None:
    patch = square(0.1)
    patch[68:76, 24:104] = 1.0
    patch[:, 44:47] = patch[:, 81:84] = 0.0
    assert run_of(patch) == pytest.approx(34 * STEP_MM, abs=3 * STEP_MM)


def test_a_bright_nucleus_is_told_from_its_annulus() -> None:
    line = disc()
    patch = square(0.2)
    patch[inside(scaled(line, 0.6))] = 0.9
    nucleus, annulus = nucleus_and_annulus(patch, line)
    assert nucleus == pytest.approx(0.9)
    assert annulus == pytest.approx(0.2)
    np.testing.assert_allclose(nucleus_and_annulus(square(0.3), line), [0.3, 0.3])


def test_a_disc_outside_of_the_square_has_no_grey() -> None:
    assert np.isnan(nucleus_and_annulus(square(), disc() + 500.0)).all()


def test_the_names_of_greys() -> None:
    assert [grey_of(one) for one in (0.9, 0.6, 0.45, 0.3, 0.1)] == [
        *("bright", "bright", "grey", "grey", "dark")
    ]


def test_shrinking_keeps_the_middle() -> None:
    small = scaled(SAC, 0.5)
    assert area(small) == pytest.approx(area(SAC) / 4, rel=1e-6)
    np.testing.assert_allclose(small.mean(axis=0), SAC.mean(axis=0), atol=1e-6)


def test_a_picture_like_its_mirror_image_is_symmetric() -> None:
    half = painted(np.random.default_rng(0), scale=25.0)
    both = np.where(np.arange(SIZE) < SIZE // 2, half, half[:, ::-1])
    even = asymmetry(seen(outlines(), both))
    uneven = asymmetry(seen(outlines(), half))
    assert even < 0.03
    assert uneven > even + 0.05


def test_every_figure_of_a_whole_slice() -> None:
    found = tone_figures(seen(outlines(), painted(np.random.default_rng(1))))
    assert set(found) == set(tones.TITLES)
    assert all(np.isfinite(value) for value in found.values())
    assert sum(found[title] for title in tones.SHARES.values()) == 1


def test_without_outlines_there_is_no_figure() -> None:
    found = tone_figures(seen(Outlines(), painted(np.random.default_rng(1))))
    assert all(np.isnan(value) for value in found.values())


def test_the_canal_holds_the_sac() -> None:
    mask = canal_mask(seen(outlines()))
    assert mask is not None
    sac = inside(SAC)
    assert (mask & sac).sum() > 0.95 * sac.sum()
    assert canal_mask(seen(Outlines())) is None
