"""Rows of an index, made by hand, and the simulated archive's truth."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from lumbargrade.archive.flow.included import INCLUDED_FILE
from lumbargrade.archive.index.columns import DESCRIPTION_FILE, INDEX_FILE, INDEX_SCHEMA, TABLE

USUAL: dict[str, Any] = {
    "usable": True,
    "age_years": 50,
    "sex": "F",
    "study_year": 2019,
    "body_part": "lumbar spine",
    "plane": "axial",
    "contrast": "t2",
    "picture_kind": "acquired",
    "magnetic_field_strength_t": 3.0,
    "slice_thickness_mm": 4.0,
    "number_of_frames": 1,
}


def study(patient: str, slices: int = 6, name: str = "s", **changes: Any) -> list[dict[str, Any]]:
    """Rows of one series of usual axial T2 slices, with changes."""
    return [
        USUAL
        | {
            "file_id": f"{patient}{name}{number}",
            "patient_id": patient,
            "study_id": f"{patient}{name}",
            "series_id": f"{patient}{name}.1",
            "slice_id": f"{patient}{name}{number}",
        }
        | changes
        for number in range(slices)
    ]


def table(*series: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist([row for some in series for row in some], TABLE)


def write_index(folder: Path, rows: pa.Table) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / DESCRIPTION_FILE).write_text(json.dumps({"schema": INDEX_SCHEMA}))
    pq.write_table(rows, folder / INDEX_FILE)
    return folder


def write_included(folder: Path, rows: pa.Table, grades: list[int | None]) -> Path:
    column = pa.array(grades, pa.int8())
    pq.write_table(rows.append_column("worst_grade", column), folder / INCLUDED_FILE)
    return folder
