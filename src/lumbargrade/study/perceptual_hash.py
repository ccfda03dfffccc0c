"""A short code of a picture that a copy of it shares, whatever became of names and UIDs.

Difference hash (Krawetz, "Kind of like that", 2013), 256 bits: the picture is shrunk to
17 x 16 block means, and each bit says whether a block is brighter than its left neighbour.
Another window, 8 bits instead of 12, or a loss of compression leaves nearly every bit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

SIDE = 16
"""Rows of blocks; SIDE squared bits."""

NEAR_BITS = 16
"""Two codes that differ in no more bits are of one picture. Of 1,212 real slices of 404
patients no two patients came nearer than 41, of simulated ones 64; a copy in 8 bits with
another window stays within 6."""

Pair = tuple[str, str]
Progress = Callable[[int, int], None]

_LEAST_BITS = 2 * NEAR_BITS
"""A code with fewer bits of one kind is of a picture with hardly anything in it."""
_BLOCK = 256
"""Pictures that are held against all others at a time."""

_CODE = re.compile(f"[0-9a-f]{{{SIDE * SIDE // 4}}}")


def _silent(done: int, total: int) -> None:
    pass


def picture_code(pixels: NDArray[np.generic]) -> str:
    """Return the code of a grey picture (rows, columns), 64 hexadecimal digits.

    Raises ValueError if the picture is smaller than 17 x 17 pixels.
    """
    rows, columns = pixels.shape
    if min(rows, columns) <= SIDE:
        raise ValueError(f"an image of {rows} x {columns} pixels is too small for a code")
    means = _block_means(_block_means(pixels.astype(np.float64), SIDE, 0), SIDE + 1, 1)
    return np.packbits(means[:, 1:] > means[:, :-1]).tobytes().hex()


def is_picture_code(text: str) -> bool:
    """Return whether this text can be a code."""
    return _CODE.fullmatch(text) is not None


def near_duplicates(codes: Sequence[str], known: Sequence[str]) -> NDArray[np.bool_]:
    """Return, for each of ``codes``, whether one of ``known`` is of the same picture.

    Examples
    --------
    >>> near_duplicates(["f" * 64, "0" * 64], ["f" * 63 + "0"]).tolist()
    [True, False]
    """
    of_known = _bits(known)
    if not len(of_known):
        return np.zeros(len(codes), dtype=np.bool_)
    return np.array(
        [
            int(np.bitwise_count(of_known ^ one).sum(axis=1, dtype=np.int64).min()) <= NEAR_BITS
            for one in _bits(codes)
        ],
        dtype=np.bool_,
    )


def alike(
    codes: Sequence[str | None], owners: Sequence[str], progress: Progress = _silent
) -> set[Pair]:
    """Return every two owners, in order of name, that have a picture in common.

    Every code is held against every other, in blocks, so memory does not grow with the
    square of their number. 15,000 codes take some seconds. A picture that is nearly blank
    looks like every other such picture, so it is left out.

    ``codes`` has None for a picture without a code; ``progress`` is called with (pictures
    done, all pictures).

    Examples
    --------
    >>> alike(["a5" * 32, "3c" * 32, "a5" * 31 + "a4"], ["Bob", "Cy", "Ann"])
    {('Ann', 'Bob')}
    """
    coded = [(code, one) for code, one in zip(codes, owners, strict=True) if code is not None]
    bits = _bits([code for code, _ in coded])
    brighter = np.bitwise_count(bits).sum(axis=1, dtype=np.int64)
    varied = np.minimum(brighter, SIDE * SIDE - brighter) >= _LEAST_BITS
    bits = bits[varied]
    names, owner = np.unique(
        np.array([one for _, one in coded], dtype=np.str_)[varied], return_inverse=True
    )
    found: set[Pair] = set()
    for start in range(0, len(bits), _BLOCK):
        block = bits[start : start + _BLOCK]
        others = bits[start:]
        distance = np.zeros((len(block), len(others)), dtype=np.uint16)
        for word in range(bits.shape[1]):
            distance += np.bitwise_count(block[:, word, None] ^ others[None, :, word])
        rows, columns = np.nonzero(distance <= NEAR_BITS)
        mine, theirs = owner[start + rows], owner[start + columns]
        pairs = np.unique(np.sort(np.stack([mine, theirs], 1)[mine != theirs], 1), axis=0)
        found.update((str(names[one]), str(names[other])) for one, other in pairs)
        progress(min(start + _BLOCK, len(bits)), len(bits))
    return found


def _bits(codes: Sequence[str]) -> NDArray[np.uint64]:
    return np.frombuffer(bytes.fromhex("".join(codes)), dtype=np.uint64).reshape(
        -1, SIDE * SIDE // 64
    )


def _block_means(values: NDArray[np.float64], blocks: int, axis: int) -> NDArray[np.float64]:
    edges = np.linspace(0, values.shape[axis], blocks + 1).round().astype(np.int64)
    sums = np.add.reduceat(values, edges[:-1], axis=axis)
    shape = [1, 1]
    shape[axis] = blocks
    return np.asarray(sums / np.diff(edges).reshape(shape))
