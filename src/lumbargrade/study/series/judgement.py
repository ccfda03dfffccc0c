"""The one judgement of a series: what every element together says that its pictures are.

Grading, cohorts and the index of an archive all ask here. Elements of the acquisition go
before names; where two elements contradict each other, the judgement names both.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from lumbargrade.study.model import Acquisition, Slice
from lumbargrade.study.series.contrast import (
    UNKNOWN,
    WATER,
    Contrast,
    dixon_word,
    named_contrasts,
    names,
    parameters,
    told_contrast,
    typed_contrasts,
)
from lumbargrade.study.series.kind import (
    ACQUIRED,
    DIFFUSION,
    ECHO_PLANAR_PICTURE,
    Kind,
    dixon_picture,
    told_kind,
)
from lumbargrade.study.series.region import Region, ToldRegion, told_region
from lumbargrade.study.series.words import Words, words

_NO_CONTRAST = (DIFFUSION, "a diffusion map", ECHO_PLANAR_PICTURE)
_MANY_ECHOES_MS = 200.0
"""Beyond this echo time only fluid is bright (myelography)."""
_ABBREVIATIONS = {"water": "water", "fat": "fat", "in-phase": "in phase"}


@dataclass(frozen=True)
class Judgement:
    """What a picture is.

    Attributes
    ----------
    contrast, kind, region : each with the element that tells it.
    contradictions : sentences that name two elements and what each says.
    notes : what a reader should know of the series though nothing contradicts it.
    """

    contrast: Contrast
    kind: Kind
    region: ToldRegion
    contradictions: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def judge(acquisition: Acquisition) -> Judgement:
    """Return the judgement of one picture by its own elements; slices of a series share it.

    Raises StudyError if the site's file of words is not usable.
    """
    return _judge(acquisition, words())


def judge_slices(slices: Sequence[Slice]) -> tuple[Judgement, ...]:
    """Return the judgement of each slice of one series, by what the others say too.

    A series with diffusion weighting holds no T2 picture, not even at b = 0. The first of
    several echoes is proton-density-weighted where no echo time tells.
    """
    own = [item.acquisition for item in slices]
    b_most = max((one.b_value_s_mm2 or 0.0 for one in own), default=0.0)
    first, told = _untold_echoes(own)
    judged = [judge(one) for one in own]
    if b_most > 0:
        kind = Kind(DIFFUSION, f"Diffusion b-value: up to {b_most:g} in this series")
        plain = (ACQUIRED, ECHO_PLANAR_PICTURE, DIFFUSION)
        judged = [replace(one, kind=kind) if one.kind.name in plain else one for one in judged]
    if told:
        judged = [
            replace(judgement, contrast=Contrast("pd", told))
            if one.echo_number == first
            else judgement
            for one, judgement in zip(own, judged, strict=True)
        ]
    return tuple(judged)


def _untold_echoes(own: Sequence[Acquisition]) -> tuple[int, str]:
    """Return the first of several echoes and who says so; empty where echo times tell."""
    numbers = sorted({one.echo_number for one in own if one.echo_number is not None})
    times = {one.echo_time_ms for one in own}
    if len(numbers) < 2 or (len(times) >= len(numbers) and None not in times):
        return 0, ""
    return numbers[0], f"Echo Numbers: {numbers[0]} of {len(numbers)}, without echo times"


@lru_cache(maxsize=4096)
def _judge(acquisition: Acquisition, _: Words) -> Judgement:
    contrast, kind = told_contrast(acquisition), told_kind(acquisition)
    if kind.name in _NO_CONTRAST and contrast.name in ("t2", "t1", "pd"):
        contrast = Contrast(UNKNOWN, kind.said_by, proven=kind.proven)
    return Judgement(
        contrast,
        kind,
        told_region(acquisition),
        tuple(_contradictions(acquisition, contrast, kind)),
        tuple(_notes(acquisition, contrast)),
    )


def _contradictions(acquisition: Acquisition, contrast: Contrast, kind: Kind) -> Iterator[str]:
    if contrast.proven and contrast.name in ("t2", "t1", "pd"):
        yield from _other_contrasts(acquisition, contrast.name)
    yield from _other_dixon(acquisition)
    if kind.name == ACQUIRED:
        for element, text in names(acquisition):
            for what, word in words().found("doubtful", text).items():
                yield f"{element} has the word {word!r} ({what}) beside the name of a contrast"
    yield from told_region(acquisition).contradictions()


def _other_contrasts(acquisition: Acquisition, contrast: str) -> Iterator[str]:
    """Names and types that say one contrast, and another than the sequence parameters."""
    said = [("Image Type", dict([one])) for one in typed_contrasts(acquisition)]
    said += [(element, named_contrasts(text)) for element, text in names(acquisition)]
    for element, found in said:
        if len(found) == 1 and contrast not in found:
            ((_, word),) = found.items()
            yield (
                f"{element} says {word!r}, Echo Time and Repetition Time say "
                f"{contrast.upper()} ({parameters(acquisition)})"
            )


def _other_dixon(acquisition: Acquisition) -> Iterator[str]:
    kind, value = dixon_picture(acquisition)
    if not kind:
        return
    for element, text in names(acquisition):
        told = {picture: dixon_word(text, picture) for picture in _ABBREVIATIONS}
        opposed = words().found("picture", text).get("an opposed-phase picture", "")
        said = {_ABBREVIATIONS[picture]: word for picture, word in told.items() if word}
        said |= {"opposed phase": opposed} if opposed else {}
        same = {WATER: "water", "a Dixon fat picture": "fat"}.get(kind, "in phase")
        for picture, word in said.items():
            if picture != same:
                yield f"Image Type says {value} ({kind}), {element} {word!r} ({picture})"


def _notes(acquisition: Acquisition, contrast: Contrast) -> Iterator[str]:
    if contrast.name in ("t2", "t1", "pd") and not contrast.proven:
        yield f"contrast by name alone ({contrast.said_by}); {parameters(acquisition)}"
    if (acquisition.echo_time_ms or 0.0) > _MANY_ECHOES_MS:
        yield f"heavily T2-weighted (TE {acquisition.echo_time_ms:g} ms)"
    if acquisition.image_type[:1] and acquisition.image_type[0].upper() == "DERIVED":
        yield "Image Type says DERIVED: pixels were computed from other pictures"
    agent = acquisition.contrast_agent
    if agent and not _says_none(agent):
        yield f"Contrast/Bolus Agent is filled in ({agent[:40]!r}): pictures after contrast agent"
    said_by = told_region(acquisition).said_by
    if said_by is not None and said_by.region is Region.SACRUM:
        yield f"{said_by} (sacrum): the slices may lie below the lumbar discs"
    for element, text in names(acquisition):
        for kind, word in words().found("noted", text).items():
            yield f"{kind} ({element}: {word!r})"
        if not agent:
            word = words().found("agent", text, affirmed=True).get("agent", "")
            if word:
                yield f"{element} says {word!r}: pictures after contrast agent"


def _says_none(agent: str) -> bool:
    return not agent.strip(" .-/") or words().is_word(agent, "agent", "none")
