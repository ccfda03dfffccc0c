"""Figures of the greys within outlines, in the square of the network: fat is about 1."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_erosion, gaussian_filter, map_coordinates

from benchmarks.real.realism.seen import Floats, Seen, places
from lumbargrade.inference.bundle_json import OUTLINE_PATCH
from lumbargrade.morphometry.canal import canal_outline, disc_back
from lumbargrade.morphometry.drawing import filled
from lumbargrade.morphometry.frame import Frame
from lumbargrade.morphometry.outlines import Line

Mask = NDArray[np.bool_]

STEP_MM, PIXELS = OUTLINE_PATCH.spacing_mm, OUTLINE_PATCH.pixels

BRIGHT = 0.7
"""Of fat: fat and CSF are brighter; muscle, flavum, disc and most marrow darker."""
SMOOTH_MM = 0.5
CANAL_REACH_MM = 10.0
"""A run counts as one through the canal if a part of it is this near to the middle of the sac."""
NUCLEUS, ANNULUS = 0.45, (0.75, 0.92)
"""Of the way from the disc's middle to its margin, as a scale of the outline."""
MARROW_INSIDE_MM = 1.3
"""Cortex and its partial volume; two pixels."""
GREYS = {"bright": 0.6, "grey": 0.3}
"""A nucleus at least this bright (fat = 1) is called so, the others dark. Bright ones are what
Pfirrmann I and II look like, grey III, dark IV and V; no one graded these slices."""
HALF_PICTURE_MM = (30.0, 25.0)
"""To the sides of the midline, and to the front and back of the middle of the square."""

BRIGHT_RUN = "widest bright run through the canal, mm"
NUCLEUS_LESS_ANNULUS = "nucleus less annulus"
NUCLEUS_GREY = "nucleus"
DISC_LESS_MARROW = "disc less marrow (facets)"
CSF_TO_FAT = "CSF against fat"
ASYMMETRY = "left-right asymmetry"
SHARES = {name: f"share of discs, {name} nucleus" for name in (*GREYS, "dark")}
TITLES = (
    BRIGHT_RUN,
    NUCLEUS_LESS_ANNULUS,
    NUCLEUS_GREY,
    DISC_LESS_MARROW,
    CSF_TO_FAT,
    ASYMMETRY,
    *SHARES.values(),
)


def tone_figures(seen: Seen) -> dict[str, float]:
    """Return title -> value, NaN where it is not known, of every figure in ``TITLES``."""
    patch, outlines = seen.patch.astype(np.float64), seen.outlines
    found = {title: np.nan for title in TITLES}
    if outlines.disc is not None and outlines.sac is not None and outlines.canal_back is not None:
        front = disc_back(outlines.disc, outlines.canal_back)
        found[BRIGHT_RUN] = bright_run(patch, outlines.sac, front, outlines.canal_back)
    if outlines.disc is not None:
        nucleus, annulus = nucleus_and_annulus(patch, outlines.disc)
        found[NUCLEUS_LESS_ANNULUS], found[NUCLEUS_GREY] = nucleus - annulus, nucleus
        found |= {title: float(name == grey_of(nucleus)) for name, title in SHARES.items()}
        marrow = _marrow(seen)
        if marrow.any():
            disc = patch[inside(scaled(outlines.disc, ANNULUS[1]))]
            found[DISC_LESS_MARROW] = float(np.median(disc) - np.median(patch[marrow]))
    if outlines.sac is not None:
        sac = inside(outlines.sac)
        if sac.any():
            rest = patch[~sac] if outlines.disc is None else patch[~sac & ~inside(outlines.disc)]
            fat = float(np.percentile(rest, 95))
            found[CSF_TO_FAT] = float(np.percentile(patch[sac], 90)) / max(fat, 1e-6)
    found[ASYMMETRY] = asymmetry(seen)
    return found


def inside(line: Line) -> Mask:
    """Return which pixels of the square lie at least half inside a closed line (n, 2) in mm."""
    return np.asarray(filled(line, PIXELS, STEP_MM) >= 0.5)


def scaled(line: Line, scale: float) -> Line:
    """Return a closed line (n, 2) shrunk towards the middle of its points' range."""
    middle = (line.min(axis=0) + line.max(axis=0)) / 2
    return np.asarray(middle + scale * (line - middle))


def nucleus_and_annulus(patch: Floats, disc: Line) -> tuple[float, float]:
    """Return the median grey in the middle of a disc, and in a band inside its margin.

    What the square cuts off is left out; NaN where nothing is left.
    """
    nucleus = inside(scaled(disc, NUCLEUS))
    annulus = inside(scaled(disc, ANNULUS[1])) & ~inside(scaled(disc, ANNULUS[0]))
    first, second = (
        float(np.median(patch[one])) if one.any() else np.nan for one in (nucleus, annulus)
    )
    return first, second


def grey_of(nucleus: float) -> str:
    """Return which of ``SHARES`` a nucleus belongs to."""
    return next((name for name, limit in GREYS.items() if nucleus >= limit), "dark")


def bright_run(patch: Floats, sac: Line, front: Line, wall: Line) -> float:
    """Return the longest run of bright pixels from side to side through the canal, in mm.

    Rows between the foremost place of the disc's back margin (``front``) within the reach of
    the sac and the hindmost of the wall are looked at; 0 where nothing is bright.
    """
    smooth = gaussian_filter(patch, SMOOTH_MM / STEP_MM)
    middle = float(places(sac)[:, 0].mean())
    reach = CANAL_REACH_MM / STEP_MM
    margin = places(front)
    near = margin[np.abs(margin[:, 0] - middle) <= reach]
    top = int(np.ceil((near if len(near) else margin)[:, 1].min()))
    bottom = int(np.floor(places(wall)[:, 1].max()))
    longest = 0
    for row in smooth[max(top, 0) : bottom + 1] >= BRIGHT:
        for start, end in _runs(row):
            if start <= middle + reach and end > middle - reach:
                longest = max(longest, end - start)
    return longest * STEP_MM


def asymmetry(seen: Seen) -> float:
    """Return the mean difference between the picture and its mirror image, over its mean grey.

    The mirror is the patient's midline, from the outlines; NaN where it is not known.
    """
    frame = seen.frame
    if frame is None:
        return float("nan")
    x = np.arange(STEP_MM / 2, HALF_PICTURE_MM[0], STEP_MM)
    y = np.arange(-HALF_PICTURE_MM[1], HALF_PICTURE_MM[1], STEP_MM)
    across, back = np.meshgrid(x, y)
    smooth = gaussian_filter(seen.patch.astype(np.float64), SMOOTH_MM / STEP_MM)
    left, right = (
        _greys(smooth, _from_upright(frame, side * across, back)) for side in (1.0, -1.0)
    )
    return float(np.abs(left - right).mean() / max((left + right).mean() / 2, 1e-6))


def _from_upright(frame: Frame, x: Floats, y: Floats) -> Floats:
    """Places (..., 2) in mm from the middle of the square of places in the patient's own frame."""
    across, (cosine, sine) = x + frame.offset_mm, (np.cos(frame.turn), np.sin(frame.turn))
    return np.stack([across * cosine - y * sine, across * sine + y * cosine], axis=-1)


def _greys(picture: Floats, points: Floats) -> Floats:
    at = places(points)
    return np.asarray(map_coordinates(picture, [at[..., 1], at[..., 0]], order=1, mode="nearest"))


def _marrow(seen: Seen) -> Mask:
    found = np.zeros((PIXELS, PIXELS), dtype=bool)
    for facet in seen.outlines.facets.values():
        found |= binary_erosion(inside(facet), iterations=round(MARROW_INSIDE_MM / STEP_MM))
    return found


def canal_mask(seen: Seen) -> Mask | None:
    """Return the pixels of the canal, sac and fat; None where it is not outlined."""
    outlines = seen.outlines
    if outlines.disc is None or outlines.canal_back is None:
        return None
    return inside(canal_outline(outlines.disc, outlines.canal_back))


def _runs(row: Mask) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.r_[False, row, False].astype(int)))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
