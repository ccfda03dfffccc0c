"""What the disc finder sees of a sagittal slice, and the cells in which it answers."""

from __future__ import annotations

from lumbargrade.study.patch import OverviewSpec

FINDER_SQUARE = OverviewSpec(spacing_mm=1.5, pixels=192)
"""288 mm: a lumbar spine with the sacrum."""

CELLS = 48
CELL_MM = FINDER_SQUARE.pixels * FINDER_SQUARE.spacing_mm / CELLS
"""Edge length of a cell."""
