"""What one sentence says: findings with their levels, denial, certainty, degree and side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from lumbargrade.reports.lexicon import DISC_KINDS, Kind, lexicon
from lumbargrade.reports.negation import denied
from lumbargrade.reports.text import Token

CUE_REACH = 14
"""Words between an object and the cue before it ("compressing ... the exit roots")."""
CUE_REACH_BACK = 6
"""Words between an object and a cue after it ("nerve root ... appears compressed")."""
DEGREE_REACH = 4
"""Words between "mild" and what is mild."""
SIDE_REACH = 5
SEVERITIES = ("mild", "", "moderate", "severe")
"""Rising; a finding without a degree may be more than mild."""


@dataclass(frozen=True)
class Said:
    """One finding of one sentence.

    ``part`` of the sentence has levels of its own; ``place`` is the token that names the finding,
    for a relation its object; ``severity`` ``""`` where no degree is given; ``sides`` are some of
    left, right, central.
    """

    kind: Kind
    part: int
    place: int
    negated: bool
    possible: bool
    severity: str
    sides: frozenset[str]


def findings_in(tokens: Sequence[Token]) -> tuple[Said, ...]:
    """Return what a sentence says, in its order."""
    denials = denied(tokens)
    parts = parts_of(tokens)
    doubt = any(token.has("certainty", "possible") for token in tokens)
    found: list[Said] = []
    for place in range(len(tokens)):
        found += _named(tokens, place, denials, parts)
        found += _related(tokens, place, denials, parts, found)
    if doubt:
        found = [replace(one, possible=not one.negated) for one in found]
    return tuple(_with_bulge_degree([_significant(one) for one in found]))


def parts_of(tokens: Sequence[Token]) -> tuple[int, ...]:
    """Return for each token the part of the sentence that it is in, 0, 1, ...

    A part ends where, after a disc finding and then levels, another disc finding begins.
    """
    parts: list[int] = []
    part, found, levels = 0, False, False
    for place, token in enumerate(tokens):
        if _is_disc(token):
            if found and levels:
                part = _split(parts, tokens, place, part)
                levels = False
            found = True
        elif found and token.mention is not None:
            levels = True
        parts.append(part)
    return tuple(parts)


def _split(parts: list[int], tokens: Sequence[Token], place: int, part: int) -> int:
    """Give the new part the words before its finding, and its levels if none follow."""
    begin = place
    wanting = not _levels_follow(tokens, place)
    while begin > 0 and not _borders(tokens[begin - 1], wanting):
        begin -= 1
        if tokens[begin].words[0] == "and" and not wanting:
            break
        wanting = wanting and tokens[begin].mention is None
    parts[begin:place] = [part + 1] * (place - begin)
    return part + 1


def _borders(token: Token, wanting: bool) -> bool:
    if token.mention is not None and not wanting:
        return True
    return token.words == (",",) or token.has("negation", "ends") or _is_disc(token)


def _levels_follow(tokens: Sequence[Token], place: int) -> bool:
    for token in tokens[place + 1 :]:
        if token.mention is not None:
            return True
        if _is_disc(token):
            return False
    return False


def _is_disc(token: Token) -> bool:
    return any(token.has("terms", kind) for kind in DISC_KINDS)


def _named(
    tokens: Sequence[Token], place: int, denials: Sequence[bool], parts: Sequence[int]
) -> Iterator[Said]:
    """Yield what a phrase at this place says by itself."""
    for meaning in tokens[place].meanings:
        if meaning.table in ("terms", "weak_terms"):
            yield Said(
                Kind(meaning.row),
                parts[place],
                place,
                denials[place],
                meaning.table == "weak_terms" and not denials[place],
                _degree(tokens, place, DEGREE_REACH),
                _sides(tokens, place, after=_is_disc(tokens[place])),
            )


def _related(
    tokens: Sequence[Token],
    place: int,
    denials: Sequence[bool],
    parts: Sequence[int],
    before: Sequence[Said],
) -> Iterator[Said]:
    """Yield what an object at this place says together with a cue."""
    for meaning in tokens[place].meanings:
        if meaning.table != "objects":
            continue
        kind = meaning.row
        cue = _cue(tokens, place, parts, kind, ("cues", "mild_cues"), CUE_REACH)
        normal = _cue(tokens, place, parts, kind, ("denied_by",), CUE_REACH_BACK)
        if cue is None and normal is None:
            continue
        # The nearer of the two speaks of this object.
        if normal is not None and (cue is None or abs(normal - place) < abs(cue - place)):
            if not denials[normal]:
                yield Said(Kind(kind), parts[place], place, True, False, "", frozenset())
            continue
        assert cue is not None
        degree = _cue_degree(tokens, cue, kind) or _carried(tokens, cue, kind, parts, before)
        yield Said(
            Kind(kind),
            parts[place],
            place,
            denials[place] or denials[cue],
            False,
            degree,
            _sides(tokens, place, after=False),
        )


def _cue(
    tokens: Sequence[Token],
    place: int,
    parts: Sequence[int],
    kind: str,
    tables: Sequence[str],
    reach: int,
) -> int | None:
    """Return the nearest cue before the object, or else after it, in the same part."""
    near = list(range(place - 1, max(place - reach, 0) - 1, -1))
    near += range(place + 1, min(place + CUE_REACH_BACK, len(tokens) - 1) + 1)
    for index in near:
        if parts[index] == parts[place] and any(tokens[index].has(one, kind) for one in tables):
            return index
    return None


def _cue_degree(tokens: Sequence[Token], cue: int, kind: str) -> str:
    if tokens[cue].has("mild_cues", kind):
        return "mild"
    degree = _degree(tokens, cue, 2)
    if not degree and cue + 1 < len(tokens):
        degree = tokens[cue + 1].row("severity") or ""
    return degree


def _carried(
    tokens: Sequence[Token], cue: int, kind: str, parts: Sequence[int], before: Sequence[Said]
) -> str:
    """Return the degree of the relation before, which holds on unless the cue is a strong one."""
    own = [one for one in before if one.part == parts[cue] and one.kind in (Kind.SAC, Kind.ROOT)]
    if not own or tokens[cue].words[-1] in lexicon().strong[kind]:
        return ""
    return own[-1].severity


def _degree(tokens: Sequence[Token], place: int, reach: int) -> str:
    """Return the degree named before this place, nothing else being named between."""
    for index in range(place - 1, max(place - reach, 0) - 1, -1):
        token = tokens[index]
        degree = token.row("severity")
        if degree:
            return degree
        if token.mention is not None or token.words == (",",) or token.row("terms"):
            break
    return ""


def _sides(tokens: Sequence[Token], place: int, after: bool) -> frozenset[str]:
    """Return the sides named just before this place, or, for a disc, as "more to the left"."""
    named: set[str] = set()
    for index in range(place - 1, max(place - SIDE_REACH, 0) - 1, -1):
        token = tokens[index]
        if token.row("terms") or token.row("objects"):
            break
        named |= _side(token)
    if after and not named:
        for index in range(place + 1, min(place + SIDE_REACH + 1, len(tokens))):
            token = tokens[index]
            if token.row("terms") or token.row("objects") or token.row("cues"):
                break
            named |= _side(token)
    return frozenset(named)


def _side(token: Token) -> set[str]:
    side = token.row("sides")
    if side == "bilateral":
        return {"left", "right"}
    return {side} if side else set()


def _significant(one: Said) -> Said:
    """Nothing significant is nothing; what is significant is severe."""
    if one.severity != "significant":
        return one
    return replace(one, severity="" if one.negated else "severe")


def _with_bulge_degree(found: Sequence[Said]) -> Iterator[Said]:
    """A mild bulge that compresses, compresses mildly, unless the sentence gives a degree."""
    mild = {
        one.part
        for one in found
        if one.kind is Kind.BULGE and one.severity == "mild" and not one.negated
    }
    for one in found:
        relation = one.kind in (Kind.SAC, Kind.ROOT) and not one.negated
        if relation and not one.severity and one.part in mild:
            yield replace(one, severity="mild")
        else:
            yield one
