"""Chance that anybody can draw again: by hashes, not by a generator.

The same on every machine and version of Python, and of one name whatever the others are: a study
that is added takes its place and leaves the others in their order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable


def drawn_number(*parts: object) -> int:
    """Return a number of 64 bits that follows from the parts, as if at random."""
    # Their lengths stand between the parts: else ("a", "bc") would be ("ab", "c").
    text = "".join(f"{len(str(part))}:{part}" for part in parts)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def shuffled(names: Iterable[str], *salt: object) -> list[str]:
    """Return the names in an order that follows from them and the salt, as if at random.

    Examples
    --------
    >>> shuffled("ABCD", "Ann"), shuffled("DCBA", "Ann")
    (['D', 'A', 'C', 'B'], ['D', 'A', 'C', 'B'])
    """
    return sorted(names, key=lambda name: (drawn_number(*salt, name), name))
