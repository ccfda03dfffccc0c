from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from lumbargrade.errors import OutputError
from lumbargrade.grading import grades_json as json_output
from lumbargrade.grading.finding import DiscGrades, Finding, StudyGrades
from lumbargrade.grading.level import DiscPlace, Level, LevelAssignment, LevelSource, Through
from lumbargrade.grading.summary import ONLY_BONE


def test_what_was_written_is_read_back(study_grades: StudyGrades, tmp_path: Path) -> None:
    assert json_output.read(json_output.write(study_grades, tmp_path)) == study_grades


def test_measures_and_the_cut_are_read_back(measured_grades: StudyGrades, tmp_path: Path) -> None:
    path = json_output.write(measured_grades, tmp_path)
    assert json_output.read(path) == measured_grades
    data = json.loads(path.read_text())
    Draft202012Validator(json_output.schema()).validate(data)
    assert data["slices"][0]["measures"][4] == {
        "name": "sac_area_mm2", "side": None, "value": 92.4, "reason": "", "error": 6.0,
    }  # fmt: skip
    assert data["slices"][1]["cut"] == {"plane": "endplate", "probabilities": [0.3, 0.6, 0.1]}


def test_hostile_text_survives_unchanged(hostile_grades: StudyGrades, tmp_path: Path) -> None:
    assert json_output.read(json_output.write(hostile_grades, tmp_path)) == hostile_grades


def test_the_file_obeys_its_schema(study_grades: StudyGrades, tmp_path: Path) -> None:
    data = json.loads(json_output.write(study_grades, tmp_path).read_text())
    Draft202012Validator.check_schema(json_output.schema())
    Draft202012Validator(json_output.schema()).validate(data)
    assert "Not a medical device" in data["notice"]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("slices", 0, "findings", 0, "grade"), -1),
        (("slices", 0, "findings", 0, "side"), "both"),
        (("slices", 0, "findings", 0, "probabilities"), [1.5]),
        (("slices", 0, "findings", 0, "grade"), None),
        (("slices", 0, "region", "center_mm"), [1, 2]),
        (("slices", 0, "level", "level"), "L6/S1"),
        (("slices", 0, "findings", 0, "grade_set"), [-1]),
        (("slices", 0, "findings", 0, "grade_set"), [1, 1]),
        (("slices", 0, "findings", 0, "ask_reader"), "yes"),
        (("slices", 2, "findings", 0, "grade_set"), [1]),
        (("slices", 0, "measures", 0, "value"), None),
        (("slices", 0, "measures", 0, "side"), "both"),
        (("slices", 0, "measures", 0, "error"), -0.1),
        (("slices", 0, "measures", 0, "unit"), "mm"),
        (("slices", 0, "cut", "plane"), "bone"),
        (("slices", 0, "cut", "probabilities"), [1, 0]),
        (("not_graded", 0, "reason"), ""),
        (("model", "sha256"), "short"),
        (("slices", 2, "findings", 0, "probabilities"), [0.5, 0.5]),
        (("slices", 2, "findings", 0, "doubts"), ["a doubt"]),
        (("levels", 0, "worst", 0, "side"), "both"),
        (("levels", 0, "block"), -1),
        (("study", 0, "slice"), 0),
        (("surplus",), 1),
    ],
)
def test_the_schema_sees_what_is_wrong(
    measured_grades: StudyGrades, tmp_path: Path, path: tuple[Any, ...], value: object
) -> None:
    data = json.loads(json_output.write(measured_grades, tmp_path).read_text())
    inner = data
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    assert not Draft202012Validator(json_output.schema()).is_valid(data)


def test_the_file_says_when_to_ask_a_reader(study_grades: StudyGrades, tmp_path: Path) -> None:
    data = json.loads(json_output.write(study_grades, tmp_path).read_text())
    written = [found for item in data["slices"] for found in item["findings"]]
    asked = [found["ask_reader"] for found in written]
    assert asked == [found["grade_set"] == [1, 2] for found in written]
    assert True in asked
    assert False in asked


def test_a_file_from_before_there_were_sets_is_read(
    study_grades: StudyGrades, tmp_path: Path
) -> None:
    path = json_output.write(study_grades, tmp_path)
    data = json.loads(path.read_text())
    for item in data["slices"]:
        for found in item["findings"]:
            del found["grade_set"], found["ask_reader"], found["doubts"]
    Draft202012Validator(json_output.schema()).validate(data)
    path.write_text(json.dumps(data))
    found = json_output.read(path).slices[0].findings[0]
    assert (found.grade, found.grade_set) == (study_grades.slices[0].findings[0].grade, ())


def test_a_file_from_before_there_were_measures_is_read(
    study_grades: StudyGrades, tmp_path: Path
) -> None:
    path = json_output.write(study_grades, tmp_path)
    data = json.loads(path.read_text())
    for item in data["slices"]:
        assert (item.pop("measures"), item.pop("cut")) == ([], None)
    Draft202012Validator(json_output.schema()).validate(data)
    path.write_text(json.dumps(data))
    assert json_output.read(path) == study_grades


def test_another_schema_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "grades.json"
    path.write_text('{"schema": "lumbargrade.grades/7"}')
    with pytest.raises(
        OutputError,
        match=r"has schema 'lumbargrade\.grades/7', not '.*/\d': grade the study again",
    ):
        json_output.read(path)


def test_a_missing_field_and_a_damaged_file_are_named(
    study_grades: StudyGrades, tmp_path: Path
) -> None:
    path = json_output.write(study_grades, tmp_path)
    data = json.loads(path.read_text())
    del data["patient_id"]
    path.write_text(json.dumps(data))
    with pytest.raises(OutputError, match="lacks the field 'patient_id'"):
        json_output.read(path)
    path.write_text("{")
    with pytest.raises(OutputError, match=r"grades\.json cannot be read"):
        json_output.read(path)


def test_levels_and_the_study_are_summed_up(study_grades: StudyGrades, tmp_path: Path) -> None:
    data = json.loads(json_output.write(study_grades, tmp_path).read_text())
    assert [(one["level"], one["source"], one["slices"]) for one in data["levels"]] == [
        (None, "unknown", [5]),
        ("L5/S1", "stack: lowest disc assumed to be L5/S1", [1, 2]),
        ("L4/L5", "stack: lowest disc assumed to be L5/S1", [3, 4]),
    ]
    for one in [*data["study"], *(row for level in data["levels"] for row in level["worst"])]:
        item = data["slices"][one["slice"] - 1]
        (shown,) = (
            each
            for each in item["findings"]
            if (each["system"], each["side"]) == (one["system"], one["side"])
        )
        assert item["sop_instance_uid"] == one["sop_instance_uid"]
        assert (shown["grade"], shown["doubts"]) == (one["grade"], one["doubts"])
    assert any(one["doubts"] for level in data["levels"] for one in level["worst"])


def test_the_angle_of_a_region_is_read_back(study_grades: StudyGrades, tmp_path: Path) -> None:
    first, *others = study_grades.slices
    turned = replace(first, region=replace(first.region, angle_deg=-23.5))
    grades = replace(study_grades, slices=(turned, *others))
    path = json_output.write(grades, tmp_path)
    Draft202012Validator(json_output.schema()).validate(json.loads(path.read_text()))
    assert json_output.read(path) == grades


def test_the_place_beside_the_disc_is_read_back(study_grades: StudyGrades, tmp_path: Path) -> None:
    places = [DiscPlace(-12.5, 7.0, Through.BONE), DiscPlace(0.5, 7.0, Through.DISC)]
    levels = [
        LevelAssignment(level, LevelSource.SAGITTAL, block, place)
        for block, (level, place) in enumerate(zip((Level.L5_S1, Level.L4_L5), places, strict=True))
    ]
    slices = tuple(
        replace(item, level=level)
        for item, level in zip(study_grades.slices[:2], levels, strict=True)
    )
    grades = replace(study_grades, slices=slices)
    path = json_output.write(grades, tmp_path)
    data = json.loads(path.read_text())
    Draft202012Validator(json_output.schema()).validate(data)
    assert json_output.read(path) == grades
    assert data["slices"][0]["level"]["place"] == {
        "distance_mm": -12.5, "angle_deg": 7.0, "through": "bone",
    }  # fmt: skip
    assert [one["not_counted"] for one in data["levels"]] == [[1], []]
    assert {(one["grade"], one["reason"]) for one in data["levels"][0]["worst"]} == {
        (None, ONLY_BONE)
    }
    assert {one["slice"] for one in data["study"]} == {2}


def test_a_file_from_before_there_were_places_is_read(
    study_grades: StudyGrades, tmp_path: Path
) -> None:
    path = json_output.write(study_grades, tmp_path)
    data = json.loads(path.read_text())
    for item in data["slices"]:
        assert item["level"].pop("place") is None
    for one in data["levels"]:
        assert one.pop("not_counted") == []
    for one in [*data["study"], *(row for level in data["levels"] for row in level["worst"])]:
        assert one.pop("reason") == ""
    Draft202012Validator(json_output.schema()).validate(data)
    path.write_text(json.dumps(data))
    assert json_output.read(path) == study_grades


def test_discs_of_the_sagittal_series_are_read_back(
    study_grades: StudyGrades, tmp_path: Path
) -> None:
    disc = DiscGrades(
        series_instance_uid="1.2",
        sop_instance_uid="1.2.3",
        frame_number=1,
        source_file="sag.dcm",
        level=LevelAssignment(Level.L5_S1, LevelSource.SAGITTAL),
        corners_mm=((0.0, -17.0, 5.0), (0.0, 17.0, 4.0), (0.0, 17.0, -4.0), (0.0, -17.5, -5.0)),
        confidence=0.9,
        findings=(Finding("PFIRRMANN", None, 1, (0.1, 0.5, 0.1, 0.2, 0.1), "", (0, 1, 2)),),
        warnings=("the disc lies at the edge",),
    )
    grades = replace(study_grades, discs=(disc, replace(disc, findings=(), warnings=())))
    path = json_output.write(grades, tmp_path)
    data = json.loads(path.read_text())
    Draft202012Validator(json_output.schema()).validate(data)
    assert json_output.read(path) == grades
    assert data["discs"][0]["findings"][0]["ask_reader"] is True
    data.pop("discs")
    Draft202012Validator(json_output.schema()).validate(data)
    path.write_text(json.dumps(data))
    assert json_output.read(path) == replace(grades, discs=())


def test_the_schema_knows_every_source_of_levels() -> None:
    level = json_output.schema()["$defs"]["level"]["properties"]
    assert set(level["source"]["enum"]) == set(LevelSource)
    place = json_output.schema()["$defs"]["place"]["properties"]
    assert set(place["through"]["enum"]) == set(Through)
