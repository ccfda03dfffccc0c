"""Pixels that are no part of the picture: Pixel Padding Value (PS3.3 C.7.5.1.1.2)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lumbargrade.errors import StudyError
from lumbargrade.study.header import Header
from lumbargrade.study.model import FloatImage


@dataclass(frozen=True)
class Padding:
    """Stored values from ``low`` to ``high``, both included, stand for "no picture here"."""

    low: int
    high: int

    def covers(self, values: NDArray[np.integer]) -> NDArray[np.bool_]:
        """Return which stored values are padding, in their shape."""
        found: NDArray[np.bool_] = (values >= self.low) & (values <= self.high)
        return found


def read_padding(header: Header, signed: bool) -> Padding | None:
    """Return what pads the picture, None where the header names no value.

    ``signed`` is that of Pixel Representation, which the two elements share whatever VR was
    written. Pixel Padding Range Limit may lie above or below the value.
    """
    value = header.whole("PixelPaddingValue", signed)
    if value is None:
        return None
    limit = header.whole("PixelPaddingRangeLimit", signed)
    ends = (value, value if limit is None else limit)
    return Padding(min(ends), max(ends))


def without_padding(image: FloatImage, padded: NDArray[np.bool_]) -> FloatImage:
    """Return the picture with its darkest real value where it is padded: background.

    ``image`` and ``padded`` have the shape (rows, columns). Raises StudyError if nothing but
    padding is there.
    """
    if padded.all():
        raise StudyError(
            "every pixel is padding by its Pixel Padding Value: export the original DICOM files"
        )
    return np.where(padded, image[~padded].min(), image)
