"""Where a slice lies beside the nearest disc, in words."""

from __future__ import annotations

from lumbargrade.grading.level import LevelAssignment
from lumbargrade.outputs.page.words.language import Words


def place_in_words(level: LevelAssignment, words: Words) -> str:
    """Return where a slice lies by the sagittal series; "" where it is not known.

    Examples
    --------
    >>> from lumbargrade.grading.level import DiscPlace, Level, Through
    >>> from lumbargrade.outputs.page.words.language import words_of
    >>> place = DiscPlace(2.1, 5.2, Through.DISC)
    >>> place_in_words(LevelAssignment(Level.L4_L5, place=place), words_of())
    '2 mm above the middle of the L4/L5 disc, angled 5° to it'
    """
    place = level.place
    if place is None:
        return ""
    named = level.level is not None
    disc = words("where.disc", level=level.level) if named else words("where.nearest")
    off, angle = round(abs(place.distance_mm)), round(place.angle_deg)
    side = "above" if place.distance_mm > 0 else "below"
    where = words(f"where.{side}", mm=off, disc=disc) if off else words("where.at", disc=disc)
    angled = (
        words("where.angled", where=where, degrees=angle)
        if angle
        else words("where.parallel", where=where)
    )
    return words(f"where.through_{place.through}", where=angled)
