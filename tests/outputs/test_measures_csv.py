from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from lumbargrade.grading.finding import Measure, StudyGrades
from lumbargrade.grading.level import DiscPlace, LevelAssignment, Through
from lumbargrade.outputs import measures_csv
from lumbargrade.study.graded import GradedStudy


def _read(path: Path | None) -> list[dict[str, str]]:
    assert path is not None
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_there_is_a_row_for_every_measure(measured: GradedStudy, tmp_path: Path) -> None:
    rows = _read(measures_csv.write(measured, tmp_path))
    slices = measured.grades.slices
    every = [(item, measure) for item in slices for measure in item.measures]
    for row, (item, measure) in zip(rows, every, strict=True):
        assert row["sop_instance_uid"] == item.sop_instance_uid
        assert row["level"] == (item.level.level or "unknown")
        assert (row["measure"], row["side"]) == (measure.name, measure.side or "")
        if measure.value is None:
            assert (row["value"], row["reason"]) == ("", measure.reason)
        else:
            assert float(row["value"]) == pytest.approx(measure.value, abs=1e-3)
        assert row["error"] == ("" if measure.error is None else str(measure.error))


def test_the_unit_is_that_of_the_catalogue(measured: GradedStudy, tmp_path: Path) -> None:
    units = {row["measure"]: row["unit"] for row in _read(measures_csv.write(measured, tmp_path))}
    assert units["sac_area_mm2"] == "mm2"
    assert units["disc_displacement_mm"] == "mm"
    assert units["facet_angle_deg"] == "deg"
    assert units["displacement_ratio"] == "1"


def test_the_columns_of_the_table_are_fixed(measured: GradedStudy, tmp_path: Path) -> None:
    """Other programs read it by these names."""
    path = measures_csv.write(measured, tmp_path)
    assert path is not None
    assert path.name == "measures.csv"
    assert path.read_text(encoding="utf-8").splitlines()[0] == (
        "study_instance_uid,series_instance_uid,sop_instance_uid,frame_number,level,"
        "level_source,measure,side,value,unit,error,reason,disc_distance_mm,disc_angle_deg,"
        "through"
    )


def test_without_measures_there_is_no_table(graded: GradedStudy, tmp_path: Path) -> None:
    assert measures_csv.write(graded, tmp_path) is None
    assert list(tmp_path.iterdir()) == []


def test_no_cell_is_a_formula(measured_grades: StudyGrades, tmp_path: Path) -> None:
    measure = Measure("=1+1", None, None, "@reason")
    one = replace(measured_grades.slices[0], measures=(measure,), sop_instance_uid="+1")
    study = replace(measured_grades, study_instance_uid="@x", slices=(one,))
    (row,) = _read(measures_csv.write(GradedStudy(study), tmp_path))
    assert (row["study_instance_uid"], row["measure"]) == ("'@x", "'=1+1")
    assert (row["reason"], row["unit"]) == ("'@reason", "")


def test_the_place_beside_the_disc_is_in_its_columns(
    measured_grades: StudyGrades, tmp_path: Path
) -> None:
    level = LevelAssignment(place=DiscPlace(12.04, 3.0, Through.BONE))
    slices = (replace(measured_grades.slices[0], level=level), measured_grades.slices[1])
    rows = _read(measures_csv.write(GradedStudy(replace(measured_grades, slices=slices)), tmp_path))
    said = {
        row["sop_instance_uid"]: (row["disc_distance_mm"], row["disc_angle_deg"], row["through"])
        for row in rows
    }
    assert said == {
        slices[0].sop_instance_uid: ("12.0", "3.0", "bone"),
        slices[1].sop_instance_uid: ("", "", ""),
    }
