"""``grades.csv``: one row per slice, system and side, and one per thing not graded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from lumbargrade.files.table import write_rows
from lumbargrade.grading.finding import Finding, SliceGrades, StudyGrades
from lumbargrade.study.graded import GradedStudy

FILE_NAME = "grades.csv"
ALL_FILE_NAME = "predictions.csv"

GRADED = "graded"
NO_GRADE = "no grade"
NOT_GRADED = "not graded"
FAILED = "study failed"

LEVEL, SYSTEM, SIDE, GRADE = "level", "system", "side", "grade"
CENTER_MM = ("center_x_mm", "center_y_mm", "center_z_mm")
"""Names that every table of grades shares; that of a cohort too."""

PLACE = ("disc_distance_mm", "disc_angle_deg", "through")
"""Of a slice beside the nearest disc of the sagittal series; those of measures too."""

_BOX_PX = ("box_x_px", "box_y_px", "box_width_px", "box_height_px")

COLUMNS = (
    "patient_id",
    "study_instance_uid",
    "series_instance_uid",
    "sop_instance_uid",
    "frame_number",
    "source_file",
    LEVEL,
    "level_source",
    SYSTEM,
    SIDE,
    "status",
    GRADE,
    "set_low",
    "set_high",
    "ask_reader",
    "reason",
    *CENTER_MM,
    *_BOX_PX,
    "region_source",
    "region_confidence",
    "warnings",
    "model",
    "software_version",
    "cut",
    "cut_probability",
    "doubts",
    "study_warnings",
    "user_word",
    *PLACE,
)
"""Then follow p0, p1, ...: the probability of each grade."""

Row = dict[str, object]


def write(graded: GradedStudy, folder: Path) -> Path:
    """Write ``grades.csv`` into an existing folder and return its path."""
    return _write(folder / FILE_NAME, COLUMNS, list(rows(graded.grades)))


def rows(grades: StudyGrades) -> Iterator[Row]:
    """Yield the rows of one study under the columns of :data:`COLUMNS`."""
    common: Row = {
        "patient_id": grades.patient_id,
        "study_instance_uid": grades.study_instance_uid,
        "model": f"{grades.model.name} {grades.model.version}",
        "software_version": grades.software_version,
        "study_warnings": _listed(grades.warnings),
        "user_word": str(grades.user_word),
    }
    for item in grades.slices:
        for finding in item.findings:
            yield {**common, **_of_slice(item), **_of_finding(finding)}
    for refused in grades.not_graded:
        yield {
            **common,
            "series_instance_uid": refused.series_instance_uid,
            "sop_instance_uid": refused.sop_instance_uid,
            "source_file": refused.what,
            "status": NOT_GRADED,
            "reason": refused.reason,
        }


def _of_slice(item: SliceGrades) -> Row:
    region = item.region
    place = zip((*CENTER_MM, *_BOX_PX), (*region.center_mm, *region.box_px), strict=True)
    return {
        "series_instance_uid": item.series_instance_uid,
        "sop_instance_uid": item.sop_instance_uid,
        "frame_number": item.frame_number,
        "source_file": item.source_file,
        LEVEL: item.level.level or "unknown",
        "level_source": item.level.source,
        **{name: round(value, 2) for name, value in place},
        "region_source": region.source,
        "region_confidence": None if region.confidence is None else round(region.confidence, 3),
        "warnings": _listed(item.warnings),
        **place_of(item),
        "cut": None if item.cut is None else item.cut.plane,
        "cut_probability": None if item.cut is None else round(max(item.cut.probabilities), 4),
    }


def place_of(item: SliceGrades) -> Row:
    """Return the columns :data:`PLACE` of a slice; none where there is no sagittal series."""
    place = item.level.place
    if place is None:
        return {}
    values = (round(place.distance_mm, 1), round(place.angle_deg, 1), place.through)
    return dict(zip(PLACE, values, strict=True))


def _of_finding(finding: Finding) -> Row:
    return {
        SYSTEM: finding.system,
        SIDE: finding.side,
        "status": NO_GRADE if finding.grade is None else GRADED,
        GRADE: finding.grade,
        "set_low": min(finding.grade_set, default=None),
        "set_high": max(finding.grade_set, default=None),
        "ask_reader": _asked(finding),
        "reason": finding.reason,
        "doubts": _listed(finding.doubts),
        **{f"p{grade}": round(p, 4) for grade, p in enumerate(finding.probabilities)},
    }


def _listed(texts: Iterable[str]) -> str:
    return "; ".join(texts)


def _asked(finding: Finding) -> str | None:
    """Nothing where there is no set, since then nobody knows."""
    if not finding.grade_set:
        return None
    return "yes" if finding.ask_reader else "no"


def _write(path: Path, columns: Sequence[str], content: Sequence[Row]) -> Path:
    chances = sorted({key for row in content for key in row if key not in columns})
    columns = (*columns, *chances)
    write_rows(path, columns, ([row.get(name) for name in columns] for row in content))
    return path
