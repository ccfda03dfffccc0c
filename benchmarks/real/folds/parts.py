"""The two parts of the benchmark as arrays: axial T1 slices, and sagittal T2 discs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.real.data import SYSTEMS, Labelled, label_rows, read_levels, read_picture, square
from benchmarks.real.folds.discs import lowest_discs, read_boxes
from lumbargrade.errors import CohortError

PARTS = {"axial": ("CS", "BULGE"), "discs": ("PFIRRMANN",)}
"""Part -> codes of what is learned from it."""
WINDOW_PX = {"axial": 160, "discs": 96}
"""Edge length of the baseline's fixed window, in pixels of the picture."""
INPUT_PX = {"axial": 128, "discs": 96}
"""Edge length of the same window as the network sees it."""

_SAGITTAL = re.compile(r"P(?P<patient>\d{4})_sagT2_s\d{3}\.png")


@dataclass(frozen=True)
class Part:
    """All slices of a part.

    Attributes
    ----------
    everyone : all patients of the folder, with or without a slice here; they make the folds.
    codes : of the grading systems, in the order of the label columns.
    slices : what they are, in the order of the rows.
    pictures : (n) whole pictures, (rows, columns) uint8.
    centers : (n, 2) column and row of the middle of the region.
    labels : (n, codes) int64; ``MISSING`` where unknown.
    """

    name: str
    everyone: tuple[str, ...]
    codes: tuple[str, ...]
    slices: tuple[Labelled, ...]
    pictures: tuple[NDArray[np.uint8], ...]
    centers: NDArray[np.float64]
    labels: NDArray[np.int64]

    @property
    def patients(self) -> NDArray[np.str_]:
        """(n,) patient of each slice."""
        return np.array([one.patient for one in self.slices])

    @property
    def levels(self) -> NDArray[np.str_]:
        """(n,) level of each slice."""
        return np.array([one.level for one in self.slices])

    @property
    def heads(self) -> dict[str, int]:
        """Code -> number of grades."""
        return {code: len(SYSTEMS[code].grades) for code in self.codes}

    def windows(self) -> NDArray[np.uint8]:
        """Return (n, e, e) fixed windows around the middle of the region."""
        edge = WINDOW_PX[self.name]
        places = zip(self.pictures, self.centers, strict=True)
        return np.stack([square(picture, (x, y), edge) for picture, (x, y) in places])


def load_part(folder: Path, name: str) -> Part:
    """Read all slices of a part.

    Raises
    ------
    CohortError
        If a file is missing or is not what it should be.
    """
    known = read_levels(folder)
    found = (_axial if name == "axial" else _discs)(folder, known)
    if not found:
        raise CohortError(f"{folder}: has no slice of the part '{name}'")
    slices, pictures, centers = zip(*found, strict=True)
    labels = label_rows(slices, PARTS[name])
    everyone = tuple(sorted({one.patient for one in known}))
    return Part(name, everyone, PARTS[name], slices, pictures, np.array(centers), labels)


Found = list[tuple[Labelled, NDArray[np.uint8], tuple[float, float]]]


def _axial(folder: Path, slices: Sequence[Labelled]) -> Found:
    pictures = [read_picture(folder / "axial_t1" / f"{one.name}.png") for one in slices]
    return [
        (one, picture, ((picture.shape[1] - 1) / 2, (picture.shape[0] - 1) / 2))
        for one, picture in zip(slices, pictures, strict=True)
    ]


def _discs(folder: Path, slices: Sequence[Labelled]) -> Found:
    pictures: dict[str, Path] = {}
    for path in sorted((folder / "sagittal_t2" / "images").glob("P*.png")):
        named = _SAGITTAL.fullmatch(path.name)
        if named:  # a few patients have a second picture; one is enough
            pictures.setdefault(named["patient"], path)
    boxes = folder / "sagittal_t2" / "boxes"
    found: Found = []
    for one in slices:
        if one.patient not in pictures:
            continue
        file = pictures[one.patient]
        disc = lowest_discs(read_boxes(boxes / f"{file.stem}.txt")).get(one.level)
        if disc is not None:
            picture = read_picture(file)
            height, width = picture.shape
            found.append((one, picture, (disc.x * width - 0.5, disc.y * height - 0.5)))
    return found
