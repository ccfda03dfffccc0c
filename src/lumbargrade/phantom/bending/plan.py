"""What a bend does: how far, where and in what shape the margins of a slice are moved."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np


class Zone(StrEnum):
    """Where a displacement lies, as a radiologist names it (Wiltse 1997)."""

    CENTRAL = "central"
    PARACENTRAL = "paracentral"
    FORAMINAL = "foraminal"
    FAR_LATERAL = "far lateral"


APEX_MM = {
    Zone.CENTRAL: (0.0, 2.5),
    Zone.PARACENTRAL: (3.0, 9.0),
    Zone.FORAMINAL: (10.0, 16.0),
    Zone.FAR_LATERAL: (17.0, 23.0),
}
"""Where the apex lies along the margin, to either side of the midline [design]."""

ZONE_SHARES = (0.30, 0.50, 0.14, 0.06)
"""Share of each zone, in the order of :class:`Zone`: most herniations are paracentral."""


@dataclass(frozen=True)
class Bend:
    """A bend; all lengths in mm, 0 leaves that part as it is.

    Attributes
    ----------
    height : of the focal displacement, at its apex.
    apex : of the focal displacement, along the back margin from the midline, to the left.
    half_width : to either side (right, left) of the apex, where it is 1/e of its height.
    shoulder : exponent of its flanks: 2 a bell, 4 and more a plateau with shoulders.
    balloon : how much wider than its neck it is (an extrusion), as a share.
    bulge : diffuse displacement of the whole back margin.
    bulge_lopsided : share by which one side bulges more than the other, -1..1.
    unevenness : deviation of a smooth random change of the margin that is no finding.
    narrowing : how far flavum and joints come forward, on the right and on the left.
    seed : of everything about its look that changes no measure.
    """

    height: float = 0.0
    apex: float = 0.0
    half_width: tuple[float, float] = (6.0, 6.0)
    shoulder: float = 2.0
    balloon: float = 0.0
    bulge: float = 0.0
    bulge_lopsided: float = 0.0
    unevenness: float = 0.0
    narrowing: tuple[float, float] = (0.0, 0.0)
    seed: int = 0


FOCAL_SHARE, BULGE_SHARE, NARROW_SHARE, SHAM_SHARE = 0.68, 0.5, 0.35, 0.08
"""How often a bend has a focal part, a bulge, a narrowing; and how often it has no finding at
all, so that the marks of bending mean nothing [design]."""

GRADE_RATIOS = ((0.14, 0.5), (0.52, 1.0), (1.02, 1.5))
GRADE_SHARES = (0.45, 0.33, 0.22)
"""Height over D of the grades 1 to 3 (Mysliwiec 2010), and how often each is asked for."""


HIGHEST_MM = 13.0
"""More than this no canal holds."""


def draw_bend(rng: np.random.Generator, line_depth_mm: float) -> Bend:
    """Draw a bend for a slice whose intra-facet line lies ``line_depth_mm`` behind the margin."""
    seed, uneven = int(rng.integers(2**31)), float(abs(rng.normal(0.0, 0.35)))
    if rng.random() < SHAM_SHARE:
        return Bend(unevenness=uneven, seed=seed)
    bulge = float(rng.gamma(2.0, 0.9)) if rng.random() < BULGE_SHARE else 0.0
    narrowing = (0.0, 0.0)
    if rng.random() < NARROW_SHARE:
        both = rng.gamma(2.0, 0.9) * np.clip(rng.normal(1.0, 0.25, 2), 0.3, 1.7)
        narrowing = (float(both[0]), float(both[1]))
    lopsided = float(np.clip(rng.normal(0.0, 0.3), -0.8, 0.8))
    common = Bend(
        bulge=min(bulge, 0.5 * line_depth_mm),
        bulge_lopsided=lopsided,
        unevenness=uneven,
        narrowing=narrowing,
        seed=seed,
    )
    return _with_focus(common, rng, line_depth_mm) if rng.random() < FOCAL_SHARE else common


def _with_focus(common: Bend, rng: np.random.Generator, line_depth_mm: float) -> Bend:
    low, high = GRADE_RATIOS[rng.choice(3, p=GRADE_SHARES)]
    height = float(np.clip(rng.uniform(low, high) * line_depth_mm, 1.2, HIGHEST_MM))
    zone = list(Zone)[rng.choice(4, p=ZONE_SHARES)]
    width = float(np.clip(rng.lognormal(np.log(5.5 + 0.25 * height), 0.3), 3.0, 12.0))
    lean = float(rng.uniform(0.75, 1.33))
    extruded = height > 4.0 and rng.random() < 0.4
    return Bend(
        height=height,
        apex=float(rng.uniform(*APEX_MM[zone]) * rng.choice((-1, 1))),
        half_width=(width * lean, width / lean),
        shoulder=float(rng.uniform(1.7, 5.0)),
        balloon=float(rng.uniform(0.15, 0.6)) if extruded else 0.0,
        bulge=common.bulge,
        bulge_lopsided=common.bulge_lopsided,
        unevenness=common.unevenness,
        narrowing=common.narrowing,
        seed=common.seed,
    )
