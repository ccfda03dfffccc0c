"""Traced slices to train on: drawn shapes as pictures, and the outlines that they were drawn by."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from lumbargrade.morphometry.drawing import filled
from lumbargrade.morphometry.outlines import Line

SPACING_MM = 0.7
EDGE_PX = 260


def ellipse(x: float, y: float, width: float, height: float, points: int = 40) -> Line:
    turn = np.linspace(0, 2 * np.pi, points, endpoint=False)
    return np.column_stack([x + width / 2 * np.cos(turn), y + height / 2 * np.sin(turn)])


def tracing(name: str, patient: str, wider: float = 0.0) -> dict[str, Any]:
    """One record of a tracing file."""
    wall = [[-12, -5], [-10, 0], [-9, 2], [-5, 7], [0, 13], [5, 7], [9, 2], [10, 0], [12, -5]]
    record: dict[str, Any] = {
        "file": name,
        "patient": patient,
        "level": "L4-L5",
        "contrast": "t2",
        "centre_px": [EDGE_PX / 2 - 0.5, EDGE_PX / 2 - 0.5],
        "pixel_spacing_mm": SPACING_MM,
        "disc": ellipse(0, -22, 50 + wider, 36).tolist(),
        "sac": ellipse(0, 3, 12 + wider, 9).tolist(),
        "canal_back": wall,
        "plane": "disc",
        "facet_sure": True,
        "sac_sure": True,
        "quality": 3,
        "note": "",
    }
    for side, sign in (("right", -1), ("left", 1)):
        record[f"bone_{side}"] = ellipse(16 * sign, 6, 8, 14).tolist()
        record[f"joint_{side}"] = [[11 * sign, 2], [15 * sign, 6], [17 * sign, 12]]
    return record


def picture(record: dict[str, Any]) -> Image.Image:
    """A picture in which each shape of a record has a grey of its own."""
    grey = np.full((EDGE_PX, EDGE_PX), 60.0)
    for name, value in (("disc", 110.0), ("bone_left", 30.0), ("bone_right", 30.0), ("sac", 230.0)):
        mask = filled(np.array(record[name], dtype=float), EDGE_PX, SPACING_MM)
        grey = grey * (1 - mask) + value * mask
    return Image.fromarray(np.round(grey).astype(np.uint8))


def write_tracings(folder: Path, patients: tuple[str, ...] = ("A", "B", "P0170")) -> Path:
    """Write pictures and their tracings; patient P0170 is set aside by its hash."""
    folder.mkdir(parents=True, exist_ok=True)
    records = [
        tracing(f"{patient}.png", patient, float(number)) for number, patient in enumerate(patients)
    ]
    for record in records:
        picture(record).save(folder / record["file"])
    path = folder / "tracings.json"
    path.write_text(json.dumps(records), encoding="utf-8")
    return path
