"""Misspelt words of a report: the listed word that each comes nearest to, or itself."""

from __future__ import annotations

from functools import cache, lru_cache

from lumbargrade.reports.lexicon import lexicon

LONGEST_WORD = 24
"""Longer runs of letters are no words, and are not compared with any."""
SHORTEST_PART = 4
"""Two words written as one ("nerveroots") are taken apart if both have so many letters."""


@lru_cache(maxsize=100_000)
def spelt(word: str) -> tuple[str, ...]:
    """Return the listed word or words that a word in lower case stands for.

    A word that is listed, or near no listed one, stands for itself. The first letter must
    be right, or the first two be swapped: people rarely get it wrong, and so "marrow" and
    "narrow" stay apart.

    Examples
    --------
    >>> spelt("protruion"), spelt("tehcal"), spelt("nerveroots"), spelt("kidney")
    (('protrusion',), ('thecal',), ('nerve', 'roots'), ('kidney',))
    """
    words = lexicon()
    if word in words.written:
        return (words.written[word],)
    if word in words.vocabulary or word in words.protect or len(word) > LONGEST_WORD:
        return (word,)
    for place in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1):
        if word[:place] in words.vocabulary and word[place:] in words.vocabulary:
            return (word[:place], word[place:])
    return (_nearest(word),)


def _nearest(word: str) -> str:
    best, fewest, tied = word, 99, False
    for listed in _by_letter().get(word[0], ()) + _by_letter().get(word[1:2], ()):
        if listed[0] != word[0] and listed[1:2] != word[0]:
            continue
        allowed = _allowed(listed)
        if abs(len(listed) - len(word)) > allowed:
            continue
        edits = edit_distance(word, listed)
        if edits > allowed or edits > fewest:
            continue
        tied = edits == fewest and _stem(listed) != _stem(best)
        best, fewest = listed, edits
    return word if tied else best


def _stem(word: str) -> str:
    """Singular and plural, or two forms of a verb, are as good as each other."""
    return word[: max(4, len(word) - 3)]


@cache
def _by_letter() -> dict[str, tuple[str, ...]]:
    letters: dict[str, list[str]] = {}
    for listed in sorted(lexicon().targets):
        letters.setdefault(listed[0], []).append(listed)
    return {letter: tuple(words) for letter, words in letters.items()}


def _allowed(listed: str) -> int:
    edits = 0
    for letters, more in lexicon().tolerance:
        if len(listed) >= letters:
            edits = more
    return edits


def edit_distance(one: str, other: str) -> int:
    """Return how many letters must be put in, left out, changed or swapped with a neighbour.

    (Optimal string alignment distance: no letter is edited twice.)

    Examples
    --------
    >>> edit_distance("roost", "roots"), edit_distance("buldge", "bulge")
    (1, 1)
    """
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        here = [row]
        for column, wanted in enumerate(other, 1):
            edits = min(
                last[column] + 1, here[column - 1] + 1, last[column - 1] + (letter != wanted)
            )
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == wanted:
                edits = min(edits, before[column - 2] + 1)
            here.append(edits)
        before, last = last, here
    return last[-1]
