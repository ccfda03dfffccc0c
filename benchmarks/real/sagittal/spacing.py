"""The pixel spacing of pictures that carry none."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

USUAL_DISTANCE_MM = 35.5
"""Between neighbouring lumbar discs: the median of the phantom's priors."""
FIELD_MM = 250.0
"""Of the slices of the Lumbar Spine MRI Dataset; their size is what people's discs allow."""
FARTHEST = 0.25
"""A spacing at which discs lie so much (as a logarithm) nearer or farther is not the picture's."""


def by_discs(middles_px: Sequence[NDArray[np.float64]]) -> float:
    """Return the spacing at which the lowest discs lie as far apart as they usually do."""
    steps = np.linalg.norm(np.diff(np.array(middles_px)[:5], axis=0), axis=1)
    return USUAL_DISTANCE_MM / float(np.median(steps))


def spider_spacings(folder: Path) -> dict[int, float]:
    """Return patient -> spacing of the T2 series, where ``series.csv`` knows it."""
    with (folder / "spider" / "series.csv").open(newline="", encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if row["contrast"] == "t2"]
    found = {int(row["patient"]): re.findall(r"\d*\.?\d+", row["pixel_spacing_mm"]) for row in rows}
    return {patient: float(values[0]) for patient, values in found.items() if values}


def plausible(spacing: float | None, middles_px: Sequence[NDArray[np.float64]]) -> float:
    """Return ``spacing``, or what the discs say where it cannot be the picture's."""
    told = by_discs(middles_px)
    if spacing is None or abs(np.log(spacing / told)) > FARTHEST:
        return round(told, 4)
    return round(spacing, 4)
