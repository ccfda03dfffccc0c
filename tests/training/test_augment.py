from __future__ import annotations

import numpy as np
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
    soft = torch.tensor([[[1.0, 0.0], [0.75, 0.25], [0.5, 0.5]]])
    assert torch.equal(swap_sides(soft, mirrored, [0, 2, 1]), soft[:, [0, 2, 1]])
    assert torch.equal(swap_sides(soft, ~mirrored, [0, 2, 1]), soft)


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


def test_maps_move_with_the_picture_and_keep_their_values() -> None:
    spot = _spot(20, 30)
    moves = {"rotation_deg": 20.0, "shift_mm": 6.0, "scale": 0.1, "mirror": 0.5}
    both = torch.cat([spot, spot], dim=1).repeat(8, 1, 1, 1)
    changed, _ = augment_patches(both, AugmentSettings(**moves), Random(3), 32, FIELD)
    assert torch.equal(changed[:, 1], changed[:, 0])
    assert not torch.equal(changed[0], changed[1])
    bright = AugmentSettings(**moves, gamma=0.3, contrast=0.5, noise=0.3, any_tone=1.0)
    other, _ = augment_patches(both, bright, Random(3), 32, FIELD)
    assert torch.equal(other[:, 1], changed[:, 1])
    assert not torch.allclose(other[:, 0], changed[:, 0], atol=0.1)


def test_all_maps_of_a_slice_are_left_out_together() -> None:
    inputs = torch.ones(400, 6, 48, 48)
    changed, _ = augment_patches(
        inputs, AugmentSettings(rotation_deg=0.0, outline_dropout=0.25), Random(1), 32, FIELD
    )
    shown = changed[:, 1:].amax(dim=(2, 3))
    assert torch.equal(shown.amin(1), shown.amax(1))
    assert 0.15 < float((shown[:, 0] == 0).float().mean()) < 0.35
    assert torch.equal(changed[:, 0], torch.ones(400, 32, 32))


def test_any_tone_rises_falls_or_neither_and_stays_normalised() -> None:
    steps = torch.linspace(0, 1.2, 48).repeat(200, 1, 48, 1)
    settings = AugmentSettings(rotation_deg=0.0, any_tone=0.5)
    changed, _ = augment_patches(steps, settings, Random(4), 32, FIELD)
    kept = centre_crop(steps, 32, 32)
    same = (changed - kept).abs().amax(dim=(1, 2, 3)) < 1e-6
    assert 0.35 < float(same.float().mean()) < 0.65
    toned = changed[~same]
    np.testing.assert_allclose(toned.flatten(1).quantile(0.95, dim=1), 1.0, atol=1e-3)
    assert float(toned.min()) >= -0.5
    slopes = toned[:, 0, 16].diff(dim=1)
    rising, falling = (slopes >= -1e-5).all(1), (slopes <= 1e-5).all(1)
    assert 0.4 < float(rising.float().mean()) < 0.85
    assert 0.08 < float(falling.float().mean()) < 0.4
    assert bool((~rising & ~falling).any())
