"""What is said about a split beside its file."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cohort.split.cohorts import drop_picture, share_picture, write_cohort

from lumbargrade.cohort.split.make import SplitOptions, make_split
from lumbargrade.cohort.split.summary import remarks, summary_table


@pytest.fixture
def cohort(tmp_path: Path) -> Path:
    return write_cohort(tmp_path / "cohort")


def test_patients_are_counted_by_part_and_worst_grade(cohort: Path, tmp_path: Path) -> None:
    result = make_split(cohort, tmp_path / "split.json", SplitOptions("60/20/20"))
    table = summary_table(result)
    assert table.columns == ("part", "patients", *(f"grade {one}" for one in range(4)), "no grade")
    assert [row[:2] for row in table.rows] == [("train", "12"), ("validation", "4"), ("test", "4")]
    assert table.rows[0][2:] == ("3", "3", "3", "3", "0")
    assert remarks(result) == []


def test_an_external_set_has_one_part(cohort: Path, tmp_path: Path) -> None:
    result = make_split(cohort, tmp_path / "split.json", SplitOptions(external=True))
    assert [row[:2] for row in summary_table(result).rows] == [("external", "20")]


def test_one_person_under_two_names_is_said(cohort: Path, tmp_path: Path) -> None:
    share_picture(cohort, "P00003", "P00020")
    result = make_split(cohort, tmp_path / "split.json", SplitOptions())
    (said,) = remarks(result)
    assert (
        said
        == "Kept together because of near-identical images or a common series: P00003 and P00020."
    )
    assert result.assigned.parts["P00003"] == result.assigned.parts["P00020"]


def test_pictures_that_were_not_compared_are_said(cohort: Path, tmp_path: Path) -> None:
    drop_picture(cohort, "P00020")
    (said,) = remarks(make_split(cohort, tmp_path / "split.json", SplitOptions()))
    assert said.startswith(
        "1 of 20 images were not compared (no image hash; for an archive give --index)"
    )
