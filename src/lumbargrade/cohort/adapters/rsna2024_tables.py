"""The three tables of RSNA 2024: labels, where each was placed, and what each series is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lumbargrade.errors import CohortError
from lumbargrade.files.read_table import table_rows
from lumbargrade.grading.level import Level
from lumbargrade.readings.faults import Faults

AXIAL = "Axial T2"
GRADES = {"normal/mild": 0, "moderate": 1, "severe": 2}
RECESS = "RSNARECESS"
CONDITIONS = {
    "spinal_canal_stenosis": ("RSNACANAL", ""),
    "left_neural_foraminal_narrowing": ("RSNAFORAMEN", "left"),
    "right_neural_foraminal_narrowing": ("RSNAFORAMEN", "right"),
    "left_subarticular_stenosis": (RECESS, "left"),
    "right_subarticular_stenosis": (RECESS, "right"),
}
"""Condition, as columns spell it -> (system, side)."""

LEVELS = {level.lower().replace("/", "_"): level for level in Level}
"""Level, as columns spell it -> level."""

_HALF_PIXEL = 0.5


@dataclass(frozen=True)
class Place:
    """Where a label was placed; (x, y) has (0, 0) in the centre of the first pixel."""

    series: str
    instance: str
    x_px: float
    y_px: float


@dataclass(frozen=True)
class Tables:
    """The three tables, by study: labels, series and their descriptions, places."""

    labels: Mapping[str, Mapping[str, str]]
    descriptions: Mapping[str, Mapping[str, str]]
    places: Mapping[str, Mapping[tuple[str, Level], Place]]


def read_tables(folder: Path) -> Tables:
    """Read the three tables.

    Raises CohortError if one is missing, or says something unknown (every fault in one line).
    """
    faults = Faults()
    path = folder / "train.csv"
    labels: dict[str, Mapping[str, str]] = {}
    for line, row in table_rows(path, ("study_id", *_columns()), CohortError):
        labels[row["study_id"]] = row
        for column in _columns():
            if row[column] and row[column].lower() not in GRADES:
                faults.add(f"{path.name} row {line}", f"{column} is {row[column]!r}")
    descriptions: dict[str, dict[str, str]] = {}
    for _, row in table_rows(
        folder / "train_series_descriptions.csv",
        ("study_id", "series_id", "series_description"),
        CohortError,
    ):
        named = descriptions.setdefault(row["study_id"], {})
        named[row["series_id"]] = row["series_description"]
    places = _read_places(folder / "train_label_coordinates.csv", faults)
    faults.check(CohortError)
    return Tables(labels, descriptions, places)


def _columns() -> list[str]:
    return [f"{condition}_{level}" for condition in CONDITIONS for level in LEVELS]


def _read_places(path: Path, faults: Faults) -> dict[str, dict[tuple[str, Level], Place]]:
    columns = ("study_id", "series_id", "instance_number", "condition", "level", "x", "y")
    places: dict[str, dict[tuple[str, Level], Place]] = {}
    for line, row in table_rows(path, columns, CohortError):
        condition = row["condition"].lower().replace(" ", "_")
        level = LEVELS.get(row["level"].lower().replace("/", "_"))
        if condition not in CONDITIONS or level is None:
            faults.add(f"{path.name} row {line}", f"{row['condition']!r} at {row['level']!r}")
            continue
        try:
            x, y = float(row["x"]) - _HALF_PIXEL, float(row["y"]) - _HALF_PIXEL
        except ValueError:
            faults.add(f"{path.name} row {line}", f"x, y are {row['x']!r}, {row['y']!r}")
            continue
        place = Place(row["series_id"], row["instance_number"], x, y)
        places.setdefault(row["study_id"], {})[condition, level] = place
    return places
