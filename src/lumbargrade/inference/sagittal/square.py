"""What the disc finder sees of a sagittal slice, and the cells in which it answers."""

from __future__ import annotations

from lumbargrade.inference.bundle_json import FINDER_SQUARE

__all__ = ["CELLS", "CELL_MM", "FINDER_SQUARE"]

CELLS = 48
CELL_MM = FINDER_SQUARE.pixels * FINDER_SQUARE.spacing_mm / CELLS
"""Edge length of a cell."""
