"""``evaluate --compare``: other models and readers of the same images."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.evaluation.graded import (
    MODEL,
    cohort_of,
    graded_slice,
    reference_slice,
    study_of,
)

from lumbargrade.cohort.read import CohortSlice
from lumbargrade.errors import EvaluationError
from lumbargrade.evaluation.match import match
from lumbargrade.evaluation.match_graders import with_graders
from lumbargrade.evaluation.match_records import Material
from lumbargrade.evaluation.measures.graders import MadeReference
from lumbargrade.grading import grades_json
from lumbargrade.grading.finding import ModelIdentity

HEAD = "reader,patient,image,system,side,grade"


@pytest.fixture
def slices() -> list[CohortSlice]:
    return [reference_slice(f"1.2.{i}", i // 2, i % 4) for i in range(8)]


@pytest.fixture
def material(slices: list[CohortSlice]) -> Material:
    study = study_of([graded_slice(one.sop_instance_uid, 0) for one in slices])
    return match([study], cohort_of(slices))


def _folder(path: Path, grade: int, model: ModelIdentity = MODEL, uid: str = "1.2.") -> Path:
    path.mkdir()
    grades_json.write(study_of([graded_slice(f"{uid}{i}", grade) for i in range(8)], model), path)
    return path


def _table(path: Path, *rows: str) -> Path:
    path.write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    return path


def test_a_folder_is_a_model(material: Material, slices: list[CohortSlice], tmp_path: Path) -> None:
    other = _folder(tmp_path / "other", 3, replace(MODEL, version="2"))
    (grader,) = with_graders(material, slices, [other]).graders
    assert (grader.name, grader.reader) == ("net 2", False)
    assert list(grader.records) == ["LDH", "LCCS", "LNRC"]
    assert {one.predicted for one in grader.records["LDH"]} == {3}


def test_models_of_one_name_are_told_apart_by_their_folders(
    material: Material, slices: list[CohortSlice], tmp_path: Path
) -> None:
    paths = [_folder(tmp_path / name, 1) for name in ("one", "two")]
    found = with_graders(material, slices, paths)
    assert [one.name for one in found.graders] == ["one", "two"]


def test_one_model_on_located_and_drawn_regions_is_told_apart_by_them(
    material: Material, slices: list[CohortSlice], tmp_path: Path
) -> None:
    drawn = tmp_path / "whatever"
    drawn.mkdir()
    region = replace(graded_slice("1", 0).region, source="drawn box")
    graded = [replace(graded_slice(one.sop_instance_uid, 1), region=region) for one in slices]
    grades_json.write(study_of(graded), drawn)
    found = with_graders(material, slices, [drawn])
    assert found.model == "net 1, located regions"
    assert [one.name for one in found.graders] == ["net 1, drawn regions"]
    again = with_graders(material, slices, [_folder(tmp_path / "same", 1)])
    assert (again.model, again.graders[0].name) == ("net 1", "same")


def test_a_model_of_one_disease_is_compared_in_that_alone(
    material: Material, slices: list[CohortSlice], tmp_path: Path
) -> None:
    single = tmp_path / "single"
    single.mkdir()
    graded = [graded_slice(one.sop_instance_uid, 0) for one in slices]
    only = [replace(one, findings=(one.findings[0],)) for one in graded]  # LCCS
    grades_json.write(study_of(only), single)
    (grader,) = with_graders(material, slices, [single]).graders
    assert list(grader.records) == ["LCCS"]


def test_a_table_holds_readers_and_the_worse_side_counts(
    material: Material, slices: list[CohortSlice], tmp_path: Path
) -> None:
    table = _table(
        tmp_path / "r.csv",
        "Ann,P0,1.2.0,LDH,,2",
        "Ann,P0,1.2.0,LNRC,left,3",
        "Ann,P0,1.2.0,LNRC,right,1",
        "Bob,P0,1.2.1,LDH,,",
        "Bob,P0,1.2.0,LDH,,0",
        "Bob,P9,elsewhere,LDH,,0",
    )
    ann, bob = with_graders(material, slices, [table]).graders
    assert (ann.name, ann.reader, list(ann.records)) == ("Ann", True, ["LDH", "LNRC"])
    assert [one.predicted for one in ann.records["LNRC"]][:2] == [3, None]
    assert [one.predicted for one in bob.records["LDH"]][:2] == [0, None]
    assert all(one.probabilities == () for one in ann.records["LDH"])


def test_of_several_cohorts_the_patient_may_be_named_without_its_cohort(
    slices: list[CohortSlice], tmp_path: Path
) -> None:
    joined = [replace(one, patient_id=f"inside/{one.patient_id}") for one in slices]
    material = match([study_of([graded_slice("1.2.0", 0)])], cohort_of(joined))
    table = _table(tmp_path / "r.csv", "Ann,P0,1.2.0,LDH,,2")
    assert with_graders(material, joined, [table]).graders[0].name == "Ann"


def test_a_name_is_the_same_in_either_spelling(tmp_path: Path) -> None:
    slices = [replace(reference_slice("1.2.0", 0, 0), patient_id="Mu\u0308ller")]
    material = match([study_of([graded_slice("1.2.0", 0)])], cohort_of(slices))
    for name in ("Mu\u0308ller", "M\u00fcller"):
        table = _table(tmp_path / "r.csv", f"Ann,{name},1.2.0,LDH,,2")
        assert with_graders(material, slices, [table]).graders[0].name == "Ann"


def test_what_is_left_out_of_a_table_is_said(
    material: Material, slices: list[CohortSlice], tmp_path: Path
) -> None:
    table = _table(
        tmp_path / "r.csv",
        "Ann,P0,1.2.0,LNRC,left,1",
        "Ann,P0,1.2.1,LNRC,left,3",
        "Ann,P0,1.2.1,LDH,,1",
        "Ann,P9,elsewhere,LDH,,0",
    )
    found = with_graders(material, slices, [table])
    assert [one.predicted for one in found.graders[0].records["LNRC"]][:2] == [None, 3]
    assert found.notes[-2:] == (
        "r.csv: 1 of 4 readings belong to no evaluated image and are excluded.",
        "r.csv: 2 readings grade only one side of an image; the worse side is not known unless "
        "that is the highest grade.",
    )


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("Ann,P0,9.9,LDH,,2", r"r.csv: none of its 1 readings belongs to an evaluated image: name"),
        ("Ann,P7,1.2.0,LDH,,2", r"row 2: image 1.2.0 belongs to patient P7 here and to P0 in the"),
        ("net 1,P0,1.2.0,LDH,,2", r"the name of reader 'net 1' is taken by another grader: rename"),
        ("Ann,P0,1.2.0,LDH,,7", r"row 2: LDH grade '7' is unknown"),
    ],
)
def test_a_table_that_does_not_fit_is_refused(
    row: str, message: str, material: Material, slices: list[CohortSlice], tmp_path: Path
) -> None:
    with pytest.raises(EvaluationError, match=message):
        with_graders(material, slices, [_table(tmp_path / "r.csv", row)])


def test_other_images_and_the_same_folder_twice_are_refused(
    material: Material, slices: list[CohortSlice], tmp_path: Path
) -> None:
    strange = _folder(tmp_path / "strange", 1, uid="8.8.")
    with pytest.raises(
        EvaluationError, match="strange: none of its grades belongs to an evaluated"
    ):
        with_graders(material, slices, [strange])
    twice = _folder(tmp_path / "twice", 1)
    with pytest.raises(EvaluationError, match="twice: is given twice: give it once"):
        with_graders(material, slices, [twice, twice, twice])


@pytest.mark.parametrize(
    ("makers", "made"),
    [
        (("Ann", "Bob"), MadeReference.HELPED),
        (("Ann", ""), MadeReference.HELPED),
        (("Bob",), MadeReference.OTHERS),
        ((), MadeReference.OTHERS),
        (("Bob", ""), MadeReference.UNKNOWN),
        (("",), MadeReference.UNKNOWN),
    ],
)
def test_whether_a_reader_made_the_reference(
    makers: tuple[str, ...], made: MadeReference, material: Material,
    slices: list[CohortSlice], tmp_path: Path,
) -> None:  # fmt: skip
    slices = [replace(one, reference_by=makers) for one in slices]
    path = _table(tmp_path / "r.csv", "Ann,P0,1.2.0,LDH,,1")
    (ann,) = with_graders(material, slices, [path]).graders
    assert ann.made_reference == {"internal test": made}
    assert ann.made("internal test") is made
    assert ann.made("external test") is MadeReference.UNKNOWN  # read nothing of it
    model = _folder(tmp_path / "other", 3, replace(MODEL, version="2"))
    (net,) = with_graders(material, slices, [model]).graders
    assert net.made("internal test") is None


def test_readings_of_discs_are_not_compared_and_told(
    material: Material, slices: list[CohortSlice], tmp_path: Path
) -> None:
    table = tmp_path / "r.csv"
    discs = "reader,patient,sop,level,system,grade\nAnn,P0,,L4/L5,PFIRRMANN,3\n"
    table.write_text(f"{discs}Ann,P0,1.2.0,,LDH,2\n")
    found = with_graders(material, slices, [table])
    assert "r.csv: 1 readings of discs are not compared: see `agreement`." in found.notes
    table.write_text(discs)
    with pytest.raises(EvaluationError, match="see `agreement`, and give tables of slices here"):
        with_graders(material, slices, [table])
