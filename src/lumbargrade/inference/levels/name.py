"""The level of each axial slice, and whose word it is.

What the user says of the lowest disc counts first. Then come the discs that a sagittal series
shows, counted from the sacrum; then the order of the axial slices, with the assumption that the
lowest disc is L5/S1. Where none of them says anything, the level is unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from lumbargrade.grading.level import Level, LevelAssignment, LevelSource, Through
from lumbargrade.inference.levels.agreement import listed, missed_discs, other_names, steep_slices
from lumbargrade.inference.levels.count import DiscNames, name_discs
from lumbargrade.inference.levels.frames import comparable, other_frame
from lumbargrade.inference.levels.project import Beside, beside
from lumbargrade.inference.levels.stack import NamedLevels, name_by_order, shown_twice
from lumbargrade.inference.sagittal.discs import SpineDiscs
from lumbargrade.study.model import Slice
from lumbargrade.study.series.holes import missing_slices

Blocks = Sequence[int | None]
Places = Sequence[Beside | None]

NO_DISCS = SpineDiscs()
"""Of a study without a sagittal series, or where none was asked."""


def name_levels(
    slices: Sequence[Slice],
    blocks: Blocks,
    lowest: Level | None = None,
    spine: SpineDiscs = NO_DISCS,
) -> NamedLevels:
    """Return the level of each slice.

    With discs of a sagittal series, ``block`` counts those that have slices, from the lowest (0)
    upward, also where one stack runs through several discs; a slice that lies beyond them all, or
    cannot be compared with them, has no level. Without, the order of the slices names them.

    Parameters
    ----------
    slices, blocks : as ``select_axial`` returns them, caudal to cranial.
    lowest : the user's name of the lowest disc with slices; None: not said.
    spine : what the sagittal series show.
    """
    by_order = name_by_order(slices, blocks, lowest)
    if not spine.discs:
        return _also(by_order, spine.doubts)
    placed = comparable(slices, spine)
    shared = placed.slices
    if not any(shared):
        return _also(by_order, other_frame(slices, spine), _counted(spine))
    found = [
        beside(item, spine.discs) if own else None for item, own in zip(slices, shared, strict=True)
    ]
    doubts = (*spine.doubts, *placed.warnings, *_nameless(slices, shared, found, spine))
    if not any(found):
        # The user's word needs no sagittal series; an assumption that it belies is none.
        unknown = tuple(LevelAssignment(block=block) for block in blocks)
        named = NamedLevels(unknown, ()) if lowest is None else by_order
        return replace(_also(named, doubts, _counted(spine)), placed=shared)
    names = name_discs(spine, _discs(found), _discs(found, Through.BONE), lowest)
    levels = _assigned(found, names)
    told = (
        *names.warnings,
        *(_told(slices, by_order, levels, names) if names.source is LevelSource.SAGITTAL else ()),
        *doubts,
        *missed_discs(slices, blocks, found),
        *steep_slices(slices, found),
        *shown_twice(slices, [one.block for one in levels]),
        *missing_slices(slices, blocks),
    )
    discs = tuple(_as_named(names.names.get(index), names) for index in range(len(spine.discs)))
    return NamedLevels(levels, told, discs, placed.confirmed, shared)


def _also(
    named: NamedLevels, warnings: Sequence[str], discs: tuple[LevelAssignment, ...] = ()
) -> NamedLevels:
    return replace(named, warnings=(*named.warnings, *warnings), discs=discs)


def _counted(spine: SpineDiscs) -> tuple[LevelAssignment, ...]:
    """Return the names that the sagittal series gives its own discs."""
    unknown = LevelAssignment()
    return tuple(
        unknown if one.level is None else LevelAssignment(one.level, LevelSource.SAGITTAL)
        for one in spine.discs
    )


def _as_named(level: Level | None, names: DiscNames) -> LevelAssignment:
    return LevelAssignment() if level is None else LevelAssignment(level, names.source)


def _nameless(
    slices: Sequence[Slice], shared: Sequence[bool], found: Places, spine: SpineDiscs
) -> Iterator[str]:
    """Yield why some slices have no disc of the sagittal series."""
    others = [item for item, own in zip(slices, shared, strict=True) if not own]
    if others:
        yield (
            f"{listed(others)} cannot be placed in the coordinates of the sagittal "
            f"{spine.series}: levels there are unknown"
        )
    rows = zip(slices, shared, found, strict=True)
    beyond = [item for item, own, one in rows if own and one is None]
    if beyond:
        yield (
            f"{listed(beyond)} lie{'s' if len(beyond) == 1 else ''} beyond the discs found on the "
            f"sagittal {spine.series}: levels there are unknown"
        )


def _discs(found: Places, without: Through | None = None) -> frozenset[int]:
    """Return the discs that are nearest to slices, but not those that run through ``without``."""
    return frozenset(
        one.disc for one in found if one is not None and one.place.through is not without
    )


def _assigned(found: Places, names: DiscNames) -> tuple[LevelAssignment, ...]:
    numbers = {disc: block for block, disc in enumerate(sorted(_discs(found)))}
    levels = []
    for one in found:
        if one is None:
            levels.append(LevelAssignment())
            continue
        named = _as_named(names.names.get(one.disc), names)
        levels.append(replace(named, block=numbers[one.disc], place=one.place))
    return tuple(levels)


def _told(
    slices: Sequence[Slice],
    by_order: NamedLevels,
    levels: Sequence[LevelAssignment],
    names: DiscNames,
) -> Iterator[str]:
    """Yield how the names of the sagittal series differ from those that order would give."""
    level = names.names.get(names.lowest)
    if level is not Level.L5_S1:
        what = level or f"above {Level.L1_L2}"
        yield f"the lowest disc with slices is {what} by the sagittal series"
    else:
        yield from other_names(slices, by_order.assignments, levels)
