"""A sacralised L5: its disc is rudimentary, and its vertebra lies in the line of the sacrum.

On a picture of the lumbar spine alone a lumbarised S1 looks the same: the disc is then S1/S2, and
only a count from above tells which. So every name that is counted from such a sacrum is in doubt.
Shapes after Castellvi et al. (Spine 1984;9:493), types III and IV, and O'Driscoll et al. (Skeletal
Radiol 1996;25:225), whose remnant discs are shorter than those above; numbers are [design].
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lumbargrade.phantom.anatomy.level import DiscLevel
from lumbargrade.phantom.anatomy.spine import LOWEST_DISC_PLANE, Spine, curve

HEIGHT_MM = (2.5, 4.5)
DEPTH_SHARE = (0.55, 0.75)
"""Of the depth of a usual L5/S1."""
TURNED_DEG = (14.0, 9.0)
"""How much further L5/S1 and L4/5 are tilted: the angle of spine and sacrum lies above L5."""
DEGENERATION = 3.0


def rudimentary(level: DiscLevel, rng: np.random.Generator) -> DiscLevel:
    """Return L5/S1 as a rudimentary disc: low, short, and without disease."""
    share = float(rng.uniform(*DEPTH_SHARE))
    prior = replace(level.prior, herniation_ratio=0.0, bulge_mm=0.0, degeneration=DEGENERATION)
    return replace(
        level,
        prior=prior,
        disc_height=float(rng.uniform(*HEIGHT_MM)),
        disc_depth=share * level.disc_depth,
        disc_width=share * level.disc_width,
    )


def with_sacral_l5(spine: Spine) -> Spine:
    """Return the spine with L5 in the line of the sacrum; L5/S1 stays where it is."""
    tilts = spine.tilts_rad.copy()
    tilts[LOWEST_DISC_PLANE : LOWEST_DISC_PLANE + 2] += np.deg2rad(TURNED_DEG)
    return Spine(curve(tilts, spine.zeta_mm, spine.origins_mm[:, 0]), tilts, spine.zeta_mm)
