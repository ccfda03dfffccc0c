"""Squares change a little, are never mirrored, and resume as they were."""

from __future__ import annotations

import torch
from tests.training.sagittal.graded import EDGE

from lumbargrade.inference.discs.square import DISC_SQUARE
from lumbargrade.training.augment import Random
from lumbargrade.training.sagittal.augment import changed_squares, plain_squares


def slope(count: int = 64) -> torch.Tensor:
    """Bright in front, dark behind."""
    return torch.linspace(1.0, 0.2, EDGE).expand(count, 1, EDGE, EDGE)


def test_the_front_stays_in_front() -> None:
    seen = changed_squares(slope(), Random(1))
    assert seen.shape == (64, 1, DISC_SQUARE.pixels, DISC_SQUARE.pixels)
    half = DISC_SQUARE.pixels // 2
    assert (seen[..., :half].mean((1, 2, 3)) > seen[..., half:].mean((1, 2, 3))).all()


def test_brightness_changes_little() -> None:
    seen, plain = changed_squares(slope(), Random(2)), plain_squares(slope())
    apart = (seen.mean((1, 2, 3)) / plain.mean((1, 2, 3))).log()
    assert 0.03 < float(apart.std()) < 0.3
    assert abs(float(apart.mean())) < 0.1


def test_the_same_step_changes_alike() -> None:
    one, other = (changed_squares(slope(2), Random(3, 4)) for _ in "ab")
    assert torch.equal(one, other)
    assert not torch.equal(one, changed_squares(slope(2), Random(3, 5)))


def test_the_middle_is_cut_out() -> None:
    squares = torch.zeros(1, 1, EDGE, EDGE)
    squares[..., EDGE // 2, EDGE // 2] = 1.0
    plain = plain_squares(squares)
    assert plain[0, 0, DISC_SQUARE.pixels // 2, DISC_SQUARE.pixels // 2] == 1.0
