"""``discs.csv``: one row per disc of the sagittal series and system that grades it there.

``grade`` is the value 0 to n - 1 as in every table, ``grade_name`` what readers call it: grade 3
of Pfirrmann has the value 2. A disc without a grade has its row too, with the reason. A study of a
model that grades no discs has no such table.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lumbargrade.files.table import write_rows
from lumbargrade.grading.finding import DiscGrades, Finding
from lumbargrade.outputs.csv import GRADE, GRADED, LEVEL, NO_GRADE, SYSTEM
from lumbargrade.spine.tracing import CORNERS
from lumbargrade.study.graded import GradedStudy

FILE_NAME = "discs.csv"
_AXES = ("x", "y", "z")
_CORNERS = tuple(f"{corner}_{axis}_mm" for corner in CORNERS for axis in _AXES)
COLUMNS = (
    "study_instance_uid",
    "series_instance_uid",
    "sop_instance_uid",
    "frame_number",
    LEVEL,
    "level_source",
    SYSTEM,
    "status",
    GRADE,
    "grade_name",
    "probability",
    "reason",
    "doubts",
    "disc_confidence",
    *_CORNERS,
    "warnings",
    "model",
)
"""Corners are in patient coordinates (LPS), as in ``spine.tracing``."""

Row = dict[str, object]


def write(graded: GradedStudy, folder: Path) -> Path | None:
    """Write ``discs.csv`` into an existing folder; None, and no file, without a graded disc."""
    content = list(rows(graded))
    if not content:
        return None
    path = folder / FILE_NAME
    write_rows(path, COLUMNS, ([row.get(name) for name in COLUMNS] for row in content))
    return path


def rows(graded: GradedStudy) -> Iterator[Row]:
    """Yield the rows of one study under the columns of :data:`COLUMNS`."""
    grades = graded.grades
    common: Row = {
        "study_instance_uid": grades.study_instance_uid,
        "model": f"{grades.model.name} {grades.model.version}",
    }
    for disc in grades.discs:
        for one in disc.findings:
            yield {**common, **_of_disc(disc), **_of_finding(graded, one)}


def _of_disc(disc: DiscGrades) -> Row:
    places = [round(value, 2) for corner in disc.corners_mm for value in corner]
    return {
        "series_instance_uid": disc.series_instance_uid,
        "sop_instance_uid": disc.sop_instance_uid,
        "frame_number": disc.frame_number,
        LEVEL: disc.level.level or "unknown",
        "level_source": disc.level.source,
        "disc_confidence": round(disc.confidence, 3),
        "warnings": "; ".join(disc.warnings),
        **dict(zip(_CORNERS, places, strict=True)),
    }


def _of_finding(graded: GradedStudy, one: Finding) -> Row:
    known = one.grade is not None
    names = graded.systems[one.system].grades
    return {
        SYSTEM: one.system,
        "status": GRADED if known else NO_GRADE,
        GRADE: one.grade,
        "grade_name": names[one.grade].name if one.grade is not None else None,
        "probability": round(one.probabilities[one.grade], 4)
        if one.grade is not None and one.probabilities
        else None,
        "reason": one.reason,
        "doubts": "; ".join(one.doubts),
    }
