"""Which levels a sentence speaks of: those it names, or what the sentences before left behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from lumbargrade.grading.level import Level
from lumbargrade.reports.findings import Said
from lumbargrade.reports.levels import LEVELS
from lumbargrade.reports.lexicon import EXCLUSION_KINDS, lexicon
from lumbargrade.reports.text import Token

Levels = tuple[Level, ...] | None
"""None: no level is named. Empty: a place outside the lumbar discs."""
Words = Sequence[Token]

LONGEST_HEADING = 10
"""Words of a heading such as "MRI OF THE LUMBAR SPINE"."""

_MEANT = {
    "all": LEVELS,
    "lumbosacral": LEVELS[4:],
    "lowest_two": LEVELS[3:],
    "lowest_three": LEVELS[2:],
}
_BESIDE_LEVELS = frozenset(("level", "levels", "and", ",", "at", "the", "disc", "discs"))


@dataclass
class Scope:
    """What the sentences before have left behind.

    Attributes
    ----------
    heading : levels that hold until others are named.
    block : the heading has a line of its own, so that all that follows is said of it.
    last : levels that were named last.
    named : every level that was named so far.
    elsewhere : under a heading of another part of the body.
    """

    heading: Levels = None
    block: bool = False
    last: tuple[Level, ...] = ()
    named: set[Level] = field(default_factory=set)
    elsewhere: bool = False

    def begins_region(self, words: Words) -> bool:
        """Note a heading such as "MRI OF THE C. SPINE"; return whether this is one."""
        regions = {row for token in words if (row := token.row("regions"))}
        if not regions - {"marks"} or len(words) > LONGEST_HEADING:
            return False
        if words[-1].words != (":",) and "marks" not in regions:
            return False
        self.elsewhere = "lumbar" not in regions
        self.heading, self.last = None, ()
        return True

    def levels_of(self, parts: Sequence[Words]) -> list[Levels]:
        """Return the levels that each part of a sentence names, and leave the heading if any."""
        own = [self._named_in(part) for part in parts]
        named = {level for levels in own for level in levels or ()}
        example = any(token.has("levels", "for_example") for part in parts for token in part)
        # Under "L3-L4, L4-L5:", "noticeably at L4-L5" does not leave the heading.
        if example and named and named < set(self.heading or ()):
            return [self.heading] * len(own)
        if any(levels is not None for levels in own):
            self.heading = None
        return own

    def _named_in(self, part: Words) -> Levels:
        named: set[Level] = set()
        spoken = False
        for token in part:
            found = token.mention.levels if token.mention else self._meant(token, part)
            named.update(found or ())
            spoken = spoken or found is not None
        return _in_order(named) if spoken else None

    def _meant(self, token: Token, part: Words) -> Levels:
        """Return the levels of a phrase such as "the above levels"; None if it is none."""
        phrase = token.row("levels")
        if phrase == "previous":
            return self.last or None
        if phrase == "others":
            # "Multilevel ... elsewhere" does not say where.
            several = any(one.has("levels", "unnamed") for one in part)
            return None if several else _in_order(set(LEVELS) - self.named)
        return _MEANT.get(phrase or "")

    def inherited(self, one: Said, goes_on: bool, new_line: bool) -> Levels:
        """Return the levels of a finding whose sentence names none; None if they are not known.

        ``goes_on``: the sentence continues the one before ("compressing ..."). ``new_line``: it
        begins a line; a denial there is meant for the whole spine.
        """
        if one.negated and one.kind in EXCLUSION_KINDS:
            return None
        outside = self.elsewhere or self.heading == ()
        under = self.heading is not None and (self.block or not new_line)
        if one.negated and not under and not outside:
            return self.last if goes_on and self.last else LEVELS
        if self.heading is not None:
            return self.heading
        if goes_on and self.last:
            return self.last
        return () if self.elsewhere else None

    def remember(self, words: Words, own: Sequence[Levels]) -> None:
        """Keep what this sentence leaves behind."""
        spoken = [levels for levels in own if levels is not None]
        if not spoken:
            return
        self.last = _in_order({level for levels in spoken for level in levels})
        self.named.update(self.last)
        self.elsewhere = self.elsewhere and not self.last
        if _is_heading(words):
            self.heading = self.last
            self.block = not any(token.meanings for token in words)


def goes_on(words: Words) -> bool:
    """Return whether a sentence continues the one before it."""
    first = next((token.words[0] for token in words if token.words[0].isalpha()), "")
    return first in lexicon().continues_with


def _is_heading(words: Words) -> bool:
    """Levels and nothing else up to a colon, or up to the end ("L4-L5 level:")."""
    seen = False
    for token in words:
        if token.mention is not None:
            seen = True
        elif token.words == (":",) and seen:
            return True
        elif token.words[0] not in _BESIDE_LEVELS:
            return False
    return seen


def _in_order(levels: set[Level]) -> tuple[Level, ...]:
    return tuple(level for level in LEVELS if level in levels)
