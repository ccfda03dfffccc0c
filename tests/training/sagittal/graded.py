"""Graded discs to train on: drawn spines, and grades made up."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from tests.training.discs.traced import ASIDE, write_tracings

from lumbargrade.inference.discs.square import DISC_SQUARE
from lumbargrade.training.sagittal.data import MARGIN_PX, GradedDiscs

EDGE = DISC_SQUARE.pixels + 2 * MARGIN_PX
NAMES = ("L5/S1", "L4/L5", "L3/L4")


def write_graded(
    folder: Path, patients: tuple[str, ...] = ("A", "B", ASIDE), slips: bool = False
) -> Path:
    """Write drawn slices of five discs, the lowest three of which have a grade of Pfirrmann;
    ``slips``: and two of them one of spondylolisthesis, one of these no other.
    """
    path = write_tracings(folder, patients)
    records = json.loads(path.read_text(encoding="utf-8"))
    for number, record in enumerate(records):
        grades = {name: {"PFIRRMANN": 1 + (number + place) % 5} for place, name in enumerate(NAMES)}
        if slips:
            grades["L5/S1"]["SLIP"] = number % 2
            grades["L2/L3"] = {"SLIP": 1}
        record["grades"] = grades
    path.write_text(json.dumps(records), encoding="utf-8")
    return path


def discs(count: int = 12, simulated: int = 0, aside: int = 0) -> GradedDiscs:
    """Discs as bright as their grade is low."""
    values = np.arange(count) % 5
    squares = np.ones((count, EDGE, EDGE)) * (1.0 - 0.2 * values[:, None, None])
    values = values[:, np.newaxis]
    rows = np.arange(count)
    return GradedDiscs(
        squares.astype(np.float16),
        values,
        np.array([f"P{row}" for row in rows]),
        rows < simulated,
        rows >= count - aside,
        ("PFIRRMANN",),
    )
