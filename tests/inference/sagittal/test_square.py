"""The square of the disc finder."""

from __future__ import annotations

import pytest

from lumbargrade.inference.sagittal.square import CELL_MM, CELLS, FINDER_SQUARE


def test_cells_tile_the_square() -> None:
    assert pytest.approx(FINDER_SQUARE.spacing_mm * FINDER_SQUARE.pixels) == CELLS * CELL_MM
