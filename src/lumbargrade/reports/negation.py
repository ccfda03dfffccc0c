"""What a sentence denies: for each word, whether a denial reaches it."""

from __future__ import annotations

from collections.abc import Sequence

from lumbargrade.reports.text import Token

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
        # A denial within a denial ("no fracture and no bulge") reaches no further.
        if token.has("negation", "before") and not reached[place]:
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
    part = _up_to_comma(tokens[comma + 1 :])
    joined = bool(part) and part[0].words[0] in LISTING
    finding = next(
        (index for index, token in enumerate(part) if token.row("terms") or token.row("objects")),
        None,
    )
    level = next((index for index, token in enumerate(part) if token.mention is not None), None)
    if finding is None or level is None:
        return False
    if level < finding:
        return True  # "..., and at L5/S1 a bulge"
    listed = any(token.words[0] in ("or", "nor") for token in part)
    return not joined and (named or not listed)


def _up_to_comma(tokens: Sequence[Token]) -> Sequence[Token]:
    ends = (index for index, token in enumerate(tokens) if token.words == (",",))
    return tokens[: next(ends, len(tokens))]


def _begin(tokens: Sequence[Token], place: int) -> int:
    for index in range(place - 1, -1, -1):
        if tokens[index].has("negation", "ends"):
            return index + 1
    return 0
