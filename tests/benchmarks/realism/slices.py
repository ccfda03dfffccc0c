"""Slices with painted greys."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from benchmarks.real.drawing.places import geometry_of
from benchmarks.real.realism.seen import Seen
from benchmarks.real.realism.tones import PIXELS, STEP_MM
from lumbargrade.morphometry.outlines import Outlines

SIZE = 140


def seen(
    outlines: Outlines,
    picture: NDArray[np.uint8] | None = None,
    patient: str = "P1",
    level: str = "L4-L5",
    grades: dict[str, int | None] | None = None,
) -> Seen:
    """A slice whose pixels are those of the square, with its middle in the middle."""
    if picture is None:
        picture = np.arange(SIZE * SIZE, dtype=np.uint32).reshape(SIZE, SIZE).astype(np.uint8)
    middle = (picture.shape[0] - 1) / 2
    geometry = geometry_of(picture, STEP_MM)
    return Seen(patient, level, "t2", picture, geometry, (middle, middle), outlines, grades or {})


def painted(rng: np.random.Generator, scale: float = 10.0) -> NDArray[np.uint8]:
    """Grey noise, by ``scale``, on a picture with a bright patch behind."""
    picture = 60 + scale * rng.standard_normal((SIZE, SIZE))
    picture[SIZE // 2 :, 30:110] += 120
    return np.asarray(np.clip(picture, 0, 255), dtype=np.uint8)


def square(value: float = 0.0) -> NDArray[np.float64]:
    """A square of one grey."""
    return np.full((PIXELS, PIXELS), value)
