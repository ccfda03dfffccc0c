"""The table of discs: a row for each disc and system, whether it has a grade or not."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from tests.outputs.discs import SHOWN, with_discs

from lumbargrade.outputs import discs_csv
from lumbargrade.study.graded import GradedStudy


def test_there_is_a_row_for_every_disc(graded: GradedStudy, tmp_path: Path) -> None:
    path = discs_csv.write(with_discs(graded), tmp_path)
    assert path is not None
    with path.open(encoding="utf-8", newline="") as stream:
        first, second = csv.DictReader(stream)
    assert (first["level"], first["level_source"]) == ("L5/S1", "sagittal")
    assert (first["system"], first["status"]) == ("PFIRRMANN", "graded")
    assert (first["grade"], first["grade_name"], first["probability"]) == ("3", "4", "0.6")
    assert first["sop_instance_uid"] == SHOWN[1]
    assert first["doubts"] == "part lies outside"
    assert float(first["anterior_lower_z_mm"]) == pytest.approx(-5.5)
    assert (second["status"], second["grade"], second["grade_name"]) == ("no grade", "", "")
    assert second["reason"] == "graded on T2 only"


def test_the_columns_of_the_table_are_fixed() -> None:
    """Other programs read it by these names."""
    assert discs_csv.COLUMNS[:14] == (
        *("study_instance_uid", "series_instance_uid", "sop_instance_uid"),
        *("frame_number", "level", "level_source", "system", "status", "grade"),
        *("grade_name", "probability", "reason", "doubts", "disc_confidence"),
    )
    assert discs_csv.COLUMNS[14:26:3] == (
        *("anterior_upper_x_mm", "posterior_upper_x_mm"),
        *("posterior_lower_x_mm", "anterior_lower_x_mm"),
    )


def test_without_graded_discs_there_is_no_table(graded: GradedStudy, tmp_path: Path) -> None:
    assert discs_csv.write(graded, tmp_path) is None
    assert list(tmp_path.iterdir()) == []
