"""From the text of a report to sentences, and from a sentence to its words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lumbargrade.reports.levels import LevelMention, find_levels
from lumbargrade.reports.lexicon import Meaning, lexicon
from lumbargrade.reports.spelling import spelt

WRAPPED_LINE = 60
"""A line of so many characters may have been broken by a machine, inside a sentence."""

LONGEST_SENTENCE = 2_000
"""Characters; what is longer is cut, as the time to read a sentence grows with its square."""

_END = re.compile(r"//+|[;!]|\r\n|[\r\n\f\v\u2028\u2029]|\.(?!\d)")
_WORD = re.compile(r"[^\W\d_]+|\d+|[,:?()]")
_LAST_WORD = re.compile(r"([^\W\d_]+)[ \t]*$")
_FIRST_WORD = re.compile(r"\W*([^\W\d_]+)")
_BULLET = " \t\r\n\f\v.-*\u2022\u2028\u2029/"


@dataclass(frozen=True)
class Sentence:
    """A stretch of the report, exactly as written, from its character ``start``.

    ``new_line``: it is the first of its line.
    """

    start: int
    text: str
    new_line: bool = True


@dataclass(frozen=True)
class Token:
    """A word, a sign, a phrase of the lexicon, or levels, from character ``start`` of the sentence.

    ``words`` are in lower case, as the lexicon spells them; ``meanings`` are empty for a word of no
    meaning; ``mention`` is there where levels are named.
    """

    start: int
    words: tuple[str, ...]
    meanings: tuple[Meaning, ...] = ()
    mention: LevelMention | None = None

    def row(self, table: str) -> str | None:
        """Return the first row of this table that the phrase stands for."""
        return next((one.row for one in self.meanings if one.table == table), None)

    def has(self, table: str, row: str) -> bool:
        """Return whether the phrase stands for this row of this table."""
        return any(one.table == table and one.row == row for one in self.meanings)


def sentences(text: str) -> Iterator[Sentence]:
    """Yield the sentences of a report; each is a substring of ``text``.

    A line end closes a sentence, unless the line cannot end there ("noted at") or the next
    one begins with what must belong to it ("compressing the thecal sac").
    """
    start, first = 0, True
    for match in _END.finditer(text):
        if match.start() < start or not _closes(text, start, match):
            continue
        piece = _sentence(text, start, match.start(), first)
        yield from piece
        # Nothing but blanks and bullets leaves it as it was.
        first = match[0] in _LINE_ENDS or (first and not piece)
        start = match.end()
    yield from _sentence(text, start, len(text), first)


_LINE_ENDS = frozenset(("\r\n", *"\r\n\f\v\u2028\u2029"))


def _closes(text: str, start: int, match: re.Match[str]) -> bool:
    last = _LAST_WORD.search(text, max(start, match.start() - 40), match.start())
    word = last[1].lower() if last else ""
    if match[0] == ".":
        glued = text[match.end() : match.end() + 1].islower()
        initial = len(word) == 1 and word not in "ai"
        return not (glued or initial or word in lexicon().abbreviations)
    if match[0] not in _LINE_ENDS:
        return True
    return not (_unfinished(word) or _goes_on(text, start, match))


def _unfinished(word: str) -> bool:
    """Return whether no sentence ends with this word ("at", "compressing")."""
    if not word:
        return False
    last = spelt(word)[-1]
    if last in lexicon().line_goes_on_after:
        return True
    return last.endswith("ing") and any(
        phrase == (last,) and any(one.table in ("cues", "mild_cues") for one in meanings)
        for phrase, meanings in lexicon().phrases.get(last, ())
    )


def _goes_on(text: str, start: int, match: re.Match[str]) -> bool:
    line = text[start : match.start()].rstrip()
    following = _FIRST_WORD.match(text[match.end() : match.end() + 60])
    if not line or not following or "\n" in following[0]:
        return False
    first = spelt(following[1].lower())[0]
    if first in lexicon().continues_with:
        return True
    denies = any(phrase == (first,) for phrase, _ in lexicon().phrases.get(first, ()))
    return len(line) >= WRAPPED_LINE and following[1].islower() and not denies


def _sentence(text: str, start: int, end: int, first: bool) -> tuple[Sentence, ...]:
    while start < end and text[start] in _BULLET:
        start += 1
    found: list[Sentence] = []
    for begin in range(start, end, LONGEST_SENTENCE):
        piece = text[begin : min(begin + LONGEST_SENTENCE, end)]
        bare = piece.strip()
        if bare:
            place = begin + piece.index(bare)
            found.append(Sentence(place, bare, first and not found))
    return tuple(found)


def tokens(sentence: str) -> tuple[Token, ...]:
    """Return the words of a sentence, misspellings mended, phrases and levels put together.

    Examples
    --------
    >>> [" ".join(token.words) for token in tokens("Disc protruion at L4/5, no stenosis")]
    ['disc', 'protrusion', 'at', 'L4/5', ',', 'no', 'stenosis']
    """
    plain: list[Token] = []
    end = 0
    for mention in find_levels(sentence):
        plain += _words(sentence, end, mention.start)
        written = sentence[mention.start : mention.end]
        plain.append(Token(mention.start, (written,), mention=mention))
        end = mention.end
    plain += _words(sentence, end, len(sentence))
    return tuple(_phrases(plain))


def _words(sentence: str, start: int, end: int) -> Iterator[Token]:
    for match in _WORD.finditer(sentence, start, end):
        for word in spelt(match[0].lower()):
            yield Token(match.start(), (word,))


def _phrases(plain: list[Token]) -> Iterator[Token]:
    place = 0
    while place < len(plain):
        token = plain[place]
        for phrase, meanings in lexicon().phrases.get(token.words[0], ()):
            span = plain[place : place + len(phrase)]
            if tuple(word for one in span for word in one.words) == phrase:
                yield Token(token.start, phrase, meanings)
                place += len(phrase)
                break
        else:
            yield token
            place += 1
