"""One place, one slice: what shows the same place again is told by geometry, not by UID.

Exports, archives and scanners repeat pictures under new UIDs: copies, further echoes, second
reconstructions, the same slices acquired again. One slice of a place is graded. Of two
stacks through the same discs one is (:mod:`lumbargrade.study.series.twice.rivals`). Nothing is lost
without a word: every slice that is left out says which one stands for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lumbargrade.errors import OverBudgetError, StudyError
from lumbargrade.grading.finding import NotGraded, SliceIdentity
from lumbargrade.study.model import FloatImage, Series, Slice
from lumbargrade.study.series.contrast import contrast_of
from lumbargrade.study.series.labels import left_out
from lumbargrade.study.series.stacks import cranial, thickness_mm
from lumbargrade.study.series.twice.rivals import Repeat, rival_stacks

SAME_PLANE_COSINE = float(np.cos(np.deg2rad(1.0)))
"""Slices at one place whose normals differ by no more than one degree show the same."""

SAME_PLACE_MM, SAME_PLACE_SHARE = 1.0, 0.25
"""Slices are at one place within a quarter of their thickness, and never beyond 1 mm."""

USUAL_ECHO_MS, ECHO_LEEWAY_MS = 105.0, 35.0
"""T2 of the lumbar spine is read at an echo time of some 70 to 140 ms; within, none is better."""

SPACING_STEP_MM = 0.05
"""Pixels that differ by less are equally fine."""


@dataclass(frozen=True)
class _Places:
    """Centre and cranial normal (n, 3) of each slice in mm, and what tells their places apart."""

    slices: Sequence[Slice]
    centers: NDArray[np.float64]
    normals: NDArray[np.float64]
    contrasts: tuple[str, ...]


@dataclass(frozen=True)
class Chosen:
    """One slice a place.

    Attributes
    ----------
    slices : to grade, in the order given.
    repeated : what shows their places again.
    stand_ins : slices that were chosen from several; should one of them turn out useless, another
        choice without it finds the next best.
    """

    slices: list[Slice]
    repeated: tuple[NotGraded, ...]
    stand_ins: frozenset[SliceIdentity]


def one_per_place(taken: Sequence[Slice], series: Sequence[Series]) -> Chosen:
    """Return the slices to grade, and what shows their places again.

    Of slices at one place, of one contrast and one frame of reference, the one is kept with
    readable pixels, the usual echo time, the finer pixels, the thinner slice (in whole mm), the
    lower series number and the file name that sorts first, in this order; the order in which
    files are read plays no part.

    Parameters
    ----------
    taken : axial slices that may be graded.
    series : of the study, with all their slices; they give numbers and names.
    """
    numbers = {one.series_instance_uid: one.series_number for one in series}
    ranked = sorted(taken, key=lambda item: _rank(item, numbers))
    reasons: dict[SliceIdentity, str] = {}
    stand_ins: set[SliceIdentity] = set()
    for repeat in _repeated(ranked):
        reasons[repeat.slice.identity] = repeat.reason
        stand_ins |= {one.identity for one in repeat.chosen}
    kept = [item for item in ranked if item.identity not in reasons]
    for repeat in rival_stacks(kept, series):
        reasons[repeat.slice.identity] = repeat.reason
        stand_ins |= {one.identity for one in repeat.chosen}
    entries = [
        entry
        for one in series
        for entry in left_out(one, [reasons.get(item.identity, "") for item in one.slices])
    ]
    slices = [item for item in taken if item.identity not in reasons]
    return Chosen(slices, tuple(entries), frozenset(stand_ins))


def _rank(item: Slice, numbers: dict[str, int | None]) -> tuple[object, ...]:
    number = numbers.get(item.series_instance_uid)
    spacing_mm = float(np.sqrt(np.prod(item.geometry.pixel_spacing_mm)))
    return (
        _echo_off_ms(item),
        round(spacing_mm / SPACING_STEP_MM),
        round(thickness_mm(item)),
        float("inf") if number is None else number,
        item.source_file,
        item.frame_number,
        item.series_instance_uid,
        item.sop_instance_uid,
    )


def _echo_off_ms(item: Slice) -> float:
    """How far the echo time is from the usual range; only T2 has one, and a missing one is last."""
    if contrast_of(item.acquisition) != "t2":
        return 0.0
    echo = item.acquisition.echo_time_ms
    return 1e6 if echo is None else max(0.0, abs(echo - USUAL_ECHO_MS) - ECHO_LEEWAY_MS)


def _repeated(ranked: Sequence[Slice]) -> Iterator[Repeat]:
    """Yield each slice at the place of a better one."""
    places = _Places(
        ranked,
        np.array([item.geometry.center_mm for item in ranked]).reshape(-1, 3),
        np.array([cranial(item.geometry.normal) for item in ranked]).reshape(-1, 3),
        tuple(contrast_of(item.acquisition) for item in ranked),
    )
    best: list[int] = []
    groups: dict[int, list[int]] = {}
    for index in range(len(ranked)):
        owner = next((k for k in _near(places, index, best) if _repeats(places, index, k)), None)
        if owner is None:
            best.append(index)
        else:
            groups.setdefault(owner, []).append(index)
    for owner, others in groups.items():
        yield from _judged([ranked[index] for index in (owner, *others)])


def _near(places: _Places, index: int, best: Sequence[int]) -> list[int]:
    """Return those of ``best`` in whose plane the slice lies and whose field it overlaps."""
    if not best:
        return []
    off = places.centers[best] - places.centers[index]
    normal = places.normals[index]
    apart_mm = np.abs(off @ normal)
    aside_mm = np.linalg.norm(off - np.outer(off @ normal, normal), axis=1)
    item = places.slices[index]
    same = (
        (apart_mm <= _tolerance_mm(item))
        & (aside_mm <= min(item.geometry.size_mm) / 2)
        & (places.normals[best] @ normal >= SAME_PLANE_COSINE)
    )
    return [best[int(place)] for place in np.flatnonzero(same)]


def _tolerance_mm(item: Slice) -> float:
    return min(SAME_PLACE_MM, SAME_PLACE_SHARE * thickness_mm(item))


def _repeats(places: _Places, index: int, owner: int) -> bool:
    one, other = places.slices[index], places.slices[owner]
    if places.contrasts[index] != places.contrasts[owner]:
        return False
    if one.frame_of_reference_uid == other.frame_of_reference_uid:
        return True
    # Places of two frames cannot be compared, but an export may have renewed the frame's UID.
    return one.geometry == other.geometry and _same_pixels(_pixels(one), _pixels(other))


def _judged(group: Sequence[Slice]) -> Iterator[Repeat]:
    """Yield all slices of one place but the one that is chosen."""
    # The best rank is of no use to anyone if its pixels cannot be read.
    found = ((n, image) for n, item in enumerate(group) if (image := _pixels(item)) is not None)
    best, chosen = next(found, (0, None))
    for n, item in enumerate(group):
        if n != best:
            # One picture beside the chosen one: a hostile study has thousands at one place.
            same = n > best and _same_pixels(_pixels(item), chosen)
            what = _difference(item, group[best], same)
            yield Repeat(
                item,
                f"at the same place as {group[best].source_file}, which was chosen ({what})",
                (group[best],),
            )


def _difference(item: Slice, graded: Slice, same_pixels: bool) -> str:
    if same_pixels:
        return "same pixels"
    echo, other = item.acquisition.echo_time_ms, graded.acquisition.echo_time_ms
    if echo is not None and echo != other:
        return f"another echo, TE {echo:g} ms"
    if item.geometry.pixel_spacing_mm != graded.geometry.pixel_spacing_mm:
        rows, columns = item.geometry.pixel_spacing_mm
        return f"another reconstruction, pixels of {rows:.2f} x {columns:.2f} mm"
    return "another acquisition or reconstruction"


def _pixels(item: Slice) -> FloatImage | None:
    try:
        pixels = item.load_pixels()
    except OverBudgetError:
        raise
    except StudyError:
        return None
    return pixels if np.ptp(pixels) > 0 else None


def _same_pixels(one: FloatImage | None, other: FloatImage | None) -> bool:
    return one is not None and other is not None and np.array_equal(one, other)
