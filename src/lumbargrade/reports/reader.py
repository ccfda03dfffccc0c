"""Read the report of a lumbar spine: every finding, its level and the sentence that said so.

Rules only; the words are data (``report_lexicon.toml``). A level is carried from one
sentence to the next as a reader would do it: under a heading ("L4-L5:"), in a sentence
that goes on ("compressing the thecal sac"), and by "the above levels".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from lumbargrade.grading.level import Level
from lumbargrade.reports.findings import SEVERITIES, Said, findings_in, parts_of
from lumbargrade.reports.lexicon import EXCLUSION_KINDS, LABEL_KINDS, Kind, lexicon
from lumbargrade.reports.scope import Levels, Scope, goes_on
from lumbargrade.reports.text import Sentence, Token, sentences, tokens

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


def read_report(text: str) -> tuple[ReportFinding, ...]:
    """Return the findings of a report, in its order; one for each level it speaks of.

    A finding that is denied without a level ("no disc herniation") is denied at all five.

    Examples
    --------
    >>> [one] = read_report("Left paracentral disc protruion at L4/5.")
    >>> one.kind, one.level, one.side
    (<Kind.HERNIATION: 'herniation'>, <Level.L4_L5: 'L4/L5'>, 'left')
    """
    scope = Scope()
    found: list[ReportFinding] = []
    for sentence in sentences(text[:LONGEST_REPORT]):
        words = tokens(sentence.text)
        said = findings_in(words)
        if not said and _is_normal(words):
            said = _NOTHING
        if said or not scope.begins_region(words):
            found += _merged(_placed(sentence, words, said, scope))
    return tuple(found)


_NOTHING = tuple(Said(kind, 0, 0, True, False, "", frozenset()) for kind in LABEL_KINDS)
"""What "L2-L3: normal" says."""


def _is_normal(words: Sequence[Token]) -> bool:
    plain = {word for token in words if token.mention is None for word in token.words}
    plain = {word for word in plain if word.isalpha()}
    says = plain & lexicon().says_normal
    return bool(says) and plain - says <= lexicon().beside_normal


def _placed(
    sentence: Sentence, words: Sequence[Token], said: Sequence[Said], scope: Scope
) -> Iterator[ReportFinding]:
    """Yield each finding at each of its levels, and let the scope remember the sentence."""
    where = parts_of(words)
    parts = [
        tuple(token for token, its in zip(words, where, strict=True) if its == part)
        for part in range(max(where, default=0) + 1)
    ]
    own = scope.levels_of(parts)
    several = [any(token.has("levels", "unnamed") for token in part) for part in parts]
    example = [any(token.has("levels", "for_example") for token in part) for part in parts]
    continued = goes_on(words)
    for one in said:
        levels = own[one.part]
        if levels is None:
            levels = scope.inherited(one, continued, sentence.new_line)
        # "Multilevel bulges", and "multilevel bulges, mainly at L4/5".
        more = several[one.part] and (example[one.part] or not levels)
        for level in _levels(one, levels, (more or levels is None) and not scope.elsewhere):
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
    scope.remember(words, own)


def _levels(one: Said, levels: Levels, unnamed: bool) -> Iterator[Level | None]:
    """Yield the levels of a finding, and None for those that are not named."""
    yield from levels or ()
    if one.kind in EXCLUSION_KINDS:
        unnamed = not levels
    elif one.negated:
        unnamed = False
    if unnamed:
        yield None


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
