"""Pairs of pictures of which one is a copy of the other, cut, moved or mirrored or not.

First every texture is held against every other at low resolution, after the anatomy that all
patients share is taken out (whitening: directions in which the pictures at hand differ much
count little). What comes near is laid over one another at more scales and shifts, first so,
then at full resolution and unwhitened: it must fit both ways.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from lumbargrade.study.likeness.texture import GRID, signs
from lumbargrade.study.likeness.views import FLIPS, Frames, unit, views

COPY_LEAST_CORRELATION = 0.82
NEAR_LEAST_CORRELATION = 0.82
"""Two textures that correlate as much where they fit best, at full resolution and at low
resolution whitened, are of one picture. Chosen on 1,212 real axial T1 slices alone: the highest
at which 95 % of the copies cut to 95 % reach the first, and 99 % of those cut to 90 % the second.
docs/results.md says what they find and miss on other sets."""

CANDIDATE_LEAST_CORRELATION = 0.58
"""At low resolution, whitened, before the best fit is sought. Of the same slices all copies reach
it and few pairs of strangers do, so it decides how long a comparison takes."""

LEAST_SHARE = 0.2
"""A texture with fewer bits of one kind is of a picture with hardly anything in it."""

Placed = NDArray[np.int64]
"""(pairs, 4): the place of the whole, of its copy, of the flip and of the scale."""

_SCALES = ((1.0, 0.975, 0.95, 0.925), (0.87, 0.925, 0.9, 0.85, 0.825, 0.8, 0.775))
"""Shares of the picture that a copy may show: the first of each row stands for it at first."""
_NEAR_SHIFTS_BLOCKS = (-0.7, 0.0, 0.7)
_SHIFTS_BLOCKS = (-1.0, -0.5, 0.0, 0.5, 1.0)
"""8 of 320 pixels are one block."""
_COARSE_POINTS, _FINE_POINTS = 14, 36
_COARSE_BLUR_BLOCKS, _FINE_BLUR_BLOCKS = 1.25, 0.5
_DIRECTIONS = 128
_SHRINKAGE, _FEW = 0.5, 1000
"""Variance added to every direction, in mean variances, and vectors below which it is more: what
a copy differs by must not count as rare because there are few pictures."""
_BLOCK = 512
"""Pictures that are held against all others at a time."""
_LAID = 64
"""Pairs that are laid over one another at a time."""

Change = Callable[[Frames], Frames]
Progress = Callable[[int, int], None]


def varied(textures: Sequence[str]) -> NDArray[np.bool_]:
    """Return, for each texture, whether there is enough in it to know it again."""
    shares = np.array([int(one, 16).bit_count() / GRID**2 for one in textures])
    return np.asarray(np.minimum(shares, 1 - shares) >= LEAST_SHARE)


def copies(
    textures: Sequence[str],
    groups: NDArray[np.int64],
    progress: Progress = lambda _done, _total: None,
) -> NDArray[np.int64]:
    """Return (pairs, 2): places of textures of different groups that are of one picture.

    Parameters
    ----------
    textures : as of :func:`lumbargrade.study.likeness.texture.texture`; those with hardly
        anything in them match nothing.
    groups : one number a texture; textures of one group are not compared, such as those of a
        patient.
    progress : called with (textures compared, all textures).
    """
    kept = np.flatnonzero(varied(textures)) if textures else np.zeros(0, dtype=np.int64)
    if len(kept) < 2:
        return np.zeros((0, 2), dtype=np.int64)
    frames, group = signs([textures[one] for one in kept.tolist()]), groups[kept]
    smooth = _blurred(frames, _COARSE_BLUR_BLOCKS)
    whiten = _whitening(np.concatenate([_middles(smooth, flip) for flip in range(len(FLIPS))]))
    pairs = _candidates(smooth, group, whiten, progress)
    near = _Laying(smooth, _COARSE_POINTS, _NEAR_SHIFTS_BLOCKS, whiten)
    pairs = pairs[near.correlations(pairs) >= NEAR_LEAST_CORRELATION]
    fine = _Laying(_blurred(frames, _FINE_BLUR_BLOCKS), _FINE_POINTS, _SHIFTS_BLOCKS, unit)
    pairs = pairs[fine.correlations(pairs) >= COPY_LEAST_CORRELATION]
    return np.asarray(kept[np.unique(np.sort(pairs[:, :2], 1), axis=0)])


def _candidates(
    smooth: Frames, groups: NDArray[np.int64], whiten: Change, progress: Progress
) -> Placed:
    """Hold all against all. At full scale one of a pair may be either, so each is held once."""
    copy = [whiten(_middles(smooth, flip)) for flip in range(len(FLIPS))]
    found: list[Placed] = []
    for start in range(0, len(smooth), _BLOCK):
        block = slice(start, start + _BLOCK)
        for scale, (share, *_) in enumerate(_SCALES):
            whole = whiten(views(smooth[block], _COARSE_POINTS, share)[:, 0])
            first = start if share == 1.0 else 0
            for flip, others in enumerate(copy):
                near = np.flatnonzero(whole @ others[first:].T > CANDIDATE_LEAST_CORRELATION)
                rows, columns = np.divmod(near, len(smooth) - first)
                pairs = np.stack([start + rows, first + columns], 1)
                pairs = pairs[groups[pairs[:, 0]] != groups[pairs[:, 1]]]
                kind = np.broadcast_to([flip, scale], pairs.shape)
                found.append(np.concatenate([pairs, kind], 1))
        progress(min(start + _BLOCK, len(smooth)), len(smooth))
    return np.concatenate(found)


def _blurred(frames: Frames, blocks: float) -> Frames:
    return np.asarray(ndimage.gaussian_filter(frames, (0, blocks, blocks)), dtype=np.float32)


def _middles(smooth: Frames, flip: int) -> Frames:
    down, right = FLIPS[flip]
    return views(smooth[:, ::down, ::right], _COARSE_POINTS, 1.0)[:, 0]


def _whitening(sample: Frames) -> Change:
    mean = sample.mean(0)
    spread, directions = np.linalg.eigh(np.cov((sample - mean).T))
    added = _SHRINKAGE * (1 + _FEW / len(sample)) * spread.mean() + 1e-12
    scaled = directions / np.sqrt(np.maximum(spread, 0) + added)
    kept = scaled[:, -_DIRECTIONS:].astype(np.float32)
    return lambda vectors: unit((vectors - mean) @ kept)


@dataclass(frozen=True)
class _Laying:
    """How copies are laid over their wholes: sampled at points, moved, and then changed."""

    smooth: Frames
    points: int
    shifts_blocks: Sequence[float]
    change: Change

    def correlations(self, candidates: Placed) -> NDArray[np.float32]:
        """Return the correlation of each pair where it fits best."""
        best = np.full(len(candidates), -1.0, dtype=np.float32)
        kinds = candidates[:, 2] * len(_SCALES) + candidates[:, 3]
        for kind in np.unique(kinds).tolist():
            flip, scale = divmod(kind, len(_SCALES))
            places = np.flatnonzero(kinds == kind)
            for start in range(0, len(places), _LAID):
                some = places[start : start + _LAID]
                best[some] = self._laid(candidates[some, :2], flip, _SCALES[scale])
        return best

    def _laid(self, pairs: Placed, flip: int, scales: Sequence[float]) -> Frames:
        down, right = FLIPS[flip]
        turned = self.smooth[pairs[:, 1], ::down, ::right]
        middle = self.change(views(turned, self.points, 1.0))[:, 0, :, None]
        wholes = self.smooth[pairs[:, 0]]
        fits = [
            self.change(views(wholes, self.points, scale, self.shifts_blocks)) @ middle
            for scale in scales
        ]
        return np.asarray(np.max(fits, axis=(0, 2, 3)))
