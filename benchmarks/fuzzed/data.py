"""Bytes changed at random, as broken disks, broken exports and ill will change them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

HOSTILE_TEXTS = (
    "=1+1", " =cmd|' /C calc'!A0", "\uff1dSUM(A1)", "\x1b]0;title\x07", "\u202etxt.exe", "a\u2028b",
    "\x00", "<script>alert(1)</script>", "{{ 7*7 }}", "../../outside", "/etc/passwd", "%s%n",
    "A" * 70_000, "\\" * 500, "'; DROP TABLE", "\ufeff", "\u0130\u0131", "nan", "-1e309",
    "1" * 5000, "$x^2$",
)  # fmt: skip
"""Formulas, signs that steer, ends of lines, markup, paths, and numbers that are none."""

LENGTHS = (0, 1, 0x7FFF, 0xFFFE, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFE, 0xFFFFFFFF)
"""What lengths and counts are set to."""


def bits(data: bytes, random: Random) -> bytes:
    """Return the data with one to forty bits turned round."""
    changed = bytearray(data)
    for _ in range(random.randint(1, 40) if changed else 0):
        changed[_place(changed, random)] ^= 1 << random.randrange(8)
    return bytes(changed)


def truncated(data: bytes, random: Random) -> bytes:
    """Return a beginning of the data, or the data without a piece within."""
    start = _place(data, random)
    return data[:start] if random.random() < 0.7 else data[:start] + data[_place(data, random) :]


def spliced(data: bytes, random: Random) -> bytes:
    """Return the data with a piece of itself, or zeros, put or written somewhere."""
    start, length = _place(data, random), random.choice((1, 2, 8, 100, 5000))
    piece = data[start : start + length] if random.random() < 0.8 else bytes(length)
    target = _place(data, random)
    return data[:target] + piece + data[target + random.choice((0, length)) :]


def numbers(data: bytes, random: Random) -> bytes:
    """Return the data with two or four bytes set to an extreme number, in either order."""
    changed = bytearray(data)
    for _ in range(random.randint(1, 4)):
        size = random.choice((2, 4))
        value = random.choice(LENGTHS) & (1 << 8 * size) - 1
        start = _place(changed, random)
        piece = value.to_bytes(size, random.choice(("little", "big")))
        changed[start : start + size] = piece[: len(changed) - start]
    return bytes(changed)


def _place(data: bytes | bytearray, random: Random) -> int:
    """Half of all changes hit the first part, where headers are."""
    end = min(len(data), 2048) if random.random() < 0.5 else len(data)
    return random.randrange(max(end, 1))


CHANGES: Sequence[Callable[[bytes, Random], bytes]] = (bits, truncated, spliced, numbers)


def anyhow(data: bytes, random: Random) -> bytes:
    """Return the data after one of these changes."""
    return random.choice(CHANGES)(data, random)
