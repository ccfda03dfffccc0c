"""Read the report of a lumbar spine: every finding, its level and the sentence that said so.

Rules only; the words are data (``report_lexicon.toml``). A level is carried from one
sentence to the next as a reader would do it: under a heading ("L4-L5:"), in a sentence
that goes on ("compressing the thecal sac"), and by "the above levels".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from lumbargrade.cohort.report_findings import SEVERITIES, Said, findings_in, parts_of
from lumbargrade.cohort.report_levels import LEVELS
from lumbargrade.cohort.report_lexicon import EXCLUSION_KINDS, Kind, lexicon
from lumbargrade.cohort.report_text import Sentence, Token, sentences, tokens
from lumbargrade.grading.level import Level

LONGEST_REPORT = 100_000
"""Characters of a report that are read."""


@dataclass(frozen=True)
class ReportFinding:
    """One finding at one level, as a report says it.

    Attributes
    ----------
    level : None where no level is named.
    negated : the report says that it is not there.
    possible : the report is not sure.
    severity : ``"mild"``, ``"moderate"``, ``"severe"``, or ``""`` where no degree is given.
    side : ``"left"``, ``"right"``, ``"bilateral"``, ``"central"`` or ``""``.
    sentence : the sentence that says it, a substring of the report.
    start : its first character in the report.
    """

    kind: Kind
    level: Level | None
    negated: bool
    possible: bool
    severity: str
    side: str
    sentence: str
    start: int


@dataclass
class _Context:
    """What the sentences before have left behind."""

    heading: tuple[Level, ...] | None = None
    """Levels that hold until others are named; empty: a place outside the lumbar discs."""
    last: tuple[Level, ...] = ()
    """Levels that were named last."""
    named: set[Level] = field(default_factory=set)
    elsewhere: bool = False
    """Under a heading of another part of the body."""


def read_report(text: str) -> tuple[ReportFinding, ...]:
    """Return the findings of a report, in its order; one for each level it speaks of.

    A finding that is denied without a level ("no disc herniation") is denied at all five.

    Examples
    --------
    >>> [one] = read_report("Left paracentral disc protruion at L4/5.")
    >>> one.kind, one.level, one.side
    (<Kind.HERNIATION: 'herniation'>, <Level.L4_L5: 'L4/L5'>, 'left')
    """
    context = _Context()
    found: list[ReportFinding] = []
    for sentence in sentences(text[:LONGEST_REPORT]):
        words = tokens(sentence.text)
        said = findings_in(words)
        if _region(words, said, context):
            continue
        found += _merged(_placed(sentence, words, said, context))
    return tuple(found)


def _merged(found: Iterable[ReportFinding]) -> Iterable[ReportFinding]:
    """Return one finding where a sentence says the same of a level twice."""
    merged: dict[tuple[Kind, Level | None, bool], ReportFinding] = {}
    for one in found:
        key = (one.kind, one.level, one.negated)
        before = merged.get(key, one)
        merged[key] = replace(
            one,
            possible=one.possible and before.possible,
            severity=max(one.severity, before.severity, key=SEVERITIES.index),
            side=joint_side((one.side, before.side)),
        )
    return merged.values()


def joint_side(sides: Iterable[str]) -> str:
    """Return the side that several together are on; ``""`` if none is known."""
    named = set(sides)
    if "bilateral" in named or {"left", "right"} <= named:
        return "bilateral"
    return next((side for side in ("left", "right", "central") if side in named), "")


def _region(words: Sequence[Token], said: Sequence[Said], context: _Context) -> bool:
    """Note a heading such as "MRI OF THE C. SPINE"; return whether this is one."""
    regions = {row for token in words if (row := token.row("regions"))}
    if not regions - {"marks"} or said or len(words) > 10:
        return False
    ends_so = words[-1].words == (":",)
    if not ends_so and "marks" not in regions:
        return False
    context.elsewhere = "lumbar" not in regions
    context.heading = None
    context.last = ()
    return True


def _placed(
    sentence: Sentence, words: Sequence[Token], said: Sequence[Said], context: _Context
) -> Iterator[ReportFinding]:
    parts = parts_of(words)
    by_part = [_own_levels(words, parts, part, context) for part in range(max(parts, default=0) + 1)]
    if any(one is not None for one in by_part):
        context.heading = None
    goes_on = _goes_on(sentence, words)
    for one in said:
        own = by_part[one.part]
        levels = _inherited(one, goes_on, context) if own is None else own
        for level in _of_kind(one, levels, words, parts, context):
            yield ReportFinding(
                one.kind,
                level,
                one.negated,
                one.possible,
                one.severity,
                joint_side(one.sides),
                sentence.text,
                sentence.start,
            )
    _remember(words, by_part, context)


def _own_levels(
    words: Sequence[Token], parts: Sequence[int], part: int, context: _Context
) -> tuple[Level, ...] | None:
    """Return the levels that a part names; None if it names none at all."""
    named: set[Level] = set()
    spoken = False
    for token, where in zip(words, parts, strict=True):
        if where != part:
            continue
        if token.mention is not None:
            named.update(token.mention.levels)
            spoken = True
        phrase = token.row("levels")
        if phrase in _MEANT:
            named.update(_MEANT[phrase])
            spoken = True
        elif phrase == "previous" and context.last:
            named.update(context.last)
            spoken = True
        elif phrase == "others":
            named.update(set(LEVELS) - context.named)
            spoken = True
    return tuple(level for level in LEVELS if level in named) if spoken else None


_MEANT = {
    "all": LEVELS,
    "lumbosacral": LEVELS[4:],
    "lowest_two": LEVELS[3:],
    "lowest_three": LEVELS[2:],
}


def _goes_on(sentence: Sentence, words: Sequence[Token]) -> bool:
    first = next((token for token in words if token.words[0].isalpha()), None)
    return first is not None and first.words[0] in lexicon().continues_with


def _inherited(one: Said, goes_on: bool, context: _Context) -> tuple[Level, ...] | None:
    """Return the levels of a finding whose sentence names none; None if they are not known."""
    if one.negated and one.kind in EXCLUSION_KINDS:
        return None
    if one.negated and context.heading != () and not context.elsewhere:
        return context.last if goes_on and context.last else LEVELS
    if context.heading is not None:
        return context.heading
    if goes_on and context.last:
        return context.last
    return () if context.elsewhere else None


def _of_kind(
    one: Said,
    levels: tuple[Level, ...] | None,
    words: Sequence[Token],
    parts: Sequence[int],
    context: _Context,
) -> Iterator[Level | None]:
    """Yield the levels of a finding, and None for those that are not named."""
    if one.kind in EXCLUSION_KINDS:
        yield from levels or (None,)
        return
    yield from levels or ()
    part = [token for token, where in zip(words, parts, strict=True) if where == one.part]
    several = any(token.has("levels", "unnamed") for token in part)
    example = any(token.has("levels", "for_example") for token in part)
    rest_unnamed = several and (example or not levels)
    if not one.negated and not context.elsewhere and (levels is None or rest_unnamed):
        yield None


def _remember(
    words: Sequence[Token], by_part: Sequence[tuple[Level, ...] | None], context: _Context
) -> None:
    spoken = [levels for levels in by_part if levels is not None]
    if not spoken:
        return
    context.last = tuple(
        level for level in LEVELS if any(level in levels for levels in spoken)
    )
    context.named.update(context.last)
    if any(token.mention is not None for token in words):
        context.elsewhere = not context.last and context.elsewhere
    if _is_heading(words):
        context.heading = context.last


def _is_heading(words: Sequence[Token]) -> bool:
    """Levels and nothing else up to a colon, or up to the end ("L4-L5 level:")."""
    seen = False
    for token in words:
        if token.mention is not None:
            seen = True
        elif token.words == (":",) and seen:
            return True
        elif token.words[0] not in ("level", "levels", "and", ",", "at", "the", "disc", "discs"):
            return False
    return seen
