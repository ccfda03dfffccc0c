"""Sagittal slices to train on: drawn spines as pictures, and the corners they were drawn by."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from lumbargrade.inference.sagittal.square import CELL_MM, CELLS
from lumbargrade.spine.tracing import CORNERS, NAMES
from lumbargrade.training.discs.loss import Target

SPACING_MM = 0.9
ROWS, COLUMNS = 300, 280
DISTANCE_PX = 40
ASIDE = "P0170"
"""A patient who is set aside by the hash of the name."""


def corners_px(count: int = 5, column: float = 130.0) -> dict[str, NDArray[np.float64]]:
    """Corners of the lowest ``count`` discs of a straight spine, by name."""
    found = {}
    for number, name in enumerate(NAMES[:count]):
        row = 250.0 - DISTANCE_PX * number
        front, back = column - 20, column + 20
        found[name] = np.array(
            [[front, row - 6], [back, row - 4], [back, row + 4], [front, row + 6]]
        )
    return found


def tracing(name: str, patient: str, column: float = 130.0, count: int = 5) -> dict[str, Any]:
    """One record of a file of traced discs."""
    return {
        "file": name,
        "patient": patient,
        "sacrum_seen": True,
        "pixel_spacing_mm": SPACING_MM,
        "discs": {
            disc: dict(zip(CORNERS, corners.tolist(), strict=True))
            for disc, corners in corners_px(count, column).items()
        },
    }


def picture(record: dict[str, Any]) -> Image.Image:
    """Bright bodies with dark discs between them."""
    grey = np.full((ROWS, COLUMNS), 60, dtype=np.uint8)
    first = int(next(iter(record["discs"].values()))["anterior_upper"][0])
    grey[20:, first : first + 40] = 200
    for corners in record["discs"].values():
        top, bottom = int(corners["anterior_upper"][1]), int(corners["anterior_lower"][1])
        grey[top:bottom, first : first + 40] = 90
    return Image.fromarray(grey)


def write_tracings(folder: Path, patients: tuple[str, ...] = ("A", "B", ASIDE)) -> Path:
    """Write pictures and a file of their discs."""
    folder.mkdir(parents=True, exist_ok=True)
    records = [
        tracing(f"{patient}.png", patient, 130.0 + 4 * number)
        for number, patient in enumerate(patients)
    ]
    for record in records:
        picture(record).save(folder / record["file"])
    path = folder / "discs.json"
    path.write_text(json.dumps(records), encoding="utf-8")
    return path


def target(count: int = 5, lowest_mm: float | None = None, on_sacrum: bool = True) -> Target:
    """Discs of one square, 36 mm apart, whose middles are those of cells."""
    step = round(36 / CELL_MM) * CELL_MM
    first = 2 * step + CELL_MM / 2 if lowest_mm is None else lowest_mm
    corners = torch.full((1, 6, 4, 2), torch.nan)
    box = torch.tensor([[-18.0, -5.0], [18.0, -4.0], [18.0, 4.0], [-18.0, 5.0]])
    for number in range(count):
        corners[0, number] = box + torch.tensor([CELL_MM / 2, first - step * number])
    return Target(corners, torch.tensor([on_sacrum]))


def cell_of(place_mm: float) -> int:
    """Which cell holds a place, along either axis."""
    return int(np.floor(place_mm / CELL_MM + CELLS / 2))


def perfect(given: Target) -> tuple[Tensor, Tensor]:
    """What a network answers that marks every disc of a target, and no other."""
    count = len(given.corners_mm)
    middles = torch.full((count, 2, CELLS, CELLS), -12.0)
    corners = torch.zeros(count, 8, CELLS, CELLS)
    axis = (np.arange(CELLS) + 0.5 - CELLS / 2) * CELL_MM
    for row, discs in enumerate(given.corners_mm.numpy()):
        there = discs[np.isfinite(discs[:, 0, 0])]
        for number, (x, y) in enumerate(there.mean(axis=1)):
            if max(abs(x), abs(y)) >= CELLS * CELL_MM / 2:
                continue
            middles[row, 0, cell_of(y), cell_of(x)] = 12.0
            if number == 0 and given.on_sacrum[row]:
                middles[row, 1, cell_of(y), cell_of(x)] = 12.0
        middle = there.mean(axis=1)
        away = (axis[None, :, None] - middle[:, 0]) ** 2 + (axis[:, None, None] - middle[:, 1]) ** 2
        nearest = there[away.argmin(axis=-1)]  # (c, c, 4, 2)
        places = np.stack(np.meshgrid(axis, axis), axis=-1)[:, :, None]
        said = ((nearest - places) / 10).reshape(CELLS, CELLS, 8).transpose(2, 0, 1)
        corners[row] = torch.from_numpy(np.ascontiguousarray(said, dtype=np.float32))
    return middles, corners
