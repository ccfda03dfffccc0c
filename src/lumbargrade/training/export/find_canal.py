"""Whether a locator finds anything at all, before it goes into a bundle."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lumbargrade.errors import OutputError
from lumbargrade.inference.engine import Engine
from lumbargrade.inference.locate import MIN_CONFIDENCE, decode_heatmap
from lumbargrade.study.patch import OverviewSpec, PatchFrame


def check_locator(engine: Engine, overviews: NDArray[np.float32]) -> float:
    """Return the share of validation overviews (n, p, p) on which the canal is found.

    Found is what ``grade`` grades: a confidence of ``MIN_CONFIDENCE``. Raises OutputError where
    that is none of them: every study would be refused.
    """
    if not len(overviews):
        return 0.0
    spec = engine.bundle.manifest.locator or OverviewSpec()
    frame = PatchFrame((0.0, 0.0), (1.0, 0.0), (0.0, 1.0), spec.pixels)
    maps = engine.locate(overviews)
    found = [decode_heatmap(one, frame, spec).confidence >= MIN_CONFIDENCE for one in maps]
    if not any(found):
        raise OutputError(
            f"{engine.bundle.folder}: the locator finds the spinal canal on none of "
            f"{len(found)} validation slices; nothing was exported: train it longer ([locator] "
            "epochs), or without one (enabled = false) for studies with drawn boxes"
        )
    return float(np.mean(found))
