from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from lumbargrade.grading.finding import StudyGrades, UserWord
from lumbargrade.grading.level import DiscPlace, Level, LevelAssignment, LevelSource, Through
from lumbargrade.outputs import csv as csv_output
from lumbargrade.study.graded import GradedStudy


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_there_is_a_row_for_everything(graded: GradedStudy, tmp_path: Path) -> None:
    study_grades = graded.grades
    rows = _read(csv_output.write(graded, tmp_path))
    findings = [(item, found) for item in study_grades.slices for found in item.findings]
    assert len(rows) == len(findings) + len(study_grades.not_graded)
    for row, (item, found) in zip(rows, findings, strict=False):
        assert row["sop_instance_uid"] == item.sop_instance_uid
        assert (row["system"], row["side"]) == (found.system, found.side or "")
        assert row["grade"] == ("" if found.grade is None else str(found.grade))
        assert row["status"] == ("no grade" if found.grade is None else "graded")
        chances = [float(said) for grade in range(4) if (said := row[f"p{grade}"])]
        assert chances == pytest.approx(found.probabilities, abs=1e-4)
        ends = (row["set_low"], row["set_high"], row["ask_reader"])
        if found.grade is None:
            assert ends == ("", "", "")
        else:
            asked = "yes" if found.grade == 1 else "no"
            assert ends == (str(found.grade), str(min(found.grade + 1, 3)), asked)


def test_what_was_not_graded_is_listed(graded: GradedStudy, tmp_path: Path) -> None:
    rows = _read(csv_output.write(graded, tmp_path))
    told = [(r["source_file"], r["reason"]) for r in rows if r["status"] == "not graded"]
    assert told == [(item.what, item.reason) for item in graded.grades.not_graded]


def test_no_cell_is_a_formula(study_grades: StudyGrades, tmp_path: Path) -> None:
    hostile = replace(study_grades, patient_id="=HYPERLINK(1)", study_instance_uid="@x")
    row = _read(csv_output.write(GradedStudy(hostile), tmp_path))[0]
    assert (row["patient_id"], row["study_instance_uid"]) == ("'=HYPERLINK(1)", "'@x")
    assert float(row["center_x_mm"]) == pytest.approx(
        study_grades.slices[0].region.center_mm[0], abs=0.01
    )


def test_the_columns_of_the_table_are_fixed(graded: GradedStudy, tmp_path: Path) -> None:
    """Other programs read it by these names."""
    head = csv_output.write(graded, tmp_path).read_text(encoding="utf-8").splitlines()[0]
    assert head == (
        "patient_id,study_instance_uid,series_instance_uid,sop_instance_uid,frame_number,"
        "source_file,level,level_source,system,side,status,grade,set_low,set_high,ask_reader,"
        "reason,center_x_mm,center_y_mm,center_z_mm,box_x_px,box_y_px,box_width_px,"
        "box_height_px,region_source,region_confidence,warnings,model,software_version,"
        "cut,cut_probability,doubts,study_warnings,user_word,disc_distance_mm,disc_angle_deg,"
        "through,p0,p1,p2,p3"
    )


def test_the_place_of_a_slice_is_in_its_columns(graded: GradedStudy, tmp_path: Path) -> None:
    row = _read(csv_output.write(graded, tmp_path))[0]
    region = graded.grades.slices[0].region
    center = [float(row[f"center_{axis}_mm"]) for axis in "xyz"]
    box = [float(row[f"box_{name}_px"]) for name in ("x", "y", "width", "height")]
    assert center == pytest.approx(region.center_mm, abs=0.01)
    assert box == pytest.approx(region.box_px, abs=0.01)


def test_what_a_slice_cuts_is_in_its_columns(measured: GradedStudy, tmp_path: Path) -> None:
    rows = _read(csv_output.write(measured, tmp_path))
    said = {row["sop_instance_uid"]: (row["cut"], row["cut_probability"]) for row in rows}
    assert [said[f"1.2.3.{number}"] for number in (1, 2, 3)] == [
        ("disc", "0.97"),
        ("endplate", "0.6"),
        ("body", "0.8"),
    ]


def test_a_model_that_does_not_say_what_a_slice_cuts(graded: GradedStudy, tmp_path: Path) -> None:
    rows = _read(csv_output.write(graded, tmp_path))
    assert {(row["cut"], row["cut_probability"]) for row in rows} == {("", "")}


def test_doubts_warnings_and_the_users_word_are_in_their_columns(
    graded: GradedStudy, tmp_path: Path
) -> None:
    grades = replace(graded.grades, user_word=UserWord("t2", lowest_level=Level.L4_L5))
    written = _read(csv_output.write(replace(graded, grades=grades), tmp_path))
    findings = [found for item in grades.slices for found in item.findings]
    assert [row["doubts"] for row in written[: len(findings)]] == [
        "; ".join(found.doubts) for found in findings
    ]
    assert any(row["doubts"] for row in written)
    assert {row["study_warnings"] for row in written} == {"level names are assumed"}
    assert {row["user_word"] for row in written} == {"contrast t2, lowest level L4/L5"}


def test_a_grade_that_is_withheld_has_no_probabilities(graded: GradedStudy, tmp_path: Path) -> None:
    written = _read(csv_output.write(graded, tmp_path))
    withheld = [row for row in written if row["status"] == csv_output.NO_GRADE]
    assert withheld
    assert {row[f"p{grade}"] for row in withheld for grade in range(4)} == {""}


def test_the_place_beside_the_disc_is_in_its_columns(graded: GradedStudy, tmp_path: Path) -> None:
    first, *others = graded.grades.slices
    place = DiscPlace(-5.25, 7.04, Through.ENDPLATE)
    level = LevelAssignment(Level.L4_L5, LevelSource.SAGITTAL, 0, place)
    grades = replace(graded.grades, slices=(replace(first, level=level), *others))
    written = _read(csv_output.write(replace(graded, grades=grades), tmp_path))
    said = {
        row["sop_instance_uid"]: (row["level_source"], *(row[name] for name in csv_output.PLACE))
        for row in written
        if row["status"] != csv_output.NOT_GRADED
    }
    assert said[first.sop_instance_uid] == ("sagittal", "-5.2", "7.0", "endplate")
    assert said[others[0].sop_instance_uid][1:] == ("", "", "")
