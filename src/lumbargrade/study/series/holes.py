"""Holes: slices that are missing from a stack, told by its even spacing.

A stack that lost slices must not be taken for two discs, and a reader must know that a
part of a disc was not seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from lumbargrade.study.model import Slice
from lumbargrade.study.series.stacks import LARGEST_GAP_MM, cranial

SAME_STACK_COSINE = float(np.cos(np.deg2rad(0.3)))
ASIDE_MM = 0.5
"""Slices of one stack are exactly parallel and their centres lie on one line along the normal."""

MULTIPLE_TOLERANCE = 0.05
"""A hole is a whole number of slices wide, to this share of their distance."""

TALL_PART_MM = 12.0
"""Blocks that were planned apart, and lie in line only by chance, are lower than this."""


def closed_holes(groups: Sequence[list[Slice]]) -> list[list[Slice]]:
    """Return stacks (each caudal to cranial) with those joined that are one stack with a hole.

    Two stacks of a series are one if they are parallel and in line, the gap between them is a
    whole number of slice distances, and it is short or one of the two is too tall for a disc.
    """
    joined: list[list[Slice]] = []
    for group in groups:
        below = joined[-1] if joined else []
        if below and _is_one_stack(below, group):
            joined[-1] = [*below, *group]
        else:
            joined.append(list(group))
    return joined


def missing_slices(slices: Sequence[Slice], blocks: Sequence[int | None]) -> Iterator[str]:
    """Yield one sentence for each hole within a block, or within stacks whose discs are unknown.

    Parameters
    ----------
    slices, blocks : as ``blocks.order_by_disc`` returns them.
    """
    runs: dict[tuple[str, str, int | None], list[list[Slice]]] = {}
    for item, block in zip(slices, blocks, strict=True):
        key = (item.frame_of_reference_uid, item.series_instance_uid, block)
        for run in runs.setdefault(key, []):
            if _in_line(run[-1], item):
                run.append(item)
                break
        else:
            runs[key].append([item])
    usual: dict[str, list[float]] = {}
    for (_, series, _), found in runs.items():
        usual.setdefault(series, []).extend(gap for run in found for gap in _gaps(run))
    for (_, series, _), found in runs.items():
        for run in found:
            yield from _holes(run, float(np.median(usual[series] or [0.0])))


def _holes(run: Sequence[Slice], usual_mm: float) -> Iterator[str]:
    for lower, upper, gap in zip(run, run[1:], _gaps(run), strict=False):
        count = round(gap / usual_mm) - 1 if usual_mm > 0 else 0
        if count > 0 and (gap <= LARGEST_GAP_MM or _is_whole(gap, usual_mm)):
            plural = "s are" if count > 1 else " is"
            yield (
                f"{count} slice{plural} missing between {lower.source_file} and "
                f"{upper.source_file} ({gap:.1f} mm apart, others {usual_mm:.1f} mm): "
                "what lies there was not seen"
            )


def _is_one_stack(lower: Sequence[Slice], upper: Sequence[Slice]) -> bool:
    if not _in_line(lower[-1], upper[0]):
        return False
    gaps = [*_gaps(lower), *_gaps(upper)]
    if lower[-1].series_instance_uid != upper[0].series_instance_uid or not gaps:
        return False
    (gap,) = _gaps([lower[-1], upper[0]])
    tall = max(sum(_gaps(part)) for part in (lower, upper)) > TALL_PART_MM
    return _is_whole(gap, float(np.median(gaps))) and (gap <= LARGEST_GAP_MM or tall)


def _in_line(one: Slice, other: Slice) -> bool:
    normal = cranial(one.geometry.normal)
    off = other.geometry.center_mm - one.geometry.center_mm
    aside = off - float(off @ normal) * normal
    parallel = float(cranial(other.geometry.normal) @ normal) >= SAME_STACK_COSINE
    return parallel and float(np.linalg.norm(aside)) <= ASIDE_MM


def _gaps(run: Sequence[Slice]) -> list[float]:
    if not run:
        return []
    normal = cranial(run[0].geometry.normal)
    places = [float(item.geometry.center_mm @ normal) for item in run]
    return [float(gap) for gap in np.diff(places)]


def _is_whole(gap_mm: float, usual_mm: float) -> bool:
    return usual_mm > 0 and abs(gap_mm / usual_mm - round(gap_mm / usual_mm)) <= MULTIPLE_TOLERANCE
