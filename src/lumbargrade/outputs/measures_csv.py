"""``measures.csv``: one row per measure of a slice, and side where it has sides.

A measure without a value has its row too, with the reason: a gap in the table is not a normal
finding. A study of a model that draws no outlines has no such table.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from lumbargrade.files.table import write_rows
from lumbargrade.grading.finding import Measure, StudyGrades
from lumbargrade.morphometry.kinds import KINDS
from lumbargrade.outputs.csv import PLACE, place_of
from lumbargrade.study.graded import GradedStudy

FILE_NAME = "measures.csv"

COLUMNS = (
    "study_instance_uid",
    "series_instance_uid",
    "sop_instance_uid",
    "frame_number",
    "level",
    "level_source",
    "measure",
    "side",
    "value",
    "unit",
    "error",
    "reason",
    *PLACE,
)
"""``unit`` is UCUM; ``error`` is in the same unit."""

DECIMALS = 3

Row = dict[str, object]


def write(graded: GradedStudy, folder: Path) -> Path | None:
    """Write ``measures.csv`` into an existing folder; None, and no file, without a measure."""
    return _write(folder, COLUMNS, list(rows(graded.grades)))


def rows(grades: StudyGrades) -> Iterator[Row]:
    """Yield the rows of one study under the columns of :data:`COLUMNS`."""
    for item in grades.slices:
        place: Row = {
            "study_instance_uid": grades.study_instance_uid,
            "series_instance_uid": item.series_instance_uid,
            "sop_instance_uid": item.sop_instance_uid,
            "frame_number": item.frame_number,
            "level": item.level.level or "unknown",
            "level_source": item.level.source,
            **place_of(item),
        }
        for measure in item.measures:
            yield {**place, **_of_measure(measure)}


def _of_measure(measure: Measure) -> Row:
    kind = KINDS.get(measure.name)
    return {
        "measure": measure.name,
        "side": measure.side,
        "value": None if measure.value is None else round(measure.value, DECIMALS),
        "unit": None if kind is None else kind.unit,
        "error": None if measure.error is None else round(measure.error, DECIMALS),
        "reason": measure.reason,
    }


def _write(folder: Path, columns: Sequence[str], content: Sequence[Row]) -> Path | None:
    if not content:
        return None
    path = folder / FILE_NAME
    write_rows(path, columns, ([row.get(name) for name in columns] for row in content))
    return path
