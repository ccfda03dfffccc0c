"""A short code of a picture that a copy of it shares, whatever became of names and UIDs.

Difference hash (Krawetz, "Kind of like that", 2013), 256 bits: the picture is shrunk to
17 x 16 block means, and each bit says whether a block is brighter than its left neighbour.
Another window, 8 bits instead of 12, or a loss of compression leaves nearly every bit.
A copy that was cut, moved or mirrored has other bits: it is known by its texture
(``study.likeness``), which stands behind the hash, after a hyphen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from lumbargrade.study.likeness.copies import copies
from lumbargrade.study.likeness.texture import block_means, is_texture, texture

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

_HYPHEN = "-"
_CODE = re.compile(f"[0-9a-f]{{{SIDE * SIDE // 4}}}")


def _silent(done: int, total: int) -> None:
    pass


def picture_code(pixels: NDArray[np.generic]) -> str:
    """Return the code of a grey picture (rows, columns): hash and texture.

    64 hexadecimal digits, and, of a picture of 40 x 40 pixels or more, a hyphen and 400 others.
    Raises ValueError if the picture is smaller than 17 x 17 pixels.
    """
    rows, columns = pixels.shape
    if min(rows, columns) <= SIDE:
        raise ValueError(f"an image of {rows} x {columns} pixels is too small for a code")
    means = block_means(block_means(pixels.astype(np.float64), SIDE, 0), SIDE + 1, 1)
    code = np.packbits(means[:, 1:] > means[:, :-1]).tobytes().hex()
    fine = texture(pixels)
    return f"{code}{_HYPHEN}{fine}" if fine else code


def is_picture_code(text: str) -> bool:
    """Return whether this text can be a code; those of earlier versions are hashes alone."""
    code, hyphen, fine = text.partition(_HYPHEN)
    return _CODE.fullmatch(code) is not None and (not hyphen or is_texture(fine))


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
    found = np.array(
        [
            int(np.bitwise_count(of_known ^ one).sum(axis=1, dtype=np.int64).min()) <= NEAR_BITS
            for one in _bits(codes)
        ],
        dtype=np.bool_,
    )
    both = [*codes, *known]
    is_known = np.repeat(np.array([0, 1]), [len(codes), len(known)])
    pairs = _same_texture(both, is_known)
    found[pairs[is_known[pairs] == 0]] = True
    return found


def alike(
    codes: Sequence[str | None], owners: Sequence[str], progress: Progress = _silent
) -> set[Pair]:
    """Return every two owners, in order of name, that have a picture in common.

    Every code is held against every other, in blocks, so memory does not grow with the
    square of their number. A picture that is nearly blank looks like every other such picture,
    so it is left out.

    ``codes`` has None for a picture without a code; ``progress`` is called with (pictures
    done, all pictures), hashes first and then textures.

    Examples
    --------
    >>> alike(["a5" * 32, "3c" * 32, "a5" * 31 + "a4"], ["Bob", "Cy", "Ann"])
    {('Ann', 'Bob')}
    """
    coded = [(code, one) for code, one in zip(codes, owners, strict=True) if code is not None]
    texts = [code for code, _ in coded]
    names, owner = np.unique(
        np.array([one for _, one in coded], dtype=np.str_), return_inverse=True
    )
    total = len(texts) + sum(_HYPHEN in one for one in texts)
    pairs = [_same_hash(texts, owner, lambda done, _: progress(done, total))]
    pairs.append(_same_texture(texts, owner, lambda done, _: progress(len(texts) + done, total)))
    by_owner = np.sort(owner[np.concatenate(pairs)], 1)
    return {(str(names[one]), str(names[other])) for one, other in np.unique(by_owner, axis=0)}


def _same_hash(
    codes: Sequence[str], owner: NDArray[np.int64], progress: Progress
) -> NDArray[np.int64]:
    """Return (pairs, 2): places of codes of different owners whose hashes are near."""
    bits = _bits(codes)
    brighter = np.bitwise_count(bits).sum(axis=1, dtype=np.int64)
    kept = np.flatnonzero(np.minimum(brighter, SIDE * SIDE - brighter) >= _LEAST_BITS)
    bits, owner = bits[kept], owner[kept]
    found = [np.zeros((0, 2), dtype=np.int64)]
    for start in range(0, len(bits), _BLOCK):
        block = bits[start : start + _BLOCK]
        others = bits[start:]
        distance = np.zeros((len(block), len(others)), dtype=np.uint16)
        for word in range(bits.shape[1]):
            distance += np.bitwise_count(block[:, word, None] ^ others[None, :, word])
        rows, columns = np.nonzero(distance <= NEAR_BITS)
        pairs = np.stack([start + rows, start + columns], 1)
        found.append(kept[pairs[owner[pairs[:, 0]] != owner[pairs[:, 1]]]])
        progress(min(start + _BLOCK, len(bits)), len(bits))
    return np.concatenate(found)


def _same_texture(
    codes: Sequence[str], owner: NDArray[np.int64], progress: Progress = _silent
) -> NDArray[np.int64]:
    """Return (pairs, 2): places of codes of different owners of which one is a copy."""
    fine = [code.partition(_HYPHEN)[2] for code in codes]
    kept = np.array([place for place, one in enumerate(fine) if one], dtype=np.int64)
    pairs = copies([fine[place] for place in kept.tolist()], owner[kept], progress)
    return np.asarray(kept[pairs])


def _bits(codes: Sequence[str]) -> NDArray[np.uint64]:
    digits = "".join(code.partition(_HYPHEN)[0] for code in codes)
    return np.frombuffer(bytes.fromhex(digits), dtype=np.uint64).reshape(-1, SIDE * SIDE // 64)
