"""A made-up slice that can be bent."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from tests.morphometry.shapes import outlines

from lumbargrade.phantom.bending.bend import Material, material_of
from lumbargrade.phantom.bending.field import Grid, grid_of
from lumbargrade.phantom.bending.shape import Slate

PIXELS, SPACING_MM = 184, 75.0 / 128
DISC, FAT, SAC, BONE = 0.3, 1.0, 0.5, 0.1


def grid() -> Grid:
    """The window of the made-up picture."""
    return grid_of(PIXELS, SPACING_MM, 0.0)


def picture() -> NDArray[np.float32]:
    """Disc, sac and joints as flat greys in fat."""
    window, lines = grid(), outlines()
    assert lines.disc is not None
    assert lines.sac is not None
    image = np.full((PIXELS, PIXELS), FAT)
    part = image[window.window]
    for line, grey in (
        (lines.disc, DISC),
        (lines.sac, SAC),
        *((facet, BONE) for facet in lines.facets.values()),
    ):
        share = window.mask(line)
        part[:] = share * grey + (1 - share) * part
    return image.astype(np.float32)


def material() -> Material:
    """The made-up slice, ready to be bent."""
    made = material_of(picture(), SPACING_MM, outlines())
    assert made is not None
    return made


def slate() -> Slate:
    """Its lines."""
    return material().slate
