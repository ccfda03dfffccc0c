"""Random changes of training pictures, for a whole batch at a time.

One affine map per picture does rotation, shift, scale and mirror in a single resampling;
the changes of brightness imitate what differs between scanners and coils.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional

from lumbargrade.study.patch import PatchSpec
from lumbargrade.training.recipe import AugmentSettings

_TONE_KNOTS = (0.15, 0.4, 0.65, 0.95)
"""Brightness at which the tone curve bends: muscle, disc, nucleus, fat and CSF."""


TONE_KNOTS = 6
"""Points of a tone curve made at random."""


class Random:
    """Random numbers that depend on the seed, epoch and step alone, so that a run resumes."""

    def __init__(self, *key: int) -> None:
        self._generator = torch.Generator()
        seed = 0
        for part in key:
            seed = (seed * 1_000_003 + part + 1) % (2**62)
        self._generator.manual_seed(seed)

    def uniform(self, count: int, low: float, high: float) -> Tensor:
        """Return (count,) values in low..high."""
        return low + (high - low) * torch.rand(count, generator=self._generator)

    def symmetric(self, count: int, reach: float) -> Tensor:
        """Return (count,) values in +-reach."""
        return self.uniform(count, -reach, reach)

    def chance(self, count: int, probability: float) -> Tensor:
        """Return (count,) truths."""
        return self.uniform(count, 0.0, 1.0) < probability

    def noise(self, *shape: int) -> Tensor:
        """Return normal noise of ``shape``."""
        return torch.randn(*shape, generator=self._generator)


def matrices(first: tuple[Tensor, Tensor], second: tuple[Tensor, Tensor]) -> Tensor:
    """Return (N, 2, 2) matrices of two rows, whose elements are (N,) each."""
    return torch.stack([torch.stack(first, -1), torch.stack(second, -1)], -2)


def affine(rotation_deg: Tensor, scale: Tensor, shift_px: Tensor, mirrored: Tensor) -> Tensor:
    """Return (N, 2, 3) maps from output to input positions, in input pixels off the middle.

    A picture is turned counter-clockwise by ``rotation_deg``, enlarged by ``scale`` and
    moved by ``shift_px`` (N, 2: right, down), after it was mirrored where ``mirrored``.
    """
    angle = torch.deg2rad(rotation_deg)
    cos, sin = torch.cos(angle) / scale, torch.sin(angle) / scale
    flip = 1.0 - 2.0 * mirrored.float()
    turn = torch.stack([torch.stack([flip * cos, -flip * sin], 1), torch.stack([sin, cos], 1)], 1)
    offset = -(turn @ shift_px.unsqueeze(2))
    return torch.cat([turn, offset], dim=2)


def resample(
    pictures: Tensor, maps: Tensor, pixels: int, field_px: float, padding: str = "border"
) -> Tensor:
    """Sample (N, c, h, h) pictures at ``pixels`` points across ``field_px`` input pixels.

    ``maps`` come from :func:`affine`. Returns (N, c, pixels, pixels) float32.
    """
    edge = pictures.shape[-1]
    if field_px > 1.25 * pixels:
        pictures = _soften(pictures.float())  # against aliasing: bilinear sampling skips pixels
    axis = (torch.arange(pixels, device=pictures.device) + 0.5) / pixels - 0.5
    axis = axis * field_px
    v, u = torch.meshgrid(axis, axis, indexing="ij")
    points = torch.stack([u, v, torch.ones_like(u)], dim=-1).reshape(1, -1, 3)
    places = points @ maps.to(pictures.device).transpose(1, 2)  # (N, pixels^2, 2), off the middle
    grid = (places * (2.0 / edge)).reshape(-1, pixels, pixels, 2)
    return functional.grid_sample(
        pictures.float(), grid, mode="bilinear", padding_mode=padding, align_corners=False
    )


def centre_crop(pictures: Tensor, field_px: int, pixels: int) -> Tensor:
    """Cut the middle ``field_px`` of (N, c, h, h) and resize it to ``pixels``; no randomness."""
    margin = (pictures.shape[-1] - field_px) // 2
    inner = pictures[..., margin : margin + field_px, margin : margin + field_px].float()
    if pixels == field_px:
        return inner
    return functional.interpolate(inner, size=(pixels, pixels), mode="bilinear", antialias=True)


def swap_sides(labels: Tensor, mirrored: Tensor, order: list[int]) -> Tensor:
    """Exchange the left and right labels (N, outputs) or (N, outputs, grades) of mirrored
    pictures."""
    return torch.where(mirrored.reshape(-1, *[1] * (labels.ndim - 1)), labels[:, order], labels)


def augment_patches(
    pictures: Tensor, settings: AugmentSettings, random: Random, pixels: int, field: PatchSpec
) -> tuple[Tensor, Tensor]:
    """Return changed inputs (N, c, pixels, pixels) and which of them are mirrored (N,).

    ``field`` is the network's square inside the packed inputs (N, c, h, h): the picture and, as
    further channels, maps, which move with it but have no brightness.
    """
    count = len(pictures)
    mirrored = random.chance(count, settings.mirror)
    reach = settings.shift_mm / field.spacing_mm
    shift = torch.stack([random.symmetric(count, reach), random.symmetric(count, reach)], 1)
    maps = affine(
        random.symmetric(count, settings.rotation_deg),
        1.0 + random.symmetric(count, settings.scale),
        shift,
        mirrored,
    )
    changed = resample(pictures, maps, pixels, float(field.pixels))
    picture, shown = changed[:, :1], changed[:, 1:]
    if settings.any_tone:
        chosen = random.chance(count, settings.any_tone).to(picture.device)
        picture[chosen] = _any_tone(picture[chosen], random)
    picture = change_brightness(picture, settings, random)
    if shown.shape[1] and settings.outline_dropout:
        kept = ~random.chance(count, settings.outline_dropout).reshape(-1, 1, 1, 1)
        shown = shown * kept.to(shown.device)
    return torch.cat([picture, shown], dim=1), mirrored.to(pictures.device)


def full_range(pictures: Tensor) -> Tensor:
    """Scale (N, 1, h, w) so that nearly all values lie in 0..1; at most 1.2."""
    return _between(pictures, (0.01, 0.99)).clamp(0.0, 1.2)


def random_tone(pictures: Tensor, random: Random) -> Tensor:
    """Run each of (N, 1, h, w) in 0..1 through a curve of its own: rising, falling, or part of
    neither.
    """
    count, device = len(pictures), pictures.device
    steps = torch.stack([random.uniform(count, 0.05, 1.05) for _ in range(TONE_KNOTS)], 1)
    rising = steps.cumsum(1)
    rising = (rising - rising[:, :1]) / (rising[:, -1:] - rising[:, :1])
    anywhere = torch.stack([random.uniform(count, 0.0, 1.0) for _ in range(TONE_KNOTS)], 1)
    mix, kind = (random.uniform(count, 0.0, 1.0)[:, None] for _ in "ab")
    curve = torch.where(kind < 0.8, 1.0 - rising, mix * rising + (1.0 - mix) * anywhere)
    curve = torch.where(kind < 0.6, rising, curve).to(device)
    place = pictures.clamp(0.0, 1.0).flatten(1) * (TONE_KNOTS - 1 - 1e-3)
    index = place.long()
    left, right = curve.gather(1, index), curve.gather(1, index + 1)
    return torch.lerp(left, right, place - index).reshape(pictures.shape)


def _any_tone(pictures: Tensor, random: Random) -> Tensor:
    """Return normalised pictures (N, 1, h, w) in another tone, normalised as ``study`` does."""
    toned = random_tone(full_range(pictures), random)
    return _between(toned, (0.005, 0.95)).clamp(-0.5, 2.0)


def _between(pictures: Tensor, shares: tuple[float, float]) -> Tensor:
    """Scale each of (N, 1, h, w) so that these shares of its values lie below 0 and 1."""
    if not len(pictures):
        return pictures
    at = torch.tensor(shares, device=pictures.device)
    low, high = pictures.flatten(1).quantile(at, dim=1).reshape(2, -1, 1, 1, 1)
    scaled: Tensor = (pictures - low) / (high - low + 1e-6)
    return scaled


def change_brightness(pictures: Tensor, settings: AugmentSettings, random: Random) -> Tensor:
    """Change gamma, tone, contrast, gradient, sharpness and noise of (N, 1, h, w)."""
    count, device = len(pictures), pictures.device

    def column(values: Tensor) -> Tensor:
        return values.to(device).reshape(-1, 1, 1, 1)

    out = pictures
    if settings.gamma:
        exponent = column(random.symmetric(count, settings.gamma).exp())
        out = torch.sign(out) * out.abs().pow(exponent)
    if settings.tone:
        for knot in _TONE_KNOTS:
            bend = column(random.symmetric(count, settings.tone))
            out = out + bend * (1.0 - (out - knot).abs() / 0.3).clamp(min=0.0)
    if settings.contrast:
        out = out * column(1.0 + random.symmetric(count, settings.contrast))
    if settings.gradient:
        out = out * _ramp(out, random, settings.gradient)
    if settings.blur:
        out = _blur(out, column(random.uniform(count, 0.0, 1.0)), settings.blur)
    if settings.noise:
        strength = column(random.uniform(count, 0.0, settings.noise))
        out = out + strength * random.noise(*out.shape).to(device)
    return out.clamp(-0.5, 2.0)


def _ramp(pictures: Tensor, random: Random, reach: float) -> Tensor:
    """Return (N, 1, h, w) factors that rise along a random direction."""
    count, edge = len(pictures), pictures.shape[-1]
    angle = random.uniform(count, 0.0, 2 * math.pi).reshape(-1, 1, 1, 1).to(pictures.device)
    size = random.uniform(count, 0.0, reach).reshape(-1, 1, 1, 1).to(pictures.device)
    axis = torch.linspace(-1.0, 1.0, edge, device=pictures.device)
    along = torch.cos(angle) * axis.reshape(1, 1, 1, -1) + torch.sin(angle) * axis.reshape(
        1, 1, -1, 1
    )
    return torch.exp(size * along)


def _blur(pictures: Tensor, draw: Tensor, probability: float) -> Tensor:
    """Mix in a softened picture; ``draw`` in 0..1 decides whether and how much."""
    weight = ((probability - draw) / probability).clamp(min=0.0)
    return pictures + weight * (_soften(pictures) - pictures)


def _soften(pictures: Tensor) -> Tensor:
    """Return (N, c, h, w) after a 3 x 3 binomial filter."""
    # Sums of shifted pictures: several times faster on a CPU than a one-channel convolution.
    wide = functional.pad(pictures, (1, 1, 1, 1), mode="replicate")
    rows = (wide[..., :-2, :] + wide[..., 2:, :]).add_(wide[..., 1:-1, :], alpha=2.0)
    both = (rows[..., :-2] + rows[..., 2:]).add_(rows[..., 1:-1], alpha=2.0)
    return both.mul_(1.0 / 16.0)
