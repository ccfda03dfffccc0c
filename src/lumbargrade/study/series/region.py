"""The region of the body that a header says, by all elements that name one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from lumbargrade.study.model import Acquisition
from lumbargrade.study.series.words import words


class Region(StrEnum):
    """The part of the body, as far as a header says."""

    LUMBAR = "lumbar spine"
    OTHER_SPINE = "other spine"
    """Cervical or thoracic."""
    SACRUM = "sacrum"
    """The one neighbour whose slices may go through a lumbar disc (L5/S1)."""
    SPINE = "spine"
    OTHER = "other"
    UNKNOWN = "unknown"


_ORDER = (Region.LUMBAR, Region.OTHER_SPINE, Region.SACRUM, Region.SPINE, Region.OTHER)
"""What is taken where several are named."""


@dataclass(frozen=True)
class Naming:
    """An element, the region that it says, and the word by which it says it."""

    element: str
    region: Region
    word: str
    also_other: bool = False
    """Whether it names the lumbar spine and another part of the spine."""

    def __str__(self) -> str:
        return f"{self.element}: {self.word!r}"


@dataclass(frozen=True)
class ToldRegion:
    """The region of a series, the element that decided, and those that say otherwise."""

    region: Region
    said_by: Naming | None
    against: tuple[Naming, ...]

    def contradictions(self) -> Iterator[str]:
        """Yield a sentence for each element that says another region."""
        for one in self.against:
            if one is self.said_by:
                yield f"{one.element} names the lumbar spine and another part of the spine"
            elif self.said_by is not None:
                yield (
                    f"{one.element} says {one.word!r} ({one.region}), {self.said_by.element} "
                    f"says {self.said_by.word!r} ({self.region})"
                )


def region_of(acquisition: Acquisition) -> Region:
    """Return the region that the elements of a header tell together."""
    return told_region(acquisition).region


def told_region(acquisition: Acquisition) -> ToldRegion:
    """Return the region of a series and who says so.

    The description of the series decides if it names one. Otherwise the lumbar spine wins where
    any element names it, then another part of the spine, the sacrum, the spine, another part of
    the body: what fits no lumbar spine is refused, and what contradicts is said.
    """
    series = _naming("Series Description", acquisition.series_description)
    elements = (
        series,
        _naming("Protocol Name", acquisition.protocol_name),
        _body_part(acquisition.body_part_examined),
        _naming("Study Description", acquisition.study_description),
    )
    said = [one for one in elements if one is not None]
    chosen = min(said, key=lambda one: _ORDER.index(one.region), default=None)
    if series is not None and series.region is not Region.SPINE:
        chosen = series
    if chosen is None:
        return ToldRegion(Region.UNKNOWN, None, ())
    against = tuple(one for one in said if _contradicts(one, chosen))
    return ToldRegion(chosen.region, chosen, against)


def _contradicts(one: Naming, chosen: Naming) -> bool:
    """The spine as a whole contradicts none of its parts, nor the sacrum the lumbar spine."""
    if one is chosen:
        return one.also_other
    regions = {one.region, chosen.region}
    if regions == {Region.SACRUM, Region.LUMBAR}:
        return False
    return len(regions) > 1 and (Region.SPINE not in regions or Region.OTHER in regions)


def _naming(element: str, text: str) -> Naming | None:
    found = words().found("region", text)
    for region in _ORDER:
        if region.value in found:
            both = region is Region.LUMBAR and Region.OTHER_SPINE.value in found
            return Naming(element, region, found[region.value], both)
    return None


def _body_part(text: str) -> Naming | None:
    """As a name, shown as it is stored; a code that nobody knows is another part of the body."""
    element = "Body Part Examined"
    known = _naming(element, text)
    if known is not None:
        return replace(known, word=text)
    if not text or "not said" in words().found("region", text):
        return None
    return Naming(element, Region.OTHER, text)
