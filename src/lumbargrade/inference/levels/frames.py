"""Which axial slices may be placed beside the discs of the sagittal series, and why others not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lumbargrade.inference.levels.agreement import listed
from lumbargrade.inference.levels.crossing import NEAR_MM, Crossing, crossing
from lumbargrade.inference.sagittal.discs import SpineDiscs
from lumbargrade.study.model import Slice
from lumbargrade.study.series.labels import WITHOUT_HEADER

SAME_FIT, SAME_LEAD = 0.5, 0.08
"""Series of two frames of reference share their coordinates if their pictures fit so well where
these say, and so much worse elsewhere: .70 to .94 and .18 to .43 in 36 simulated studies of usual,
severe and transitional spines."""
MOVED_MM = 8.0
MOVED_FIT, MOVED_LEAD = 0.35, 0.1
"""A patient has moved whose pictures fit so well so far off, and so much worse where the
coordinates say: 8 mm from a disc's middle is the bone beside it."""


@dataclass(frozen=True)
class Comparable:
    """Whether each slice can be placed beside the discs, and what must be said of it.

    ``confirmed``: the pictures of all that can fit the sagittal series where they cross, and
    nowhere else as well: nobody moved.
    """

    slices: tuple[bool, ...]
    warnings: tuple[str, ...] = ()
    confirmed: bool = False


def comparable(slices: Sequence[Slice], spine: SpineDiscs) -> Comparable:
    """Return which slices share the coordinates of the sagittal series.

    Those of its frame of reference do; those of another one only if the pictures confirm it where
    they cross.
    """
    shared: dict[str, bool] = {}
    agree: dict[str, bool] = {}
    warnings: list[str] = []
    for frame in sorted({item.frame_of_reference_uid for item in slices if _has_place(item)}):
        own = [item for item in slices if item.frame_of_reference_uid == frame]
        found = None if spine.picture is None else crossing(own, spine.picture)
        same = frame == spine.frame_of_reference_uid
        agree[frame] = found is not None and _agree(found)
        shared[frame] = same or agree[frame]
        if same and found is not None and _moved(found):
            warnings.append(_moved_in_words(own, found.shift_mm, spine))
        elif shared[frame] and not same:
            warnings.append(
                f"{listed(own)} and the sagittal {spine.series} have different frames of "
                "reference; their pictures agree where they cross, so its coordinates were used"
            )
    placed = (_has_place(item) and shared[item.frame_of_reference_uid] for item in slices)
    sharing = [agree[frame] for frame, own in shared.items() if own]
    return Comparable(tuple(placed), tuple(warnings), bool(sharing) and all(sharing))


def other_frame(slices: Sequence[Slice], spine: SpineDiscs) -> tuple[str, ...]:
    """Return why no slice could be placed; empty for pictures without a place of their own."""
    if not any(map(_has_place, slices)):
        return ()
    return (
        f"the sagittal {spine.series} has another frame of reference than the axial "
        "slices, and their pictures do not show that they share coordinates, so these are not "
        "used: levels are named by the order of the slices",
    )


def _agree(found: Crossing) -> bool:
    near = abs(found.shift_mm) <= NEAR_MM
    return near and found.fit >= SAME_FIT and found.lead >= SAME_LEAD


def _moved(found: Crossing) -> bool:
    far = abs(found.shift_mm) >= MOVED_MM
    return far and found.fit >= MOVED_FIT and found.fit - found.here >= MOVED_LEAD


def _moved_in_words(own: Sequence[Slice], shift_mm: float, spine: SpineDiscs) -> str:
    where = "lower" if shift_mm < 0 else "higher"
    return (
        f"the pictures of {listed(own)} fit the sagittal {spine.series} best "
        f"{abs(shift_mm):.0f} mm {where} than their coordinates say: the patient may have moved "
        "between the series, so the levels are in doubt"
    )


def _has_place(item: Slice) -> bool:
    return item.acquisition.modality not in WITHOUT_HEADER
