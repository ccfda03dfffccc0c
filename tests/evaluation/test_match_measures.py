"""``evaluate --measures``: a model's measures beside readers', nothing dropped in silence."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.evaluation.graded import cohort_of, graded_slice, sixteen_slices, study_of
from tests.evaluation.measured import AREA, HEAD, RECESS, measured_slices, reader_rows, write_table

from lumbargrade.errors import EvaluationError
from lumbargrade.evaluation.match import match
from lumbargrade.evaluation.match_measures import with_measures
from lumbargrade.evaluation.match_records import Material
from lumbargrade.evaluation.morphometry.measurer import Place
from lumbargrade.grading.finding import Side, StudyGrades

SLICES = measured_slices()
STUDIES = [study_of(SLICES[:15])]


@pytest.fixture(scope="module")
def material() -> Material:
    return match(STUDIES, cohort_of(sixteen_slices()))


def _with(
    material: Material, path: Path, rows: list[str], studies: list[StudyGrades] | None = None
) -> Material:
    return with_measures(material, studies or STUDIES, [write_table(path / "Ann.csv", rows)])


def test_without_tables_nothing_changes(material: Material) -> None:
    assert with_measures(material, STUDIES, []) is material


def test_the_model_stands_first_and_each_reader_behind(material: Material, tmp_path: Path) -> None:
    paths = [
        write_table(tmp_path / f"{who}.csv", reader_rows(SLICES, seed=seed))
        for seed, who in enumerate(("Ann", "Bob"))
    ]
    found = with_measures(material, STUDIES, paths)
    assert [one.name for one in found.measurers] == ["net 1", "Ann", "Bob"]
    model, ann, _ = found.measurers
    place = Place("1.2.3", 1, RECESS, Side.LEFT)
    assert model.values[place] == pytest.approx(4.3)
    assert ann.values[place] == pytest.approx(4.3, abs=3)
    assert model.values[Place("1.2.3", 1, "root_share", None)] is None


def test_what_cannot_be_compared_is_counted(material: Material, tmp_path: Path) -> None:
    rows = [
        f"1.2.0,1,{AREA},,100,",
        f"1.2.0,1,{AREA},,100.0,mm2",  # once more
        f"8.8,1,{AREA},,90,",  # no image of the cohort
        f"1.2.15,1,{AREA},,90,",  # not graded
        f"1.2.0,2,{AREA},,90,",  # another frame
        "1.2.1,1,cord_area_mm2,,60,",
        "1.2.2,1,cord_area_mm2,,61,",
    ]
    found = _with(material, tmp_path, rows)
    assert found.notes[len(material.notes) :] == (
        "Ann: 1 measures occur twice with one value and count once.",
        "Ann: 1 of 6 measures belong to no evaluated image and are excluded.",
        "Ann: 2 measures are of slices that the model did not grade.",
        "Ann: 2 measures are not given by the model (cord_area_mm2).",
    )


def test_tables_of_one_name_are_told_apart_by_their_folders(
    material: Material, tmp_path: Path
) -> None:
    paths = []
    for who in ("Ann", "Bob"):
        (tmp_path / who).mkdir()
        paths.append(write_table(tmp_path / who / "measures.csv", reader_rows(SLICES)))
    found = with_measures(material, STUDIES, paths)
    assert [one.name for one in found.measurers[1:]] == ["measures", "Bob"]
    with pytest.raises(EvaluationError, match="is given twice: give each table once"):
        with_measures(material, STUDIES, [paths[0]] * 4)


def test_measures_of_training_patients_stay_outside(material: Material, tmp_path: Path) -> None:
    """Their slices are in no part that is evaluated."""
    images = tuple(
        replace(one, part="train and validation") if one.image == "1.2.0" else one
        for one in material.images
    )
    found = _with(replace(material, images=images), tmp_path, reader_rows(SLICES))
    assert all(place.image != "1.2.0" for one in found.measurers for place in one.values)
    assert "Ann: 3 of 48 measures belong to no evaluated image and are excluded." in found.notes


def test_a_side_too_few_or_too_many_is_refused(material: Material, tmp_path: Path) -> None:
    rows = [f"1.2.0,1,{AREA},,100,", f"1.2.0,1,{RECESS},,4,", f"1.2.1,1,{AREA},left,4,"]
    with pytest.raises(
        EvaluationError,
        match=rf"line 3: {RECESS} is of one side: give left or right \(1 more lines are wrong\)",
    ):
        _with(material, tmp_path, rows)
    with pytest.raises(EvaluationError, match=rf"line 2: {AREA} has no sides"):
        _with(material, tmp_path, rows[2:])


def test_a_table_of_something_else_is_refused(material: Material, tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="none of its 1 measures belongs to an evaluated im"):
        _with(material, tmp_path, [f"8.8,1,{AREA},,100,"])
    with pytest.raises(EvaluationError, match="the model gives none of its measures: name them"):
        _with(material, tmp_path, ["1.2.0,1,cord_area_mm2,,60,"])


def test_a_model_that_measures_nothing_is_refused(material: Material, tmp_path: Path) -> None:
    bare = [study_of([graded_slice("1.2.0", 0)])]
    with pytest.raises(EvaluationError, match="the grades hold no measure: grade with a model"):
        _with(material, tmp_path, [f"1.2.0,1,{AREA},,100,"], bare)


def test_the_table_may_lack_what_is_not_needed(material: Material, tmp_path: Path) -> None:
    assert HEAD.startswith("sop_instance_uid")
    path = write_table(tmp_path / "t.csv", [f"100;{AREA};1.2.0"], "Value;Measure;SOP_Instance_UID")
    found = with_measures(material, STUDIES, [path])
    assert found.measurers[1].values == {Place("1.2.0", 1, AREA, None): 100.0}
