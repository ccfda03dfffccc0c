"""The real slices: which there are, what is known of them, and their pixels.

An empty cell of ``levels.csv`` is an unknown label, never "normal".
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from lumbargrade.errors import CohortError
from lumbargrade.grading.system import GradingSystem, load_grading_systems
from lumbargrade.training.heads import MISSING

LEVELS = ("L3-L4", "L4-L5", "L5-S1")
SYSTEMS: Mapping[str, GradingSystem] = load_grading_systems(Path(__file__).parent / "systems")
COLUMNS = {"CS": "clinical_significance", "BULGE": "bulge", "PFIRRMANN": "pfirrmann"}
"""Code of the grading system -> column of ``levels.csv``."""


@dataclass(frozen=True)
class Labelled:
    """One level of one patient.

    Attributes
    ----------
    labels : code of the grading system -> value, or ``MISSING``.
    """

    patient: str
    level: str
    labels: Mapping[str, int]

    @property
    def name(self) -> str:
        """Patient and level, which no two share."""
        return f"P{self.patient}_{self.level}"


def read_levels(folder: Path) -> list[Labelled]:
    """Read ``levels.csv``.

    Raises
    ------
    CohortError
        If it is missing, lacks a column, or holds a word that is no label.
    """
    path = folder / "levels.csv"
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
    except (OSError, UnicodeDecodeError) as error:
        raise CohortError(f"{path}: cannot be read ({error}): name the data folder") from None
    lacking = sorted({"patient_id", "level", *COLUMNS.values()} - set(rows[0] if rows else ()))
    if lacking:
        raise CohortError(f"{path}: has no column {lacking[0]} or no row")
    return [_labelled(row, f"{path}, row {number}") for number, row in enumerate(rows, start=2)]


def _labelled(row: Mapping[str, str], where: str) -> Labelled:
    if row["level"] not in LEVELS:
        raise CohortError(f"{where}: level {row['level']!r} is none of {', '.join(LEVELS)}")
    labels = {code: _value(SYSTEMS[code], row[column], where) for code, column in COLUMNS.items()}
    return Labelled(row["patient_id"], row["level"], labels)


def _value(system: GradingSystem, word: str, where: str) -> int:
    if not word:
        return MISSING
    for grade in system.grades:
        if grade.name == word:
            return grade.value
    known = ", ".join(grade.name for grade in system.grades)
    raise CohortError(f"{where}: {system.name.lower()} {word!r} is none of {known}")


def label_rows(slices: Sequence[Labelled], codes: Sequence[str]) -> NDArray[np.int64]:
    """Return (n, codes) labels; ``MISSING`` where unknown."""
    return np.array([[one.labels[code] for code in codes] for one in slices], dtype=np.int64)


def read_picture(path: Path) -> NDArray[np.uint8]:
    """Return a grey picture (rows, columns).

    Raises
    ------
    CohortError
        If there is none.
    """
    try:
        with Image.open(path) as picture:
            return np.asarray(picture.convert("L"))
    except (OSError, UnidentifiedImageError) as error:
        raise CohortError(f"{path}: is not a readable picture: {error}") from None


def square(picture: NDArray[np.uint8], center: tuple[float, float], edge: int) -> NDArray[np.uint8]:
    """Cut ``edge`` x ``edge`` pixels around ``center`` (column, row); 0 outside the picture."""
    left, top = (round(place - (edge - 1) / 2) for place in center)
    padded = np.pad(picture, edge)
    top, left = (
        int(np.clip(one + edge, 0, size - edge))
        for one, size in zip((top, left), padded.shape, strict=True)
    )
    return padded[top : top + edge, left : left + edge]
