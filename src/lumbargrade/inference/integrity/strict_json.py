"""Read JSON of unknown origin: no number, name or depth that a later step would stumble over."""

from __future__ import annotations

import json
import math
from typing import Any

LARGEST_BYTES = 4 << 20
"""A ``bundle.json`` is about 30 kB, a known answer 200 kB."""

MOST_DIGITS = 18
"""Of a whole number: what 64 bits hold. Reading 5,000 digits is an error of Python itself."""


def parse_json(data: bytes) -> Any:
    """Return the content of UTF-8 JSON whose numbers are all finite.

    Raises ValueError, in one line, if it is no JSON, larger than ``LARGEST_BYTES``, nested too
    deeply, names a key twice, or holds NaN, Infinity, a whole number of more than
    ``MOST_DIGITS`` digits or half a character.

    Examples
    --------
    >>> parse_json(b'{"disc_threshold": 0.5}')
    {'disc_threshold': 0.5}
    """
    if len(data) > LARGEST_BYTES:
        raise ValueError(f"{len(data)} bytes, {LARGEST_BYTES} are allowed")
    try:
        found = json.loads(
            data.decode("utf-8"),
            parse_constant=_no_constant,
            parse_int=_short_int,
            parse_float=_finite_float,
            object_pairs_hook=_each_key_once,
        )
        if b"\\u" in data:  # half of a surrogate pair is legal JSON, but no text
            json.dumps(found, ensure_ascii=False).encode("utf-8")
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON")


def _short_int(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise ValueError(f"a whole number of {len(digits)} digits, {MOST_DIGITS} are allowed")
    return int(digits)


def _finite_float(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text[:20]} is larger than a number can be")
    return number


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"it names {twice[:40]!r} twice")
    return found
