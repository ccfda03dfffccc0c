"""``python -m benchmarks.real.shapes FOLDER TABLE``: shapes of the canal by level, as numbers.

The default model's outlines on the T1 slices of the half to tune on, of levels without clinical
significance and without a bulge: mean, main modes and what they leave, by level. ``TABLE`` is
``src/lumbargrade/phantom/anatomy/shapes.json``; no picture goes into it.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.real.data import LEVELS, read_levels
from benchmarks.real.drawing.cache import drawn_set
from benchmarks.real.drawing.slices import t1_slices
from benchmarks.real.halves import Half, half_of, traced, trained_patients
from benchmarks.real.shapes.vector import MARGIN_X_MM, PARTS, SAC_ANGLES, WALL_X_MM, shape_row
from lumbargrade.grading.finding import Plane
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.engine import Engine

MODES = 8
"""Kept modes: about nine tenths of the variance."""
ODD = 3.5
"""A slice with a number this many (robust) spreads from the median is left out: a slip of the
outlines, not a person."""

Rows = NDArray[np.float64]


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="the real slices")
    parser.add_argument("table", type=Path)
    parser.add_argument("--out", type=Path, default=Path("out/bench/real"))
    options = parser.parse_args()
    rows = _rows(options.folder, options.out)
    table = {
        "parts": PARTS,
        "margin_x_mm": MARGIN_X_MM.tolist(),
        "wall_x_mm": WALL_X_MM.tolist(),
        "sac_angle_count": len(SAC_ANGLES),
        "levels": {level: _model(level, rows[level]) for level in LEVELS},
    }
    options.table.write_text(json.dumps(table) + "\n", encoding="utf-8")
    print(f"{options.table}: {options.table.stat().st_size / 1000:.0f} kB")


def _rows(folder: Path, out: Path) -> dict[str, Rows]:
    """Return (n, 69) rows of healthy levels of the tuning half, by level."""
    engine = Engine(load_bundle(None))
    drawn = drawn_set(engine, folder, t1_slices(folder), out)
    learned = trained_patients(traced(folder))
    healthy = {
        one.name
        for one in read_levels(folder)
        if one.labels["CS"] == 0 and one.labels["BULGE"] == 0
    }
    found: dict[str, list[NDArray[np.float64]]] = {level: [] for level in LEVELS}
    for index, one in enumerate(drawn.slices):
        disc = drawn.masks.planes[index].argmax() == list(Plane).index(Plane.DISC)
        name = f"{one.patient}_{one.level}"
        if half_of(one.patient, learned) is Half.TUNE and name in healthy and disc:
            row = shape_row(drawn.masks.layers[index], drawn.masks.planes[index])
            if row is not None:
                found[one.level].append(row)
    return {level: np.array(rows) for level, rows in found.items()}


def _model(level: str, rows: Rows) -> dict[str, object]:
    """Return mean, modes (each times its spread) and residual spread of a level's rows."""
    middle = np.median(rows, axis=0)
    spread = np.maximum(1.48 * np.median(np.abs(rows - middle), axis=0), 0.5)
    kept = rows[(np.abs(rows - middle) / spread).max(axis=1) < ODD]
    mean = kept.mean(axis=0)
    _, size, modes = np.linalg.svd(kept - mean, full_matrices=False)
    deviation = size / np.sqrt(len(kept) - 1)
    share = (deviation[:MODES] ** 2).sum() / (deviation**2).sum()
    print(f"{level}: {len(kept)} of {len(rows)} slices, {MODES} modes hold {share:.0%}")
    scaled = deviation[:MODES, None] * modes[:MODES]
    return {
        "slices": len(kept),
        "mean": np.round(mean, 2).tolist(),
        "modes": np.round(scaled, 3).tolist(),
    }


if __name__ == "__main__":
    main()
