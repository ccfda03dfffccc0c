"""Where a slice lies beside the nearest disc, in words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from lumbargrade.grading.level import LevelAssignment, Through

_SUFFIX: Mapping[Through, str] = MappingProxyType(
    {
        Through.DISC: "",
        Through.ENDPLATE: ": end-plate",
        Through.BONE: ": bone, not counted for the level",
    }
)


def place_in_words(level: LevelAssignment) -> str:
    """Return where a slice lies by the sagittal series; "" where it is not known.

    Examples
    --------
    >>> from lumbargrade.grading.level import DiscPlace, Level
    >>> place = DiscPlace(2.1, 5.2, Through.DISC)
    >>> place_in_words(LevelAssignment(Level.L4_L5, place=place))
    '2 mm above the middle of the L4/L5 disc, angled 5° to it'
    """
    place = level.place
    if place is None:
        return ""
    disc = "the nearest disc" if level.level is None else f"the {level.level} disc"
    off = round(abs(place.distance_mm))
    side = "above" if place.distance_mm > 0 else "below"
    where = f"{off} mm {side} the middle of {disc}" if off else f"at the middle of {disc}"
    angle = round(place.angle_deg)
    angled = f"angled {angle}° to it" if angle else "parallel to it"
    return f"{where}, {angled}{_SUFFIX[place.through]}"
