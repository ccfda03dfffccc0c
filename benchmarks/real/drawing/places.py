"""Where the canal is on a picture without a header."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lumbargrade.inference.engine import Engine
from lumbargrade.inference.regions import find_regions
from lumbargrade.study.geometry import SliceGeometry

SPACING_MM = 0.6875
"""Pixel spacing of the axial slices; the pictures carry none."""

NEAR_MM = 20.0
"""The packaged locator was taught on T2 and misses about one T1 slice in nine: a place
farther than this from the middle of all places is taken for such a miss. The patients were
scanned one way, and no label is looked at."""


def canal_places(engine: Engine, pictures: Sequence[NDArray[np.uint8]]) -> NDArray[np.float64]:
    """Return (n, 2), column and row where the locator sees the canal, misses put to the middle."""
    found = [
        find_regions(engine, [geometry_of(picture)], [picture.astype(np.float32)])[0].center_px
        for picture in pictures
    ]
    return pull_in(np.array(found, dtype=np.float64), NEAR_MM / SPACING_MM)


def pull_in(places: NDArray[np.float64], reach: float) -> NDArray[np.float64]:
    """Return ``places`` (n, 2) with those farther than ``reach`` from the median put on it."""
    middle = np.median(places, axis=0)
    far = np.hypot(*(places - middle).T) > reach
    return np.where(far[:, None], middle, places)


def geometry_of(picture: NDArray[np.uint8], spacing_mm: float = SPACING_MM) -> SliceGeometry:
    """Return the geometry of a picture without a header, upright and seen from the feet."""
    rows, columns = picture.shape
    spacing = (spacing_mm, spacing_mm)
    return SliceGeometry((0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), spacing, rows, columns)
