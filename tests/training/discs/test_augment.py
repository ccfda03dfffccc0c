"""Random changes of sagittal slices: of a size that people differ by, and never a mirror image."""

from __future__ import annotations

import torch

from lumbargrade.training.augment import Random
from lumbargrade.training.discs.augment import SHORTEST_MM, random_maps, shorten


def test_no_picture_is_mirrored_and_few_are_much_larger() -> None:
    matrix, shift = random_maps(400, Random(1))
    assert (matrix.shape, shift.shape) == ((400, 2, 2), (400, 2))
    area = torch.linalg.det(matrix)
    assert float(area.min()) > 0
    assert 0.9 < float(area.median()) < 1.1
    assert 0.5 < float(area.quantile(0.05)) < float(area.quantile(0.95)) < 2.0


def test_some_lie_farther_up_or_down() -> None:
    _, shift = random_maps(2000, Random(2))
    backward, downward = shift.std(dim=0).tolist()
    assert 15 < backward < 21
    assert 27 < downward < 35
    assert shift.mean(dim=0).abs().max() < 3


def test_the_same_key_changes_alike_and_another_does_not() -> None:
    one, again, other = (random_maps(4, Random(seed))[0] for seed in (5, 5, 6))
    torch.testing.assert_close(one, again)
    assert not torch.equal(one, other)


def test_some_fields_are_shorter_and_none_loses_its_middle() -> None:
    pictures = torch.rand(200, 1, 192, 192, generator=torch.Generator().manual_seed(1)) + 1
    pictures[:, :, 0, 0] = 0.5
    shown = shorten(pictures, 1.5, Random(3))
    kept = (shown == pictures).all(dim=(1, 2, 3))
    assert 0.5 < float(kept.float().mean()) < 0.7
    inner = slice(96 - int(SHORTEST_MM / 1.5) + 1, 96 + int(SHORTEST_MM / 1.5) - 1)
    assert torch.equal(shown[:, :, inner, inner], pictures[:, :, inner, inner])
    blank = shown != pictures
    assert bool((shown[blank] == 0.5).all())
    assert bool(blank[:, :, :, 0].any())
    assert bool(blank[:, :, -1].any())
