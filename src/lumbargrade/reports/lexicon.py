"""The words of a radiology report, as data: ``report_lexicon.toml`` and what is built of it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

Phrase = tuple[str, ...]


class Kind(StrEnum):
    """What a report may find."""

    HERNIATION = "herniation"
    """Herniation, protrusion, extrusion or sequestration."""
    BULGE = "bulge"
    STENOSIS = "stenosis"
    """Of the central canal, by name."""
    SAC = "sac"
    """The thecal sac is compressed, indented or touched."""
    ROOT = "root"
    """A root, a recess, a foramen or an exit canal is compressed, narrowed or touched."""
    DEGENERATION = "degeneration"
    SPONDYLOLISTHESIS = "spondylolisthesis"
    FRACTURE = "fracture"
    INFLAMMATION = "inflammation"
    MALIGNANCY = "malignancy"
    SURGERY = "surgery"
    ARTEFACT = "artefact"


DISC_KINDS = (Kind.HERNIATION, Kind.BULGE)
LABEL_KINDS = (*DISC_KINDS, Kind.STENOSIS, Kind.SAC, Kind.ROOT)
"""Kinds that become weak labels of a level."""
EXCLUSION_KINDS = (Kind.FRACTURE, Kind.INFLAMMATION, Kind.MALIGNANCY, Kind.SURGERY, Kind.ARTEFACT)
"""Kinds that hint at a reason to leave a patient out."""


@dataclass(frozen=True)
class Meaning:
    """What a phrase stands for: the table it is in, and the row there.

    ``Meaning("severity", "mild")``; ``Meaning("objects", "sac")``; ``Meaning("levels", "all")``.
    """

    table: str
    row: str


@dataclass(frozen=True)
class Lexicon:
    """The lexicon, ready for look-up.

    Attributes
    ----------
    phrases : first word -> phrases that begin with it, longest first, with their meanings.
    vocabulary : every word of every phrase.
    targets : those of them that a misspelt word may be taken for; words of denial and doubt
        are not among them, since a wrong guess there turns a sentence round.
    tolerance : (letters at least, edits allowed), rising.
    protect : words that are never bent.
    written : misspelling -> word.
    strong : kind -> cues whose degree is never that of the cue before.
    """

    phrases: Mapping[str, tuple[tuple[Phrase, tuple[Meaning, ...]], ...]]
    vocabulary: frozenset[str]
    targets: frozenset[str]
    tolerance: tuple[tuple[int, int], ...]
    protect: frozenset[str]
    written: Mapping[str, str]
    strong: Mapping[str, frozenset[str]]
    abbreviations: frozenset[str]
    line_goes_on_after: frozenset[str]
    continues_with: frozenset[str]
    says_normal: frozenset[str]
    beside_normal: frozenset[str]


FINDING_TABLES = ("terms", "weak_terms", "objects", "cues", "mild_cues", "denied_by")
NOT_GUESSED = ("negation", "certainty", "regions")


@cache
def lexicon() -> Lexicon:
    """Return the lexicon of the package."""
    text = (files("lumbargrade.reports") / "report_lexicon.toml").read_text("utf-8")
    return build(tomllib.loads(text))


def build(data: Mapping[str, Any]) -> Lexicon:
    """Build a lexicon of the parsed TOML file.

    Raises KeyError if a table is missing, or a finding is no :class:`Kind`.
    """
    meanings: dict[Phrase, list[Meaning]] = {}
    for table in ("regions", "levels", "negation", "certainty", "severity", "sides"):
        for row, phrases in data[table].items():
            _add(meanings, phrases, Meaning(table, row))
    for name, finding in data["findings"].items():
        for table in FINDING_TABLES:
            _add(meanings, finding.get(table, ()), Meaning(table, Kind(name).value))
    starts: dict[str, list[tuple[Phrase, tuple[Meaning, ...]]]] = {}
    for phrase, found in meanings.items():
        starts.setdefault(phrase[0], []).append((phrase, tuple(found)))
    plain = frozenset(data["plain"]["words"]) | frozenset(data["normal"]["says"])
    said = frozenset(
        word
        for phrase, found in meanings.items()
        for word in phrase
        if word.isalpha() and not all(one.table in NOT_GUESSED for one in found)
    )
    known = frozenset(word for phrase in meanings for word in phrase)
    return Lexicon(
        {
            word: tuple(sorted(phrases, key=lambda one: -len(one[0])))
            for word, phrases in starts.items()
        },
        known | plain | frozenset(data["text"]["continues_with"]),
        said | plain,
        tuple((letters, edits) for letters, edits in data["spelling"]["tolerance"]),
        frozenset(data["spelling"]["protect"]),
        dict(data["spelling"]["written"]),
        {name: frozenset(one.get("strong", ())) for name, one in data["findings"].items()},
        frozenset(data["text"]["abbreviations"]),
        frozenset(data["text"]["line_goes_on_after"]),
        frozenset(data["text"]["continues_with"]),
        frozenset(data["normal"]["says"]),
        frozenset(data["normal"]["beside"]),
    )


def _add(meanings: dict[Phrase, list[Meaning]], phrases: Iterable[str], meaning: Meaning) -> None:
    for phrase in phrases:
        found = meanings.setdefault(tuple(phrase.split()), [])
        if meaning not in found:
            found.append(meaning)
