"""Where axial slices and the sagittal series contradict each other, and what is said of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lumbargrade.grading.finding import Cut, Plane
from lumbargrade.grading.level import DiscPlace, LevelAssignment, Through
from lumbargrade.inference.levels.project import Beside
from lumbargrade.study.model import Slice
from lumbargrade.study.series.labels import first_named

SURE = 0.8
"""A picture says what it cuts where the probability is at least this [design]."""

FEWEST_SLICES = 4
LEAST_AGREEING = 0.5
"""Below this share of agreeing slices, of so many or more, a patient may have moved [design]."""

STEEP_DEG = 20.0
"""A slice at a larger angle to its disc runs into bone in front of its middle or behind it
[design]."""


def moved(slices: Sequence[tuple[DiscPlace | None, Cut | None]]) -> str | None:
    """Return a warning if most pictures show another plane than their place beside the discs.

    Each slice gives its place by the sagittal series and what its own picture cuts; one where
    either is unknown or undecided (an end-plate) says nothing. None where they agree, or where
    fewer than four slices can be compared.
    """
    pairs = [(_by_place(place), _by_picture(cut)) for place, cut in slices]
    sure = [own == other for own, other in pairs if own is not None and other is not None]
    if len(sure) < FEWEST_SLICES or sum(sure) >= LEAST_AGREEING * len(sure):
        return None
    return (
        f"only {sum(sure)} of {len(sure)} axial slices show disc or bone as their place on the "
        "sagittal series says: the patient may have moved between the series, so check the levels, "
        "and which slices count for them"
    )


def _by_place(place: DiscPlace | None) -> bool | None:
    if place is None or place.through is Through.ENDPLATE:
        return None
    return place.through is Through.DISC


def _by_picture(cut: Cut | None) -> bool | None:
    if cut is None or cut.plane is Plane.ENDPLATE or max(cut.probabilities) < SURE:
        return None
    return cut.plane is Plane.DISC


def missed_discs(
    slices: Sequence[Slice], blocks: Sequence[int | None], found: Sequence[Beside | None]
) -> Iterator[str]:
    """Yield a warning for each block of slices, planned as one disc, that runs through none.

    A block of a single slice says nothing.
    """
    for block in sorted({one for one in blocks if one is not None}):
        own = [
            (item, place)
            for item, at, place in zip(slices, blocks, found, strict=True)
            if at == block and place is not None
        ]
        if len(own) > 1 and all(one.place.through is Through.BONE for _, one in own):
            yield (
                f"the slices {own[0][0].source_file} to {own[-1][0].source_file} seem planned for "
                "one disc, but by the sagittal series they run through bone: it may have missed a "
                "disc, or the patient moved; check the levels"
            )


def steep_slices(slices: Sequence[Slice], found: Sequence[Beside | None]) -> Iterator[str]:
    """Yield one warning that names the slices through a disc at a large angle to it."""
    steep = [
        item
        for item, one in zip(slices, found, strict=True)
        if one is not None and one.place.through is Through.DISC and one.place.angle_deg > STEEP_DEG
    ]
    if steep:
        yield (
            f"{listed(steep)} {'is' if len(steep) == 1 else 'are'} angled by more than "
            f"{STEEP_DEG:.0f} degrees to the disc on the sagittal series and cut it obliquely: "
            "read that disc on the sagittal series, too"
        )


def other_names(
    slices: Sequence[Slice],
    order: Sequence[LevelAssignment],
    sagittal: Sequence[LevelAssignment],
) -> Iterator[str]:
    """Yield one warning for the lowest slice through a disc that its order would name otherwise."""
    for item, one, other in zip(slices, order, sagittal, strict=True):
        bone = other.place is None or other.place.through is Through.BONE
        if not bone and None not in (one.level, other.level) and one.level is not other.level:
            yield (
                f"{item.source_file} shows {other.level} by the sagittal series; counted from the "
                f"axial slices alone it would be {one.level}"
            )
            return


def listed(slices: Sequence[Slice]) -> str:
    """Return the first files of some slices, and how many more there are."""
    start = "slice" if len(slices) == 1 else "slices"
    return f"{start} {first_named([item.source_file for item in slices])}"
