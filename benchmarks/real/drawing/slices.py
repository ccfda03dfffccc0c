"""The real axial slices, whatever their contrast."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.real.data import read_levels, read_picture
from lumbargrade.errors import CohortError

INDEX = "index.csv"


@dataclass(frozen=True)
class RealSlice:
    """One axial slice of a real patient.

    Attributes
    ----------
    file : its path within the folder of the real slices, with ``/``.
    patient, level : such as ``"P0001"`` and ``"L4-L5"``; the level is empty where unknown.
    contrast : ``"t1"`` or ``"t2"``.
    clear_disc : whether a disc lies in the plane, by eye; None where no one looked.
    """

    file: str
    patient: str
    level: str
    contrast: str
    clear_disc: bool | None = None

    def picture(self, folder: Path) -> NDArray[np.uint8]:
        """Return the grey picture (rows, columns)."""
        return read_picture(folder / self.file)


def t1_slices(folder: Path) -> tuple[RealSlice, ...]:
    """Return every T1 slice that ``levels.csv`` names, in its order."""
    return tuple(
        RealSlice(f"axial_t1/{one.name}.png", f"P{one.patient}", one.level, "t1")
        for one in read_levels(folder)
    )


def t2_slices(folder: Path) -> tuple[RealSlice, ...]:
    """Return the T2 slices.

    Raises CohortError if their index cannot be read.
    """
    path = folder / "axial_t2" / INDEX
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            return tuple(map(_indexed, csv.DictReader(stream)))
    except (OSError, KeyError) as error:
        raise CohortError(f"{path}: cannot be read ({error}): name the data folder") from None


def _indexed(row: dict[str, str]) -> RealSlice:
    clear = {"yes": True, "no/uncertain": False}.get(row["clear_disc_slice"])
    patient = f"P{row['patient_id']}" if row["patient_id"] else "U"
    return RealSlice(f"axial_t2/{row['file']}", patient, row["level"], "t2", clear)


def pictures_of(folder: Path, slices: Iterable[RealSlice]) -> list[NDArray[np.uint8]]:
    """Return the pictures of slices."""
    return [one.picture(folder) for one in slices]
