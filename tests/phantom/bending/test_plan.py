import numpy as np
import pytest

from lumbargrade.phantom.bending.plan import HIGHEST_MM, Bend, draw_bend


@pytest.fixture(scope="module")
def bends() -> list[Bend]:
    rng = np.random.default_rng(3)
    return [draw_bend(rng, 8.0) for _ in range(2000)]


def test_every_grade_of_a_herniation_is_asked_for(bends: list[Bend]) -> None:
    ratios = np.array([bend.height / 8.0 for bend in bends])
    shares = [
        np.mean((ratios > low) & (ratios <= high))
        for low, high in ((0, 0.5), (0.5, 1.0), (1.0, 9.0))
    ]
    assert min(shares) > 0.1
    assert 0.2 < np.mean(ratios == 0) < 0.5


def test_both_sides_alike(bends: list[Bend]) -> None:
    apexes = np.array([bend.apex for bend in bends if bend.height])
    assert abs(np.mean(apexes > 0) - 0.5) < 0.05
    assert np.abs(apexes).max() < 24


def test_some_have_no_finding(bends: list[Bend]) -> None:
    still = [bend for bend in bends if not (bend.height or bend.bulge or any(bend.narrowing))]
    assert 0.1 < len(still) / len(bends) < 0.4


def test_none_is_higher_than_a_canal() -> None:
    rng = np.random.default_rng(4)
    assert max(draw_bend(rng, 13.0).height for _ in range(500)) <= HIGHEST_MM
