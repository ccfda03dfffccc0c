"""What a page needs to show how a slice was graded: pictures, not findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.model import FloatImage


@dataclass(frozen=True)
class SlicePicture:
    """The pictures of one graded slice.

    Attributes
    ----------
    sop_instance_uid, frame_number : which slice.
    geometry : of the slice; says where left and right are in ``pixels``.
    pixels : (rows, columns), the whole slice as it was stored.
    patch : (n, n), canonical and normalised, as the network saw it.
    maps : by network output, (grades, h, w): how much each part of the patch spoke
        for each grade (class activation map; only differences between grades matter).
    """

    sop_instance_uid: str
    frame_number: int
    geometry: SliceGeometry
    pixels: FloatImage
    patch: FloatImage
    maps: Mapping[str, NDArray[np.float32]]
