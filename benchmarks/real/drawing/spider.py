"""SPIDER's axial reformats: strips through a disc, 11 to 26 mm wide, with masks.

A strip is too narrow for a grading region. It is laid into a wide picture whose margins
repeat its edges, as the squares that the outline network learned from are continued.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.real.data import read_picture
from lumbargrade.errors import CohortError

SPACING_MM = 0.469
"""Pixel spacing of the reformats."""

DISC, CANAL = 29, 150
"""Values of the masks as grey pictures."""

MARGIN_PX = 80


@dataclass(frozen=True)
class Strip:
    """One reformat.

    Attributes
    ----------
    picture : (rows, columns) uint8, its edges repeated by ``MARGIN_PX`` on all sides.
    disc, canal : masks of the same shape, empty in the margins.
    canal_ap_mm : the largest depth of the canal, by SPIDER's mask.
    """

    name: str
    picture: NDArray[np.uint8]
    disc: NDArray[np.bool_]
    canal: NDArray[np.bool_]
    canal_ap_mm: float

    @property
    def centre(self) -> NDArray[np.float64]:
        """(column, row) of the middle of the canal."""
        rows, columns = np.nonzero(self.canal)
        return np.array([np.median(columns), np.median(rows)])


def strips(folder: Path) -> list[Strip]:
    """Return the reformats that have a canal.

    Raises CohortError if their table or a picture cannot be read.
    """
    path = folder / "spider" / "axial_reformat.csv"
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
    except OSError as error:
        raise CohortError(f"{path}: cannot be read ({error}): name the data folder") from None
    found = [_strip(path.parent, row) for row in rows if row["canal_ap_max_mm"]]
    return [one for one in found if one.canal.any() and one.disc.any()]


def _strip(folder: Path, row: dict[str, str]) -> Strip:
    picture = read_picture(folder / "axial_reformat" / row["file"])
    mask = np.pad(read_picture(folder / "axial_reformat_mask" / row["file"]), MARGIN_PX)
    return Strip(
        Path(row["file"]).stem,
        np.pad(picture, MARGIN_PX, mode="edge"),
        mask == DISC,
        mask == CANAL,
        float(row["canal_ap_max_mm"]),
    )
