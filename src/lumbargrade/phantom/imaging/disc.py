"""The grey of discs: nucleus and annulus by degeneration, no two discs alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lumbargrade.phantom.anatomy.anatomy import Anatomy
from lumbargrade.phantom.imaging.paint import Array, Points, texture

Signals = dict[str, float]

NUCLEUS_KNOTS = (0.0, 0.85, 1.55, 2.6, 3.6)
"""Degeneration at which the nucleus has the signals of the table: it darkens within Pfirrmann II
already (nucleus less annulus, fat = 1, on real T2 slices: -.06 .11 .43 at 10-50-90 %)."""
ANNULUS_KNOTS = (0.0, 1.4, 3.6)


@dataclass(frozen=True)
class DiscLook:
    """How one disc looks; lengths as shares of its half width and half depth.

    ``nucleus`` and ``annulus`` are signals; the nucleus lies at ``center``, is ``extent``
    wide and deep and turns into annulus over ``softness`` of that; ``rim`` darkens the
    outermost fibres; ``uneven`` is how much the grey varies within the disc.
    """

    nucleus: float
    annulus: float
    center: tuple[float, float]
    extent: tuple[float, float]
    softness: float
    rim: float
    uneven: float


def disc_looks(anatomy: Anatomy, tissue: Signals) -> tuple[DiscLook, ...]:
    """Return the look of every disc, L5/S1 first; it belongs to the patient, not the slice."""
    seed = [int(1000 * phase) for phase in anatomy.build.texture_phase]
    looks = []
    for level in anatomy.canal.levels[::-1]:
        rng = np.random.default_rng([*seed, level.index])
        grade = level.prior.degeneration
        nucleus = np.interp(grade, NUCLEUS_KNOTS, [tissue[f"nucleus_{n}"] for n in range(1, 6)])
        annulus = np.interp(grade, ANNULUS_KNOTS, [tissue[f"annulus_{n}"] for n in (1, 3, 4)])
        shared = np.exp(0.15 * rng.standard_normal())
        nucleus *= shared * np.exp(0.15 * rng.standard_normal())
        annulus *= shared * np.exp(0.12 * rng.standard_normal())
        looks.append(
            DiscLook(
                nucleus=float(nucleus),
                annulus=float(annulus),
                center=(float(rng.normal(0, 0.05)), float(rng.normal(0.0, 0.08))),
                extent=(rng.uniform(0.52, 0.75), rng.uniform(0.48, 0.72)),
                softness=rng.uniform(0.35, 0.9),
                rim=float(np.clip(rng.uniform(0.25, 0.6) - 0.05 * grade, 0.1, 0.6)),
                uneven=rng.uniform(0.05, 0.14) + 0.03 * min(grade, 3.0),
            )
        )
    return tuple(looks)


def disc_signal(
    anatomy: Anatomy,
    points: Points,
    tissue: Signals,
    frame: tuple[Array, Array, Array, Array],
) -> Array:
    """Return the signal of points, all taken as disc.

    ``frame`` holds, for every point, the nearest disc (L5/S1 first), the share of the
    depth (-1 front, 1 back), the disc's half width and the distance to its outline (mm,
    negative inside).
    """
    nearest, depth_share, half_width, outline = frame
    looks = disc_looks(anatomy, tissue)

    def of(name: str) -> Array:
        values = np.array([getattr(look, name) for look in looks], np.float32)
        return np.asarray(values[nearest])

    phase = anatomy.build.texture_phase
    coarse, fine = texture(points, phase, 19.0), texture(points, phase, 5.0)
    center, extent = of("center"), of("extent")
    across = (points.u / half_width - center[..., 0]) / extent[..., 0]
    along = (depth_share - center[..., 1]) / extent[..., 1]
    core = np.sqrt(across * across + along * along) - 1 + 0.18 * coarse
    inner = 0.5 - core / (2 * of("softness"))
    inner = np.clip(inner, 0, 1)
    inner = inner * inner * (3 - 2 * inner)
    annulus = of("annulus")
    grey = annulus + inner * (of("nucleus") - annulus)
    # the outermost fibres are the densest and darkest; the ring fades inwards over 5 mm
    grey *= 1 - of("rim") * np.clip(1 + outline / 5.0, 0, 1)
    return np.asarray(grey * (1 + of("uneven") * (coarse + fine)), np.float32)
