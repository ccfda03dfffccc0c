"""Disc levels as reports write them: L4/5, L3-L4, "L3 to S1", L45, "L5 over S1", lists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from lumbargrade.grading.level import Level

LEVELS = tuple(Level)
"""From the top: the level at place i has vertebra L(i + 1) above it."""
SACRUM = 6
"""L1 to L5 are 1 to 5, S1 is 6; T12 is 0, and what is further up or down lies outside."""

_DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2212"
_VERTEBRA = r"(?:[lL]\s?[1-5]{1,2}|[sS]\s?[1-5]|[dDtT]\s?1?\d|[cC]\s?[1-8])(?!\d)"
_BARE = r"[1-5](?!\d|\s?(?:mm|cm|[x*.]\s?\d))"
_BETWEEN = rf"(?:\s*[{_DASHES}/_~\\]+\s*|\s+(?:to|thru|through|till|over|on|upon)\s+)"
_FURTHER_UP = rf"[cCdDtT]\s?1?\d[{_DASHES}/]1?\d"
_PAIR = re.compile(
    # A level may be glued to the word before it ("atL4/L5").
    rf"(?:(?<![A-Za-z0-9])|(?<=[a-z])(?=L\s?[1-5]))"
    rf"{_VERTEBRA}(?:{_BETWEEN}{_VERTEBRA}|[{_DASHES}/_,]{_BARE})+"
    rf"|(?<![A-Za-z0-9])[lL](?:12|23|34|45|51)(?!\d)"
    rf"|(?<![A-Za-z0-9]){_FURTHER_UP}(?!\d)"
)
_NEXT = re.compile(rf"\s*(?:,|&|\+|and)\s*([1-5])\s?[{_DASHES}/]\s?([1-5])(?!\d)", re.IGNORECASE)
_PART = re.compile(_VERTEBRA + "|" + _BARE)


@dataclass(frozen=True)
class LevelMention:
    """Levels that a text names from character ``start`` to ``end``.

    ``levels`` from the top; empty where the place lies outside L1/L2 to L5/S1 (a neck, say).
    """

    start: int
    end: int
    levels: tuple[Level, ...]


def find_levels(text: str) -> Iterator[LevelMention]:
    """Yield the levels named in ``text``, in order.

    A single vertebra or root ("L5 vertebral body", "S1 root") is no level.

    Examples
    --------
    >>> [str(level) for found in find_levels("L3-4, 4/5; L5 over S1") for level in found.levels]
    ['L3/L4', 'L4/L5', 'L5/S1']
    """
    for match in _PAIR.finditer(text):
        if _is_sequence(match[0]):
            continue
        vertebrae = [number for part in _PART.findall(match[0]) for number in _numbers(part)]
        if re.fullmatch(_FURTHER_UP, match[0]):
            vertebrae = []
        yield LevelMention(match.start(), match.end(), _levels(vertebrae))
        end = match.end()
        while more := _NEXT.match(text, end):
            pair = [int(more[1]), _after(int(more[1]), int(more[2]))]
            yield LevelMention(end, more.end(), _levels(pair))
            end = more.end()


def level_of(text: str) -> Level | None:
    """Return the one level that a cell of a table names; None if it is none, or several."""
    found = [level for one in find_levels(text) for level in one.levels]
    return found[0] if len(found) == 1 else None


def _is_sequence(written: str) -> bool:
    """T1 and T2 are nearly always weightings of the picture, not vertebrae."""
    return re.fullmatch(r"[tT]\s?[12]\W+[tT]?\s?[12]", written) is not None


def _numbers(part: str) -> list[int]:
    digits = [int(digit) for digit in part if digit.isdigit()]
    letter = part[0].lower()
    if letter == "s":
        return [SACRUM - 1 + digits[0]]
    if letter in "dt":
        return [int("".join(map(str, digits))) - 12]
    if letter == "c":
        return [digits[0] - 100]
    return digits


def _after(first: int, second: int) -> int:
    """Return the lower vertebra: the 1 of "5/1" is the sacrum."""
    return SACRUM if (first, second) == (5, 1) else second


def _levels(vertebrae: list[int]) -> tuple[Level, ...]:
    """Return every disc from one vertebra of the chain to the next."""
    named: set[int] = set()
    for first, second in pairwise(vertebrae):
        upper, lower = sorted((first, _after(first, second)))
        named.update(range(max(upper, 1), min(lower, SACRUM)))
    return tuple(LEVELS[upper - 1] for upper in sorted(named))
