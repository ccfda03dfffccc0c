"""Pairs of pictures of which one is a copy of the other, cut, moved or mirrored or not.

First every texture is held against every other at low resolution, after the anatomy that all
patients share is taken out (whitening: directions in which the pictures at hand differ much
count little). What comes near is then laid over one another at full resolution.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from lumbargrade.study.likeness.texture import GRID, signs
from lumbargrade.study.likeness.views import FLIPS, Frames, unit, views

COPY_LEAST_CORRELATION = 0.80
"""Two textures that correlate as much, laid over one another, are of one picture. The benchmark
``near_duplicates`` measures how near strangers and copies come."""

CANDIDATE_LEAST_CORRELATION = 0.55
"""At low resolution, whitened. Of 1,212 real slices, all copies reach it and one in 6,000 pairs of
other patients' slices; it decides how long a comparison takes, and no alarm."""

LEAST_SHARE = 0.2
"""A texture with fewer bits of one kind is of a picture with hardly anything in it."""

Placed = NDArray[np.int64]
"""(pairs, 4): the place of the whole, of its copy, of the flip and of the scale."""

_COARSE_SCALES = (1.0, 0.9, 0.8)
_FINE_STEPS = (-0.05, -0.025, 0.0, 0.025, 0.05)
_SHIFTS_BLOCKS = (-1.0, -0.5, 0.0, 0.5, 1.0)
"""8 of 320 pixels are one block."""
_COARSE_POINTS, _FINE_POINTS = 14, 36
_COARSE_BLUR_BLOCKS, _FINE_BLUR_BLOCKS = 1.25, 0.5
_DIRECTIONS = 128
_SHRINKAGE = 0.5
_BLOCK = 512
"""Pictures that are held against all others at a time."""

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
    found = _confirmed(frames, _candidates(frames, group, progress))
    return kept[found]


def _candidates(frames: Frames, groups: NDArray[np.int64], progress: Progress) -> Placed:
    smooth = ndimage.gaussian_filter(frames, (0, _COARSE_BLUR_BLOCKS, _COARSE_BLUR_BLOCKS))
    turned = [views(smooth[:, ::down, ::right], _COARSE_POINTS, 1.0)[:, 0] for down, right in FLIPS]
    whiten = _whitening(np.concatenate(turned))
    whole = [whiten(views(smooth, _COARSE_POINTS, scale)[:, 0]) for scale in _COARSE_SCALES]
    flipped = [whiten(one) for one in turned]
    found: list[Placed] = []
    for start in range(0, len(frames), _BLOCK):
        other = groups[start : start + _BLOCK, None] != groups[None, :]
        for flip, copy in enumerate(flipped):
            for scale, one in enumerate(whole):
                near = one[start : start + _BLOCK] @ copy.T > CANDIDATE_LEAST_CORRELATION
                rows, columns = np.nonzero(near & other)
                places = (start + rows, columns, np.full_like(rows, flip))
                found.append(np.stack([*places, np.full_like(rows, scale)], 1))
        progress(min(start + _BLOCK, len(frames)), len(frames))
    return np.concatenate(found)


def _whitening(sample: Frames) -> Callable[[Frames], Frames]:
    mean = sample.mean(0)
    spread, directions = np.linalg.eigh(np.cov((sample - mean).T))
    scaled = directions / np.sqrt(np.maximum(spread, 0) + _SHRINKAGE * spread.mean() + 1e-12)
    kept = scaled[:, -_DIRECTIONS:].astype(np.float32)
    return lambda vectors: unit((vectors - mean) @ kept)


def _confirmed(frames: Frames, candidates: Placed) -> NDArray[np.int64]:
    """Lay every candidate over its whole, near the scale at which they came near."""
    smooth = ndimage.gaussian_filter(frames, (0, _FINE_BLUR_BLOCKS, _FINE_BLUR_BLOCKS))
    by_whole: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for whole, copy, flip, scale in candidates.tolist():
        by_whole[whole, scale].append((copy, flip))
    found: set[tuple[int, int]] = set()
    for (whole, scale), near in by_whole.items():
        one = smooth[whole : whole + 1]
        shown = np.concatenate(
            [
                views(one, _FINE_POINTS, share, _SHIFTS_BLOCKS)[0]
                for share in sorted(
                    {min(_COARSE_SCALES[scale] + step, 1.0) for step in _FINE_STEPS}
                )
            ]
        )
        for copy, flip in near:
            down, right = FLIPS[flip]
            middle = views(smooth[copy : copy + 1, ::down, ::right], _FINE_POINTS, 1.0)[0, 0]
            if float((shown @ middle).max()) >= COPY_LEAST_CORRELATION:
                found.add((min(whole, copy), max(whole, copy)))
    return np.array(sorted(found), dtype=np.int64).reshape(-1, 2)
