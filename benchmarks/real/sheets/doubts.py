"""Which sacs cannot be right, by their outline alone: what an eye should look at first."""

from __future__ import annotations

from benchmarks.real.drawing.cache import DrawnSet
from lumbargrade.morphometry.lines import area, centroid

SMALLEST_MM2, LARGEST_MM2 = 30.0, 450.0
"""35 to 328 mm2 were traced; two sacs of 374 and 401 mm2 in the half to tune on are right by
eye."""

FARTHEST_MM = 5.0
"""From the middle of the canal; in the tracings the two differ by at most 2.7 mm."""


def sac_doubts(drawn: DrawnSet, row: int) -> list[str]:
    """Return what is wrong with the sac of a slice; empty where nothing is."""
    outlines = drawn.masks.drawn(row, drawn.slices[row].contrast).outlines
    if outlines.sac is None:
        return ["no sac"]
    found = []
    size = area(outlines.sac)
    if not SMALLEST_MM2 <= size <= LARGEST_MM2:
        found.append(f"{size:.0f} mm2")
    if outlines.canal_back is None:
        return [*found, "no canal"]
    ends = outlines.canal_back[[0, -1]].mean(axis=0)
    aside = abs(float(centroid(outlines.sac)[0] - ends[0]))
    if aside > FARTHEST_MM:
        found.append(f"{aside:.0f} mm beside the canal's middle")
    return found
