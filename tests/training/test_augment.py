from __future__ import annotations

import torch

from lumbargrade.study.patch import PatchSpec
from lumbargrade.training.augment import (
    Random,
    affine,
    augment_patches,
    centre_crop,
    change_brightness,
    resample,
    swap_sides,
)
from lumbargrade.training.recipe import AugmentSettings

FIELD = PatchSpec(75.0, 32)


def _spot(row: int, column: int, edge: int = 48) -> torch.Tensor:
    picture = torch.zeros(1, 1, edge, edge)
    picture[0, 0, row - 1 : row + 2, column - 1 : column + 2] = 1.0
    return picture


def _centre(picture: torch.Tensor) -> tuple[float, float]:
    plane = picture[0, 0] / picture[0, 0].sum()
    axis = torch.arange(plane.shape[-1], dtype=torch.float32)
    return float((plane.sum(0) * axis).sum()), float((plane.sum(1) * axis).sum())


def _maps(
    degrees: float = 0.0, scale: float = 1.0, shift: tuple[float, float] = (0, 0)
) -> torch.Tensor:
    return affine(
        torch.tensor([degrees]),
        torch.tensor([scale]),
        torch.tensor([shift], dtype=torch.float32),
        torch.tensor([False]),
    )


def test_identity_equals_the_plain_crop() -> None:
    picture = torch.rand(1, 1, 48, 48)
    torch.testing.assert_close(resample(picture, _maps(), 32, 32.0), centre_crop(picture, 32, 32))


def test_shift_goes_right_and_down() -> None:
    moved = resample(_spot(20, 20), _maps(shift=(3.0, 5.0)), 48, 48.0)
    column, row = _centre(moved)
    assert abs(column - 23.0) < 0.01
    assert abs(row - 25.0) < 0.01


def test_scale_enlarges() -> None:
    column, _ = _centre(resample(_spot(24, 34), _maps(scale=1.2), 48, 48.0))
    assert abs(column - (23.5 + 1.2 * 10.5)) < 0.1


def test_mirror_swaps_left_and_right_in_picture_and_labels() -> None:
    settings = AugmentSettings(rotation_deg=0.0, mirror=1.0)
    picture = _spot(24, 30)
    changed, mirrored = augment_patches(picture, settings, Random(1), 32, FIELD)
    torch.testing.assert_close(changed, centre_crop(picture, 32, 32).flip(3))
    labels = torch.tensor([[2, 3, -1]])  # LDH, LNRC_left, LNRC_right
    assert swap_sides(labels, mirrored, [0, 2, 1]).tolist() == [[2, -1, 3]]
    assert swap_sides(labels, ~mirrored, [0, 2, 1]).tolist() == [[2, 3, -1]]


def test_same_key_same_change_other_key_other_change() -> None:
    settings = AugmentSettings(
        shift_mm=5, scale=0.1, mirror=0.5, gamma=0.3, contrast=0.1, gradient=0.2, tone=0.1,
        noise=0.05, blur=0.5,
    )  # fmt: skip
    pictures = torch.rand(4, 1, 48, 48)
    first, _ = augment_patches(pictures, settings, Random(1, 2, 3), 24, FIELD)
    again, _ = augment_patches(pictures, settings, Random(1, 2, 3), 24, FIELD)
    other, _ = augment_patches(pictures, settings, Random(1, 2, 4), 24, FIELD)
    assert first.shape == (4, 1, 24, 24)
    assert torch.equal(first, again)
    assert not torch.allclose(first, other)
    assert float(first.min()) >= -0.5
    assert float(first.max()) <= 2.0


def test_no_settings_leave_brightness_alone() -> None:
    pictures = torch.rand(2, 1, 16, 16)
    assert torch.equal(change_brightness(pictures, AugmentSettings(), Random(1)), pictures)


def test_blur_keeps_the_mean_and_lowers_the_contrast() -> None:
    pictures = torch.rand(8, 1, 32, 32)
    soft = change_brightness(pictures, AugmentSettings(blur=1.0), Random(5))
    assert abs(float(soft.mean() - pictures.mean())) < 0.01
    assert float(soft.std()) < float(pictures.std())
