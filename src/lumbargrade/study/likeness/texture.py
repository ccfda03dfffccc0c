"""The texture of a picture in bits: fine enough to lay one picture over another.

The picture is shrunk to 40 x 40 block means, and each bit says whether a block is brighter than
its neighbourhood. That survives another window, 8 bits and compression, and, unlike a hash, it
can be cut, moved and mirrored afterwards. No grey value can be read from it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

GRID = 40
"""Rows and columns of blocks."""

NEIGHBOURHOOD_BLOCKS = 2.4
"""Standard deviation of the Gaussian mean that a block is held against. Of 1,212 real slices,
wider ones show the anatomy that all patients share, and strangers come nearer."""

_TEXT = re.compile(f"[0-9a-f]{{{GRID * GRID // 4}}}")


def texture(pixels: NDArray[np.generic]) -> str:
    """Return the texture of a grey picture (rows, columns) as 400 hexadecimal digits.

    Empty for a picture of fewer than 40 rows or columns.
    """
    if min(pixels.shape) < GRID:
        return ""
    means = block_means(block_means(pixels.astype(np.float64), GRID, 0), GRID, 1)
    around = ndimage.gaussian_filter(means, NEIGHBOURHOOD_BLOCKS)
    return np.packbits(means > around).tobytes().hex()


def is_texture(text: str) -> bool:
    """Return whether this text can be a texture."""
    return _TEXT.fullmatch(text) is not None


def signs(textures: Sequence[str]) -> NDArray[np.float32]:
    """Return textures as (n, 40, 40) with 1 for brighter than around and -1 for the rest."""
    packed = np.frombuffer(bytes.fromhex("".join(textures)), dtype=np.uint8)
    bits = np.unpackbits(packed).reshape(-1, GRID, GRID)
    return bits.astype(np.float32) * 2 - 1


def block_means(values: NDArray[np.float64], blocks: int, axis: int) -> NDArray[np.float64]:
    """Return the means of ``blocks`` nearly equal parts of an axis of (rows, columns)."""
    edges = np.linspace(0, values.shape[axis], blocks + 1).round().astype(np.int64)
    sums = np.add.reduceat(values, edges[:-1], axis=axis)
    shape = [1, 1]
    shape[axis] = blocks
    return np.asarray(sums / np.diff(edges).reshape(shape))
