"""The outlines of a slice before and after a bend.

Coordinates are mm from the centre of the region, x to the patient's left, y to the back, as in
``morphometry.outlines``; the patient must lie nearly upright in the picture.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lumbargrade.grading.finding import Side
from lumbargrade.morphometry.frame import find_frame
from lumbargrade.morphometry.lines import along, resample, resample_closed, signed_area, spans
from lumbargrade.morphometry.outlines import Line, Outlines
from lumbargrade.phantom.bending.plan import Bend

Numbers = NDArray[np.float64]

STEP_MM = 0.6
"""Between the points of the moved lines."""
LARGEST_TURN = np.deg2rad(8.0)
"""A patient turned farther is not bent: "to the back" would not be down the picture."""
BULGE_REACH_MM = 26.0
"""A bulge fades along the margin beyond this, towards the sides of the disc."""
LEAST_WIDTH_MM, LEAST_OPEN_MM = 28.0, 6.0
"""Narrower discs, and shallower canals in the midline, are misdrawn or not without findings: a
canal below 10 mm is narrow (Verbiest 1976), a disc is some 40 to 60 mm wide."""
LEAST_ROOM_MM = 0.7
"""Always left between the disc and the wall of the canal or a joint."""
LEAST_CANAL_MM = 2.5
"""Always left between the disc and a wall that comes forward."""


def height_at(line: Line, x: Numbers | float) -> Numbers:
    """Return y of an open line (n, 2) at ``x`` in mm; beyond its ends, theirs."""
    order = np.argsort(line[:, 0])
    return np.asarray(np.interp(x, line[order, 0], line[order, 1]))


@dataclass(frozen=True)
class Slate:
    """The outlines that a bend needs, all of them drawn.

    Attributes
    ----------
    disc : (n, 2) closed, its points ``STEP_MM`` apart, clockwise in the picture.
    place : (n,) of each point along the back margin, from the midline to the left; NaN in front.
    wall : (m, 2) the canal's back wall, open, right to left.
    midline_mm : x of the midline.
    outlines : all of them, as they were drawn.
    """

    disc: Line
    place: Numbers
    wall: Line
    midline_mm: float
    outlines: Outlines

    def back(self, x: Numbers) -> Numbers:
        """Return y of the wall of canal or joints at ``x``; beyond them, of their ends."""
        y = height_at(self.wall, x)
        for facet in self.outlines.facets.values():
            front, _ = spans(facet, x, axis=0)
            y = np.where(np.isnan(front), y, np.minimum(y, front))
        return np.asarray(y)


def slate_of(outlines: Outlines) -> Slate | None:
    """Return what a bend starts from; None where an outline is missing or cannot be that of a
    disc without findings, or the patient is turned.

    Needed: disc, sac, the canal's back wall and both facets.
    """
    if outlines.disc is None or outlines.canal_back is None or outlines.sac is None:
        return None
    if set(outlines.facets) != set(Side):
        return None
    frame = find_frame(outlines)
    if frame is None or abs(frame.turn) > LARGEST_TURN:
        return None
    disc = resample_closed(outlines.disc, STEP_MM)
    if signed_area(disc) < 0:
        disc = disc[::-1]
    start = int(np.argmin(disc[:, 1]))  # the seam lies in front
    disc = np.roll(disc, -start, axis=0)
    middle = frame.offset_mm / max(np.cos(frame.turn), 0.5)
    place = _along_margin(disc, middle)
    if np.isnan(place).all():
        return None
    slate = Slate(disc, place, resample(outlines.canal_back, STEP_MM), middle, outlines)
    return slate if _is_plausible(slate) else None


def _is_plausible(slate: Slate) -> bool:
    at = np.array([slate.midline_mm])
    _, margin = spans(slate.disc, at, axis=0)
    room = float(slate.back(at)[0] - margin[0])  # NaN where the disc lies beside the midline
    return bool(np.ptp(slate.disc[:, 0]) >= LEAST_WIDTH_MM and room >= LEAST_OPEN_MM)


def _along_margin(disc: Line, middle: float) -> Numbers:
    """Return the place of each point along the back margin, NaN in front of its widest part."""
    behind = disc[:, 1] > np.median(disc[[disc[:, 0].argmin(), disc[:, 0].argmax()], 1])
    run = along(disc)
    near = np.where(behind, np.abs(disc[:, 0] - middle) - 0.01 * disc[:, 1], np.inf)
    if not np.isfinite(near).any():
        return np.full(len(disc), np.nan)
    zero = int(np.argmin(near))
    left = 1.0 if disc[min(zero + 3, len(disc) - 1), 0] > disc[max(zero - 3, 0), 0] else -1.0
    return np.where(behind, left * (run - run[zero]), np.nan)


@dataclass(frozen=True)
class Moved:
    """Lines after a bend, point for point: ``base`` has the bulge alone, ``disc`` the focal
    displacement too.
    """

    base: Line
    disc: Line
    wall: Line


def move(slate: Slate, bend: Bend) -> Moved:
    """Return where the lines of a slate come to lie."""
    rng = np.random.default_rng(bend.seed)
    place = np.nan_to_num(slate.place, nan=1e3)
    outward = _outward(slate.disc)
    wall = _narrowed(slate, bend)
    base = slate.disc + (_diffuse(place, bend) + _uneven(place, bend, rng))[:, None] * outward
    base = _kept_apart(slate, base)
    rise = _focal(place, bend)
    apex = int(np.argmin(np.abs(place - bend.apex)))
    way = 0.75 * np.array([0.0, 1.0]) + 0.25 * outward[apex]
    disc = base + rise[:, None] * way / np.hypot(*way)
    if bend.balloon and bend.height:
        share = np.clip((rise / bend.height - 0.3) / 0.7, 0.0, 1.0)
        disc[:, 0] += (disc[:, 0] - base[apex, 0]) * bend.balloon * 4 * share * (1 - share)
    return Moved(base, _kept_apart(replace(slate, wall=wall), disc, base), wall)


def _outward(disc: Line) -> Numbers:
    """Return the unit normals (n, 2) of a clockwise closed line, smoothed along it."""
    ahead = np.roll(disc, -4, axis=0) - np.roll(disc, 4, axis=0)
    normal = np.stack([ahead[:, 1], -ahead[:, 0]], axis=1)
    return np.asarray(normal / np.maximum(np.hypot(*normal.T), 1e-9)[:, None])


def _fade(place: Numbers) -> Numbers:
    return np.asarray(1.0 / (1.0 + np.exp((np.abs(place) - BULGE_REACH_MM) / 2.5)))


def _diffuse(place: Numbers, bend: Bend) -> Numbers:
    side = 1.0 + bend.bulge_lopsided * np.tanh(np.clip(place, -60, 60) / 8.0)
    return np.asarray(bend.bulge * _fade(place) * side)


def _uneven(place: Numbers, bend: Bend, rng: np.random.Generator) -> Numbers:
    """A smooth random change with waves of 20 mm and more: no margin is a perfect curve."""
    wave = np.zeros_like(place)
    for length in (20.0, 33.0, 50.0):
        phase = rng.uniform(0, 2 * np.pi)
        wave += rng.normal() * np.cos(2 * np.pi * np.clip(place, -90, 90) / length + phase)
    return np.asarray(bend.unevenness * _fade(place) * wave / np.sqrt(3.0))


def _focal(place: Numbers, bend: Bend) -> Numbers:
    away = place - bend.apex
    width = np.where(away < 0, bend.half_width[0], bend.half_width[1])
    return np.asarray(bend.height * np.exp(-(np.minimum(np.abs(away) / width, 9) ** bend.shoulder)))


def _narrowed(slate: Slate, bend: Bend) -> Line:
    """Bring the wall forward on both sides of the apex, most where the flavum is thickest."""
    wall = slate.wall
    x = wall[:, 0] - slate.midline_mm
    amount = np.where(x < 0, bend.narrowing[0], bend.narrowing[1])
    soft = np.interp(x, (-4.0, 4.0), bend.narrowing)
    amount = np.where(np.abs(x) < 4.0, soft, amount)
    run = along(wall) / max(along(wall)[-1], 1e-9)
    shape = 0.55 + 0.45 * np.abs(np.sin(2 * np.pi * run))
    shape = shape * np.clip(np.minimum(run, 1 - run) / 0.15, 0.0, 1.0)  # its ends stay
    _, margin = spans(slate.disc, wall[:, 0], axis=0)
    room = wall[:, 1] - np.nan_to_num(margin, nan=-99.0) - LEAST_CANAL_MM
    moved = wall.copy()
    moved[:, 1] -= np.clip(amount * shape, 0.0, np.maximum(room, 0.0))
    return moved


def _kept_apart(slate: Slate, disc: Line, base: Line | None = None) -> Line:
    """Hold the disc in front of wall and joints, where ``base`` (or the slate's) was so."""
    limit = slate.back(disc[:, 0]) - LEAST_ROOM_MM
    before = (slate.disc if base is None else base)[:, 1]
    held = np.minimum(disc[:, 1], np.maximum(limit, before))
    kept: Line = np.stack([disc[:, 0], np.where(np.isnan(slate.place), disc[:, 1], held)], axis=1)
    return kept
