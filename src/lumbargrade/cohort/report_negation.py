"""What a sentence denies: for each word, whether a denial reaches it."""

from __future__ import annotations

from collections.abc import Sequence

from lumbargrade.cohort.report_text import Token

LISTING = ("or", "nor", "and")
"""After a comma and one of these, a list that is denied goes on."""


def denied(tokens: Sequence[Token]) -> tuple[bool, ...]:
    """Return for each token whether it is denied.

    "No", "without", "rather than" deny what follows; "is not seen" denies what precedes.
    Both end at "but" and its like, and at a comma after which something is found at a
    level of its own ("no herniation at L3/4, bulge at L4/5").
    """
    reached = [False] * len(tokens)
    for place, token in enumerate(tokens):
        if token.has("negation", "before"):
            for index in range(place + 1, _end(tokens, place)):
                reached[index] = True
        if token.has("negation", "after"):
            for index in range(_begin(tokens, place), place):
                reached[index] = True
    return tuple(reached)


def _end(tokens: Sequence[Token], place: int) -> int:
    named = False
    for index in range(place + 1, len(tokens)):
        token = tokens[index]
        if token.has("negation", "ends"):
            return index
        if token.words == (",",) and _starts_anew(tokens, index, named):
            return index
        named = named or token.mention is not None
    return len(tokens)


def _starts_anew(tokens: Sequence[Token], comma: int, named: bool) -> bool:
    """After the comma comes a finding that has a level, as the denied one has or needs not."""
    rest = tokens[comma + 1 :]
    if not rest or rest[0].words[0] in LISTING or rest[0].mention is not None:
        return False
    part = []
    for token in rest:
        if token.words == (",",):
            break
        part.append(token)
    finds = any(token.row("terms") or token.row("objects") for token in part)
    has_level = any(token.mention is not None for token in part)
    listed = any(token.words[0] in LISTING[:2] for token in part)
    return finds and has_level and (named or not listed)


def _begin(tokens: Sequence[Token], place: int) -> int:
    for index in range(place - 1, -1, -1):
        if tokens[index].has("negation", "ends"):
            return index + 1
    return 0
