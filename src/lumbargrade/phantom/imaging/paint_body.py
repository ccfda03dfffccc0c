"""The body around the spine: skin, fat, muscles, abdomen, vessels, pelvis."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lumbargrade.phantom.anatomy.anatomy import Anatomy
from lumbargrade.phantom.imaging.paint import (
    Array,
    Points,
    bone,
    capsule,
    ellipse,
    inside,
    over,
    texture,
)

Signals = dict[str, float]


def paint_body(anatomy: Anatomy, points: Points, tissue: Signals) -> Array:
    """Return the signal of everything but the spine itself."""
    canvas = np.zeros(points.x.shape, np.float32)
    _paint_skin_and_fat(canvas, anatomy, points, tissue)
    _paint_abdomen(canvas, anatomy, points, tissue)
    _paint_pelvis(canvas, anatomy, points, tissue)
    flesh = _flesh(anatomy, points, tissue)
    for sign in (1.0, -1.0):
        _paint_muscles(canvas, anatomy, points, flesh, sign)
    _paint_vessels(canvas, anatomy, points, tissue)
    return canvas


def caudal_share(anatomy: Anatomy, points: Points) -> Array:
    """0 at L1/2, 1 at L5/S1, beyond 1 in the sacrum."""
    top, bottom = anatomy.disc_zeta(0), anatomy.disc_zeta(4)
    return np.asarray(np.clip((top - points.zeta) / (top - bottom), -0.3, 1.4), np.float32)


def skin_v(anatomy: Anatomy, points: Points) -> Array:
    """``v`` of the skin of the back."""
    flank = np.clip(np.abs(points.u) / 120, 0, 1.4) ** 2
    groove = 3.5 * np.exp(-((points.u / 14) ** 2))
    highest = 58 * anatomy.patient.size * anatomy.build.muscle_scale
    return np.asarray(highest + anatomy.build.dorsal_fat_mm - groove - 22 * flank, np.float32)


def muscle_v(anatomy: Anatomy, points: Points) -> Array:
    """``v`` of the back muscles' fascia."""
    scale = 58 * anatomy.patient.size * anatomy.build.muscle_scale
    return np.asarray(scale - 24 * np.clip(np.abs(points.u) / 78, 0, 1.5) ** 2, np.float32)


def _paint_skin_and_fat(canvas: Array, anatomy: Anatomy, points: Points, tissue: Signals) -> None:
    build = anatomy.build
    depth = points.v - skin_v(anatomy, points)
    front = -(points.v + build.depth_mm - 60)
    side = np.abs(points.x) - build.half_width_mm * np.sqrt(
        np.clip(1 - ((points.v + 45) / (build.depth_mm * 0.75)) ** 2, 0.05, 1)
    )
    body = np.maximum(np.maximum(depth, front), side)
    # fibrous septa: thin dark lines where a smooth pattern passes through zero
    septa = np.clip(1 - np.abs(texture(points, build.texture_phase, 15)) / 0.035, 0, 1)
    streaks = 1 - 0.35 * septa + 0.06 * texture(points, build.texture_phase, 31)
    over(canvas, inside(body, points.blur_mm), tissue["fat"] * streaks)


def _paint_abdomen(canvas: Array, anatomy: Anatomy, points: Points, tissue: Signals) -> None:
    build = anatomy.build
    cavity = ellipse(points.u, points.v, (0, -82), (build.half_width_mm - 28, 60))
    wall = ellipse(points.u, points.v, (0, -70), (build.half_width_mm - 16, 80))
    over(canvas, 0.8 * inside(wall, 3.0) * inside(-cavity, 3.0), tissue["muscle"])
    pattern = texture(points, build.texture_phase, 34) + 0.5 * texture(
        points, build.texture_phase, 13
    )
    share = inside(cavity, 4.0) * np.clip(0.3 + 1.2 * pattern, 0, 1)
    over(canvas, share, tissue["bowel"] * (1 + 0.5 * pattern))
    caudal = caudal_share(anatomy, points)
    for sign in (1.0, -1.0):
        height = (caudal - (0.12 if sign > 0 else 0.22)) / 0.42
        size = np.sqrt(np.clip(1 - height**2, 0, 1))
        kidney = ellipse(points.u, points.v, (sign * 64, -28), (27, 25)) + 26 * (1 - size)
        medulla = 1 + 0.15 * texture(points, build.texture_phase, 9)
        over(canvas, inside(kidney, 2.0), tissue["kidney"] * medulla)
        sinus = ellipse(points.u, points.v, (sign * 56, -30), (11, 9)) + 9 * (1 - size)
        over(canvas, inside(sinus, 3.0), tissue["fat"])


@dataclass(frozen=True)
class _Flesh:
    """What the muscles of both sides share: signals with fat streaks, and the level."""

    back: Array
    psoas: Array
    caudal: Array
    half_depth: Array


def _flesh(anatomy: Anatomy, points: Points, tissue: Signals) -> _Flesh:
    build, caudal = anatomy.build, caudal_share(anatomy, points)
    fatty = build.muscle_fat * (0.5 + 0.7 * np.clip(caudal, 0, 1.2))
    # fat lies in streaks between the bundles, which run up and a little backwards
    bundles = points.stretched(1.0, 0.55, 0.3)
    pattern = texture(bundles, build.texture_phase, 8.5) + 0.8 * texture(
        bundles, build.texture_phase, 3.7
    )
    patchy = texture(points, build.texture_phase, 45)
    streaks = np.clip((pattern + 0.5 * patchy - 1.0 + 1.9 * fatty) * 1.6, 0, 1)
    share_fat = np.clip(0.12 * fatty + streaks * (0.35 + fatty), 0, 0.92)
    share_fat *= 1 + 0.4 * texture(points, build.texture_phase, 2.6)
    contrast = tissue["fat"] - tissue["muscle"]
    return _Flesh(
        back=tissue["muscle"] + share_fat * contrast,
        psoas=tissue["muscle"] + 0.4 * share_fat * contrast,
        caudal=caudal,
        half_depth=np.maximum((muscle_v(anatomy, points) - 7) / 2 - 1, 2.0),
    )


def _paint_muscles(
    canvas: Array, anatomy: Anatomy, points: Points, flesh: _Flesh, sign: float
) -> None:
    caudal, half_depth = flesh.caudal, flesh.half_depth
    scale = anatomy.patient.size * anatomy.build.muscle_scale
    u, v = points.u * sign, points.v
    middle = 7 + half_depth
    thin = 1 - 0.45 * np.clip(caudal - 0.6, 0, 0.8)
    erector = (np.hypot((u - 40 * scale) / (25 * scale * thin), (v - middle) / half_depth) - 1) * 20
    multifidus = (
        np.hypot((u - 16 * scale) / (15 * scale), (v - middle + 2) / (half_depth - 1)) - 1
    ) * 14
    quadratus = ellipse(u, v, (64 * scale, -4), (17 * scale, 9 * scale)) + 16 * np.clip(
        caudal - 0.75, 0, 1
    )
    for muscle in (quadratus, erector, multifidus):
        over(canvas, inside(np.asarray(muscle, np.float32), points.blur_mm), flesh.back)
    width = (8 + 15 * np.clip(caudal, 0, 1.1)) * scale
    height = (12 + 15 * np.clip(caudal, 0, 1.1)) * scale
    psoas = np.hypot((u - 27 * scale - 0.85 * width) / width, (v + 21 + 8 * caudal) / height) - 1
    distance = np.asarray(psoas * np.minimum(width, height), np.float32)
    over(canvas, inside(distance, points.blur_mm), flesh.psoas)


def _paint_vessels(canvas: Array, anatomy: Anatomy, points: Points, tissue: Signals) -> None:
    caudal = caudal_share(anatomy, points)
    split = np.clip((caudal - 0.62) / 0.4, 0, 1.6)
    front = -48 * anatomy.patient.size - 3 * split
    for center, radius, value in (
        (9 + 11 * split, 8.5 - 2.5 * split, 0.02),
        (9 - 27 * split, 8.5 - 2.5 * split, 0.02),
        (-13 - 13 * split, 9.5 - 2.5 * split, tissue["blood_slow"]),
        (-13 + 30 * split, 9.5 - 2.5 * split, tissue["blood_slow"]),
    ):
        vessel = np.hypot(points.u - center, (points.v - front) * 1.15) - radius
        over(canvas, inside(np.asarray(vessel, np.float32), points.blur_mm), value)


def _paint_pelvis(canvas: Array, anatomy: Anatomy, points: Points, tissue: Signals) -> None:
    """Iliac wings and gluteal muscle from L4/5 down, sacral ala below L5/S1."""
    caudal = caudal_share(anatomy, points)
    low = np.clip((caudal - 0.72) / 0.25, 0, 1.6)
    if float(low.max()) <= 0:
        return
    for sign in (1.0, -1.0):
        u = points.u * sign
        gluteal = ellipse(u, points.v, (92, 2), (42, 34)) + 34 * (1 - np.clip(low, 0, 1))
        over(canvas, inside(gluteal, 2.0), tissue["muscle"])
        wing = capsule(u, points.v, (58, 24), (108, -52)) - 7.5 + 9 * np.clip(1 - low, 0, 1)
        bone(canvas, wing, 1.2, 0.9 * tissue["marrow"])
        ala = ellipse(u, points.v, (34, -4), (26, 17)) + 18 * np.clip(
            1 - (caudal - 0.98) / 0.14, 0, 1
        )
        bone(canvas, ala, 1.2, tissue["marrow"])
