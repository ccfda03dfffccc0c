"""The words that names of series are made of, from ``words.toml`` and a file of the site.

Names are free text in the language of a site. They are hints: what a word says is weighed
against the elements of the header by ``judgement``.
"""

from __future__ import annotations

import os
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from lumbargrade.errors import StudyError

SITE_WORDS = "LUMBARGRADE_WORDS"
"""Environment variable that names a TOML file with words of the site."""

LONGEST_WORD = 4
"""Parts of the longest word, such as ``out of phase``."""

_LATIN, _HAN = "a-z0-9\u00df-\u024f", "\u3400-\u9fff"
_PART = re.compile(
    rf"(?<![{_LATIN}])c\+|\+c(?![{_LATIN}])|[{_LATIN}#]+\*?|[{_HAN}]|[^\W_{_LATIN}{_HAN}]+"
)
"""A part ends where the script changes ("腰椎T2" has three); Chinese puts no spaces between words,
so each of its signs is a part. "C+" and "+C" are the sign for contrast agent."""
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")

Table = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, eq=False)
class Words:
    """All words: table -> entry -> words as they are written."""

    tables: Mapping[str, Table]

    def found(self, table: str, text: str, affirmed: bool = False) -> dict[str, str]:
        """Return the entries of a table that a text has a word of, and that word.

        ``affirmed``: a word after a "no" does not count.

        Examples
        --------
        >>> words().found("picture", "OutPhase: AX T2 FLEX")
        {'an opposed-phase picture': 'out phase'}
        >>> words().found("picture", "T2 BLOCK, local shim")
        {}
        """
        return dict(_found(self, table, text, affirmed)) if text else {}

    def is_word(self, text: str, table: str, entry: str) -> bool:
        """Tell whether a whole text is one of the words of an entry."""
        return any(own == entry for own, _ in self.lookups[table].hits(_normal(text)))

    def kind_of_type(self, value: str) -> str:
        """Return what a value of Image Type says that a picture is; empty if nothing."""
        return self._types.get(value.upper(), "")

    def contrast_of_type(self, value: str) -> str:
        """Return what a value of Image Type says of the contrast; empty if nothing.

        A contrast, ``"other"``, or ``"inverted"`` of an inversion recovery.
        """
        return self._type_contrasts.get(value.upper(), "")

    @cached_property
    def _types(self) -> dict[str, str]:
        return _by_value(self.tables["image_type"])

    @cached_property
    def _type_contrasts(self) -> dict[str, str]:
        return _by_value(self.tables["image_contrast"])

    @cached_property
    def lookups(self) -> dict[str, Lookup]:
        """Each table, arranged for looking up the runs of a text."""
        return {name: Lookup.of(table) for name, table in self.tables.items()}

    @cached_property
    def negations(self) -> frozenset[str]:
        """What turns the next word into its opposite."""
        return frozenset(map(_normal, self.tables["negation"]["before"]))


@dataclass(frozen=True)
class Lookup:
    """(entry, word) of each run of parts, and of the patterns of words with a "#"."""

    plain: Mapping[str, tuple[tuple[str, str], ...]]
    patterns: tuple[tuple[re.Pattern[str], str, str], ...]

    @classmethod
    def of(cls, table: Table) -> Lookup:
        """Arrange a table; a word of several parts also counts where it is written as one."""
        plain: dict[str, tuple[tuple[str, str], ...]] = {}
        patterns = []
        for entry, own in table.items():
            for word in own:
                for text in dict.fromkeys((_normal(word), _normal(word).replace(" ", ""))):
                    if "#" in word:
                        patterns.append((re.compile(text.replace("#", r"\d+")), entry, word))
                    else:
                        plain[text] = (*plain.get(text, ()), (entry, word))
        return cls(plain, tuple(patterns))

    def hits(self, run: str) -> Iterator[tuple[str, str]]:
        """Yield (entry, word) of a run of parts."""
        yield from self.plain.get(run, ())
        for pattern, entry, word in self.patterns:
            if pattern.fullmatch(run):
                yield entry, word


@lru_cache(maxsize=8192)
def _found(words: Words, table: str, text: str, affirmed: bool) -> tuple[tuple[str, str], ...]:
    found: dict[str, str] = {}
    for run, before in _runs(text).items():
        if affirmed and not words.negations.isdisjoint(before):
            continue
        for entry, word in words.lookups[table].hits(run):
            found.setdefault(entry, word)
    return tuple(found.items())


def _by_value(table: Table) -> dict[str, str]:
    return {value.upper(): entry for entry, values in table.items() for value in values}


def _normal(text: str) -> str:
    """Small letters of any script, without accents, in parts; a "#" stays."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(_PART.findall("".join(c for c in bare if not unicodedata.combining(c))))


@lru_cache(maxsize=4096)
def _runs(text: str) -> Mapping[str, tuple[str, ...]]:
    """Return each run of up to four parts of a text, with the runs of one and two before it."""
    found: dict[str, tuple[str, ...]] = {}
    for spelling in dict.fromkeys((text, _HUMP.sub(" ", text))):
        parts = _normal(spelling).replace("#", " ").split()
        for start in range(len(parts)):
            before = (*parts[start - 1 : start], " ".join(parts[max(start - 2, 0) : start]))
            for length in range(1, LONGEST_WORD + 1):
                found.setdefault(" ".join(parts[start : start + length]), before)
    return found


LEFT_OUT = "omitted"
"""Stands in a text for what is no word of a series: a part of its own, over which none meet."""


def known_words(text: str) -> str:
    """Return what of a name is a word of :func:`words`, for a text that is to name nobody.

    ``Words.found`` finds the same entries in it as in the text.

    Examples
    --------
    >>> known_words("t2_tra Muster, no fat sat"), known_words("Muster^Max")
    ('t2 tra omitted no fat sat', 'omitted')
    """
    spellings = dict.fromkeys(map(_known_parts, (text, _HUMP.sub(" ", text))))
    return f" {LEFT_OUT} ".join(one for one in spellings if one)


def _known_parts(text: str) -> str:
    parts, known = _normal(text).replace("#", " ").split(), words()
    kept = [False] * len(parts)
    for start in range(len(parts)):
        for end in range(start + 1, min(start + LONGEST_WORD, len(parts)) + 1):
            run = " ".join(parts[start:end])
            if run in known.negations or any(any(one.hits(run)) for one in known.lookups.values()):
                kept[start:end] = [True] * (end - start)
    shown: list[str] = []
    for part, is_kept in zip(parts, kept, strict=True):
        if is_kept or shown[-1:] != [LEFT_OUT]:
            shown.append(part if is_kept else LEFT_OUT)
    return " ".join(shown)


def words() -> Words:
    """Return the words of the package, with those of the site where it has a file.

    Raises StudyError, in one line, if the file of the site cannot be read or is not of the form
    of ``words.toml``.
    """
    return _read(os.environ.get(SITE_WORDS, ""))


@cache
def _read(site: str) -> Words:
    text = (files("lumbargrade.study.series") / "words.toml").read_text(encoding="utf-8")
    tables = tomllib.loads(text)
    if site:
        _add(tables, Path(site))
    return Words(
        {
            table: {entry: tuple(own) for entry, own in entries.items()}
            for table, entries in tables.items()
        }
    )


def _add(tables: dict[str, dict[str, list[str]]], path: Path) -> None:
    """Add the words of a site to those of the package."""
    where = f"{path} ({SITE_WORDS})"
    try:
        added: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        raise StudyError(f"{where}: cannot be read: give a readable TOML file of words") from None
    except tomllib.TOMLDecodeError as error:
        raise StudyError(f"{where}: is not TOML: {error}") from None
    for table, entries in added.items():
        if table not in tables or not isinstance(entries, dict):
            raise StudyError(f"{where}: unknown table [{table}]: use {', '.join(tables)}")
        for entry, own in entries.items():
            if entry not in tables[table]:
                raise StudyError(
                    f"{where}: unknown entry {entry!r} in [{table}]: use {', '.join(tables[table])}"
                )
            if not isinstance(own, list) or not all(isinstance(one, str) and one for one in own):
                raise StudyError(f"{where}: [{table}] {entry!r} must be a list of texts")
            tables[table][entry] += own
