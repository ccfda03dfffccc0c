"""A cohort as one table, CSV or Parquet: a row a grade, with the region of its slice.

The columns are those that ``cohort import`` reads, as regions and as grades.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lumbargrade.cohort.read import Cohort, CohortSlice
from lumbargrade.errors import needs_extra
from lumbargrade.files.table import write_rows
from lumbargrade.grading.finding import Side
from lumbargrade.grading.system import KNOWN_SYSTEMS
from lumbargrade.outputs.csv import CENTER_MM, GRADE, LEVEL, SIDE, SYSTEM

CSV_NAME, PARQUET_NAME = "cohort.csv", "cohort.parquet"
CORNER_PX = 0.5
"""Tables and COCO count pixels from the upper left corner of the picture."""

COLUMNS: dict[str, type] = {
    "patient": str,
    "file": str,
    "series": str,
    "sop": str,
    "contrast": str,
    LEVEL: str,
    SYSTEM: str,
    SIDE: str,
    GRADE: int,
    "x": float,
    "y": float,
    "w": float,
    "h": float,
    "center_column_px": float,
    "center_row_px": float,
    **dict.fromkeys(CENTER_MM, float),
    "width_mm": float,
    "height_mm": float,
    "scanner": str,
    "field_strength_t": float,
    "external": bool,
    "age_years": float,
    "sex": str,
}
"""Name -> kind; ``center_*_px`` has (0, 0) in the centre of the first pixel, ``x`` and ``y``
in the corner of the picture."""

Row = dict[str, object]


def write_csv(cohort: Cohort, folder: Path) -> Path:
    """Write ``cohort.csv`` into an existing folder; no cell starts a formula."""
    path = folder / CSV_NAME
    write_rows(path, list(COLUMNS), ([row.get(name) for name in COLUMNS] for row in rows(cohort)))
    return path


def write_parquet(cohort: Cohort, folder: Path) -> Path:
    """Write ``cohort.parquet`` into an existing folder; what is not known is null.

    Raises MissingExtraError if pyarrow is not installed.
    """
    with needs_extra("Parquet"):
        import pyarrow
        import pyarrow.parquet
    kinds = {str: pyarrow.string(), int: pyarrow.int8(), float: pyarrow.float64()}
    kinds[bool] = pyarrow.bool_()
    fields = pyarrow.schema([(name, kinds[kind]) for name, kind in COLUMNS.items()])
    path = folder / PARQUET_NAME
    table = pyarrow.Table.from_pylist(list(rows(cohort)), schema=fields)
    pyarrow.parquet.write_table(table, path)
    return path


def rows(cohort: Cohort) -> Iterator[Row]:
    """Yield a row for each grade of each slice, and one for a slice without any."""
    for one in cohort.slices:
        common = _of_slice(one, cohort.folder)
        graded: list[Row] = [
            {SYSTEM: system, SIDE: side and str(side), GRADE: grade}
            for system, side, grade in grades_of(one)
        ]
        yield from ({**common, **grade} for grade in graded or [{}])


def grades_of(one: CohortSlice) -> Iterator[tuple[str, Side | None, int | None]]:
    """Yield (system code, side, grade) of a slice, in the order of the systems."""
    for system in KNOWN_SYSTEMS.values():
        for side, output in zip(system.sides, system.outputs, strict=True):
            if output in one.grades:
                yield system.code, side, one.grades[output]


def corner_box(one: CohortSlice) -> tuple[float, float, float, float] | None:
    """Return the box that a reader drew, from the corner of the picture."""
    if one.box_px is None:
        return None
    x, y, width, height = one.box_px
    return x + CORNER_PX, y + CORNER_PX, width, height


def _of_slice(one: CohortSlice, folder: Path) -> Row:
    named: dict[tuple[str, ...], tuple[float, ...] | None] = {
        ("x", "y", "w", "h"): corner_box(one),
        ("center_column_px", "center_row_px"): one.center_px,
        CENTER_MM: one.center_mm,
        ("width_mm", "height_mm"): one.size_mm,
    }
    numbers = {
        name: round(value, 4)
        for names, values in named.items()
        for name, value in zip(names, values or (), strict=values is not None)
    }
    return {
        "patient": one.patient_id,
        "file": one.file.relative_to(folder).as_posix(),
        "series": one.series_instance_uid,
        "sop": one.sop_instance_uid,
        "contrast": one.contrast,
        LEVEL: None if one.level is None else str(one.level),
        **numbers,
        "scanner": one.scanner,
        "field_strength_t": one.field_strength_t,
        "external": one.external,
        "age_years": one.age_years,
        "sex": one.sex,
    }
