"""How a table names an image: as it was named where it was read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lumbargrade.annotation.reading import Item
from lumbargrade.grading.level import Level
from lumbargrade.readings.read import Reading
from lumbargrade.readings.slice_key import SliceKey

_UID = re.compile(r"\d+(\.\d+)+")


@dataclass(frozen=True)
class Place:
    """Which image a name means, and its disc level; None where it is not known."""

    key: SliceKey
    level: Level | None = None


Places = Mapping[tuple[str, str], Place]
"""(patient, image) -> place."""


def places_of(readings: Iterable[Reading]) -> dict[tuple[str, str], Place]:
    """Return the place of each image of some readings; the first level that is said counts."""
    found: dict[tuple[str, str], Place] = {}
    for one in readings:
        name = (one.key.patient, one.image)
        before = found.get(name)
        if before is None or before.level is None:
            found[name] = Place(before.key if before else one.key, one.level)
    return found


def place_cells(item: Item, places: Places) -> dict[str, object]:
    """Return column -> cell: what names the image of an item, and its level.

    An image without a place is named by its UID, or else by its name.
    """
    place = places.get((item.patient, item.image))
    if place is None:
        uid = _UID.fullmatch(item.image) is not None
        place = Place(SliceKey(sop=item.image) if uid else SliceKey(image=item.image))
    key = place.key
    return {
        "patient": item.patient,
        "study": key.study,
        "series": key.series,
        "slice": "" if key.number is None else str(key.number),
        "sop_instance_uid": key.sop,
        "frame_number": "" if item.frame == 1 else item.frame,
        "file": key.file,
        "image": key.image,
        "level": "" if place.level is None else place.level.value,
    }


_OPTIONAL = frozenset(
    ["study", "series", "slice", "sop_instance_uid", "frame_number", "file", "image", "seconds"]
)


def filled(columns: Sequence[str], rows: Sequence[Mapping[str, object]]) -> tuple[str, ...]:
    """Return the columns without those, of places or of time, in which no row has anything."""
    return tuple(
        one
        for one in columns
        if one not in _OPTIONAL or any(row[one] not in ("", None) for row in rows)
    )
