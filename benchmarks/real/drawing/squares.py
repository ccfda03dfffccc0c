"""A mask of a picture, seen in the square of the outline network."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lumbargrade.inference.bundle_json import OUTLINE_PATCH
from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.patch import patch_frame


def in_square(
    mask: NDArray[np.bool_], geometry: SliceGeometry, centre: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Return which pixels (p, p) of the square around ``centre`` lie in a mask (rows, columns)."""
    frame = patch_frame(geometry, (float(centre[0]), float(centre[1])), OUTLINE_PATCH)
    steps = range(OUTLINE_PATCH.pixels)
    columns = np.array([frame.to_pixel(u, 0)[0] for u in steps])
    rows = np.array([frame.to_pixel(0, v)[1] for v in steps])
    inside = np.ix_(_whole(rows, mask.shape[0]), _whole(columns, mask.shape[1]))
    padded = np.pad(mask, 1)
    return np.asarray(padded[inside])


def _whole(places: NDArray[np.float64], size: int) -> NDArray[np.intp]:
    """The nearest pixel of a padded axis; what is outside lands on the padding."""
    return np.asarray(np.clip(np.rint(places).astype(int) + 1, 0, size + 1))
