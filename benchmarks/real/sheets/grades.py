"""A sheet of slices with their outlines, a row a grading system and a column a grade.

Nothing replaces looking: each row must show its grade to somebody who knows the criteria.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.real.realism.seen import Seen
from benchmarks.real.sheets.paint import SCALE, page, tile, write
from lumbargrade.inference.bundle_json import OUTLINE_PATCH
from lumbargrade.morphometry.outlines import Outlines

SYSTEMS = ("LDH", "LCCS", "LNRC")
GRADES = (0, 1, 2, 3)
SHOWN_MM = 60.0
"""Edge length of what is shown of a square: the canal with the disc's back and the facets."""

Chosen = Mapping[tuple[str, int], Seen]
"""Grading system and grade -> a slice that shows it."""


def outlined_sheet(
    patches: Sequence[NDArray[np.float32]],
    outlines: Sequence[Outlines],
    titles: Sequence[str],
    columns: int,
) -> Image.Image:
    """Return squares (p, p) of the outline network with their outlines, in rows of ``columns``.

    The middle ``SHOWN_MM`` of each are shown, the patient's left on the right. The colours are
    those of ``paint.tile``; titles are small print in the upper left corner.
    """
    given = zip(patches, outlines, titles, strict=True)
    return page([_framed(patch, lines, title) for patch, lines, title in given], columns)


def grade_sheet(sets: Mapping[str, Chosen]) -> Image.Image:
    """Return a row a system and a column a grade, the slices of all sets side by side.

    ``sets`` is what a set is called (``"simulated"``) and its slices; where a set has none,
    the place stays black.
    """
    cells = [(system, grade, name) for system in SYSTEMS for grade in GRADES for name in sets]
    shown = [sets[name].get((system, grade)) for system, grade, name in cells]
    nothing = np.zeros((OUTLINE_PATCH.pixels, OUTLINE_PATCH.pixels), dtype=np.float32)
    return outlined_sheet(
        [nothing if one is None else one.patch for one in shown],
        [Outlines() if one is None else one.outlines for one in shown],
        [
            f"{system} {grade}\n{name} {'' if one is None else one.level}"
            for (system, grade, name), one in zip(cells, shown, strict=True)
        ],
        len(GRADES) * len(sets),
    )


def choose_grades(slices: Sequence[Seen]) -> dict[tuple[str, int], Seen]:
    """Return for each system and grade the slice that has little else, of as many patients.

    Of a system with sides the worse one counts. Slices without the grade are left out.
    """
    found: dict[tuple[str, int], Seen] = {}
    used: set[str] = set()
    for system in SYSTEMS:
        for grade in GRADES:
            fitting = [one for one in slices if worst(one, system) == grade]
            if fitting:
                best = min(fitting, key=lambda one: (one.patient in used, _others(one, system)))
                found[system, grade] = best
                used.add(best.patient)
    return found


def worst(one: Seen, system: str) -> int | None:
    """Return the grade of a slice, of its worse side where it has sides; None if unknown."""
    known = [grade for grade in _grades(one, system) if grade is not None]
    return max(known) if known else None


def _grades(one: Seen, system: str) -> Iterator[int | None]:
    return (grade for name, grade in one.grades.items() if name.partition("_")[0] == system)


def _others(one: Seen, system: str) -> int:
    return sum(worst(one, other) or 0 for other in SYSTEMS if other != system)


def _framed(patch: NDArray[np.float32], outlines: Outlines, title: str) -> Image.Image:
    edge = round(SHOWN_MM / OUTLINE_PATCH.spacing_mm)
    start = (OUTLINE_PATCH.pixels - edge) // 2
    first, last = SCALE * start, SCALE * (start + edge)
    shown = tile(patch, outlines, "").crop((first, first, last, last))
    write(shown, title)
    return shown
