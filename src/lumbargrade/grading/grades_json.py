"""``grades.json``: the whole of a :class:`StudyGrades`, and its way back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.resources import files
from pathlib import Path
from typing import Any

from lumbargrade.errors import OutputError
from lumbargrade.grading.finding import (
    Cut,
    DiscGrades,
    Finding,
    Measure,
    ModelIdentity,
    NotGraded,
    Plane,
    PointMm,
    Region,
    Side,
    SliceGrades,
    StudyGrades,
    UserWord,
)
from lumbargrade.grading.level import DiscPlace, Level, LevelAssignment, LevelSource, Through
from lumbargrade.grading.summary import (
    LevelSummary,
    WorstGrade,
    level_summaries,
    study_summary,
)

FILE_NAME = "grades.json"
SCHEMA = "lumbargrade.grades/1"
RESEARCH_USE = "Research use only. Not a medical device."


def schema() -> dict[str, Any]:
    """Return the JSON Schema of ``grades.json``."""
    text = files("lumbargrade.grading").joinpath("grades.schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def write(grades: StudyGrades, folder: Path) -> Path:
    """Write ``grades.json`` into an existing folder and return its path.

    ``levels`` and ``study`` in it follow from the slices; :func:`read` passes over them.
    """
    path = folder / FILE_NAME
    content = {
        "schema": SCHEMA,
        "notice": RESEARCH_USE,
        **asdict(grades),
        "levels": [_level_summary(one) for one in level_summaries(grades)],
        "study": [_worst_grade(one) for one in study_summary(grades)],
    }
    _ask(grades.slices, content["slices"])
    _ask(grades.discs, content["discs"])
    text = json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False)
    # What is no character, as in names of another encoding, cannot be written as UTF-8.
    path.write_bytes((text + "\n").encode("utf-8", "replace"))
    return path


def _ask(graded: Sequence[SliceGrades | DiscGrades], written: Sequence[dict[str, Any]]) -> None:
    """Write beside each grade whether it needs review."""
    for item, entries in zip(graded, written, strict=True):
        for found, entry in zip(item.findings, entries["findings"], strict=True):
            entry["ask_reader"] = found.ask_reader


def _level_summary(one: LevelSummary) -> dict[str, Any]:
    worst = [_worst_grade(each) for each in one.worst]
    level = one.level
    return {
        "level": level.level,
        "source": level.source,
        "block": level.block,
        "slices": list(one.numbers),
        "not_counted": list(one.not_counted),
        "worst": worst,
    }


def _worst_grade(one: WorstGrade) -> dict[str, Any]:
    item = one.slice
    return {
        "system": one.system,
        "side": one.side,
        "grade": one.grade,
        "slice": one.number,
        "sop_instance_uid": "" if item is None else item.sop_instance_uid,
        "frame_number": None if item is None else item.frame_number,
        "level": None if item is None else item.level.level,
        "grade_set": list(one.grade_set),
        "review_slices": list(one.asked),
        "doubts": list(one.doubts),
        "reason": one.reason,
    }


def read(path: Path) -> StudyGrades:
    """Read a ``grades.json`` back; equal to what was written.

    Raises OutputError if the file cannot be read, is of another schema, or a field is missing or
    wrong.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        found = data.get("schema") if isinstance(data, dict) else None
        if found != SCHEMA:
            raise OutputError(f"{path} has schema {found!r}, not {SCHEMA!r}: grade the study again")
        return _study(data)
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise OutputError(f"{path} cannot be read ({error}): grade the study again") from error
    except KeyError as error:
        raise OutputError(f"{path} lacks the field {error}: grade the study again") from error


def _study(data: Mapping[str, Any]) -> StudyGrades:
    return StudyGrades(
        study_instance_uid=data["study_instance_uid"],
        patient_id=data["patient_id"],
        model=ModelIdentity(**data["model"]),
        software_version=data["software_version"],
        slices=tuple(_slice(entry) for entry in data["slices"]),
        not_graded=tuple(NotGraded(**entry) for entry in data["not_graded"]),
        warnings=tuple(data["warnings"]),
        user_word=_user_word(data.get("user_word")),
        # Files from before the discs of the sagittal series were kept have none.
        discs=tuple(_disc(entry) for entry in data.get("discs", ())),
    )


def _disc(data: Mapping[str, Any]) -> DiscGrades:
    first, second, third, fourth = map(_point, data["corners_mm"])
    return DiscGrades(
        series_instance_uid=data["series_instance_uid"],
        sop_instance_uid=data["sop_instance_uid"],
        frame_number=data["frame_number"],
        source_file=data["source_file"],
        level=_level(data["level"]),
        corners_mm=(first, second, third, fourth),
        confidence=data["confidence"],
        findings=tuple(_finding(entry) for entry in data["findings"]),
        warnings=tuple(data["warnings"]),
    )


def _point(data: Sequence[float]) -> PointMm:
    x, y, z = data
    return x, y, z


def _user_word(data: Mapping[str, Any] | None) -> UserWord:
    if data is None:  # files from before users had a word
        return UserWord()
    lowest = data["lowest_level"]
    return UserWord(data["contrast"], data["series"], None if lowest is None else Level(lowest))


def _slice(data: Mapping[str, Any]) -> SliceGrades:
    return SliceGrades(
        series_instance_uid=data["series_instance_uid"],
        sop_instance_uid=data["sop_instance_uid"],
        frame_number=data["frame_number"],
        source_file=data["source_file"],
        level=_level(data["level"]),
        region=_region(data["region"]),
        findings=tuple(_finding(entry) for entry in data["findings"]),
        warnings=tuple(data["warnings"]),
        # Files from before the model drew outlines have neither.
        measures=tuple(_measure(entry) for entry in data.get("measures", ())),
        cut=_cut(data.get("cut")),
    )


def _measure(data: Mapping[str, Any]) -> Measure:
    side = None if data["side"] is None else Side(data["side"])
    return Measure(data["name"], side, data["value"], data["reason"], data["error"])


def _cut(data: Mapping[str, Any] | None) -> Cut | None:
    if data is None:
        return None
    disc, endplate, body = data["probabilities"]
    return Cut(Plane(data["plane"]), (disc, endplate, body))


def _level(data: Mapping[str, Any]) -> LevelAssignment:
    level = None if data["level"] is None else Level(data["level"])
    # Files from before there was a sagittal series have no place.
    return LevelAssignment(
        level, LevelSource(data["source"]), data["block"], _place(data.get("place"))
    )


def _place(data: Mapping[str, Any] | None) -> DiscPlace | None:
    if data is None:
        return None
    return DiscPlace(data["distance_mm"], data["angle_deg"], Through(data["through"]))


def _region(data: Mapping[str, Any]) -> Region:
    column, row = data["center_px"]
    left, top, width, height = data["box_px"]
    return Region(
        center_mm=_point(data["center_mm"]),
        center_px=(column, row),
        size_mm=data["size_mm"],
        box_px=(left, top, width, height),
        source=data["source"],
        confidence=data["confidence"],
        angle_deg=data.get("angle_deg", 0.0),  # older files have squares along the rows only
    )


def _finding(data: Mapping[str, Any]) -> Finding:
    side = None if data["side"] is None else Side(data["side"])
    return Finding(
        data["system"],
        side,
        data["grade"],
        tuple(data["probabilities"]),
        data["reason"],
        # Files from before there were sets and doubts have none; ask_reader follows from the set.
        tuple(data.get("grade_set", ())),
        tuple(data.get("doubts", ())),
    )
