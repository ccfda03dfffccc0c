from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from lumbargrade.errors import OutputError
from lumbargrade.files.ledger import LEDGER, PRIVATE, Ledger, write_ledger
from lumbargrade.files.output_folder import check_whole, opened
from lumbargrade.grading import grades_json
from lumbargrade.grading.finding import StudyGrades
from lumbargrade.outputs.study_folder import (
    Owner,
    check_for_grades,
    code_of,
    land_flat,
    land_study,
    owner_of,
    study_in,
)

A, B = Owner("1a", "P1"), Owner("2b", "P1")


@pytest.fixture
def out(tmp_path: Path) -> Iterator[Path]:
    with opened(tmp_path / "out") as folder:
        yield folder


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} - {PRIVATE}


def _write(folder: Path, *names: str, text: str = "") -> None:
    for name in names:
        (folder / name).write_text(text)


def test_codes_tell_studies_apart_and_name_nobody(study_grades: StudyGrades) -> None:
    assert owner_of(study_grades, "P1") == Owner(
        code_of(study_grades.patient_id, study_grades.study_instance_uid), "P1"
    )
    assert code_of("P1", "1.2") != code_of("P2", "1.2")
    assert code_of("P1", "1.2") != code_of("P1", "1.3")
    assert "P1" not in code_of("P1", "1.2")
    without = replace(study_grades, study_instance_uid="")
    fewer = replace(without, slices=without.slices[1:])
    assert owner_of(without, "").code != owner_of(fewer, "").code


def test_the_same_study_replaces_itself_and_another_gets_a_number(out: Path) -> None:
    first = land_study(out, A, lambda folder: _write(folder, "grades.json", "grades.dcm"))
    other = land_study(out, B, lambda folder: _write(folder, "grades.json", text="other"))
    again = land_study(out, A, lambda folder: _write(folder, "grades.json", text="again"))
    once_more = land_study(out, B, lambda folder: _write(folder, "grades.json", text="more"))
    assert [one.path.name for one in (first, other, again, once_more)] == [
        "P1", "P1-2", "P1", "P1-2",
    ]  # fmt: skip
    assert [one.replaced for one in (first, other, again, once_more)] == [False, False, True, True]
    assert _names(out / "P1") == {LEDGER, "grades.json"}  # grades.dcm was of the earlier run
    assert (out / "P1-2" / "grades.json").read_text() == "more"
    assert (study_in(out / "P1"), study_in(out / "P1-2"), study_in(out)) == ("1a", "2b", "")


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("predictions.csv", "study-predictions.csv"),
        ("REPORT.html", "study-REPORT.html"),
        (".lumbargrade", "study-lumbargrade"),
        (".lumbargrade.json", "study-lumbargrade.json"),
        ("..", "study-"),
        ("x" * 250, "x" * 200),
        ("\u00e9" * 101, "\u00e9" * 100),
    ],
)
def test_a_name_that_cannot_be_had_is_changed(out: Path, name: str, folder: str) -> None:
    landed = land_study(out, Owner("1a", name), lambda place: _write(place, "grades.json"))
    assert landed.path == out / folder
    assert _names(out) == {folder}


def test_files_of_others_are_not_replaced(out: Path) -> None:
    land_study(out, A, lambda folder: _write(folder, "grades.json", text="old"))
    (out / "P1" / "thesis.doc").write_text("mine")
    with pytest.raises(OutputError, match=r"did not write \(thesis.doc\)"):
        land_study(out, A, lambda folder: _write(folder, "grades.json", text="new"))
    assert (out / "P1" / "grades.json").read_text() == "old"
    (out / "P2").write_text("a file of the user")
    landed = land_study(out, Owner("3c", "P2"), lambda folder: _write(folder, "grades.json"))
    assert landed.path.name == "P2-2"


def test_a_study_that_cannot_be_written_leaves_nothing(out: Path) -> None:
    def fail(folder: Path) -> None:
        _write(folder, "grades.json")
        raise OutputError("no")

    for land in (land_study, land_flat):
        with pytest.raises(OutputError, match="no"):
            land(out, A, fail)
        assert _names(out) == set()


def test_a_study_in_the_folder_itself_gives_way_to_the_same_only(out: Path) -> None:
    assert not land_flat(
        out, A, lambda folder: _write(folder, "grades.json", "grades.dcm")
    ).replaced
    assert land_flat(out, A, lambda folder: _write(folder, "grades.json", text="new")).replaced
    assert _names(out) == {LEDGER, "grades.json"}
    with pytest.raises(OutputError, match="holds the grades of another study"):
        land_flat(out, B, lambda folder: _write(folder, "grades.json"))
    land_study(out, B, lambda folder: _write(folder, "grades.json"))
    assert land_flat(out, A, lambda folder: _write(folder, "grades.json")).replaced
    assert _names(out) == {LEDGER, "grades.json", "P1"}


def test_results_of_earlier_versions_are_known_by_their_grades(
    out: Path, study_grades: StudyGrades
) -> None:
    owner = owner_of(study_grades, "P1")
    (out / "P1").mkdir()
    grades_json.write(study_grades, out / "P1")
    write_ledger(out, Ledger(("P1/grades.json", "predictions.csv")))
    (out / "predictions.csv").touch()
    check_for_grades(out)
    assert land_study(out, owner, lambda folder: _write(folder, "grades.json")).replaced
    shutil.rmtree(out / "P1")
    grades_json.write(study_grades, out)
    write_ledger(out, Ledger(("grades.json", "predictions.csv")))
    assert study_in(out) == owner.code
    (out / "grades.json").write_text("{")
    assert study_in(out) == ""


def test_other_results_and_files_of_others_keep_the_folder(out: Path) -> None:
    check_for_grades(out)
    write_ledger(out, Ledger(("report.html", "evaluation.json")))
    with pytest.raises(OutputError, match=r"other results of lumbargrade \(evaluation.json\)"):
        check_for_grades(out)
    (out / LEDGER).unlink()
    land_study(out, A, lambda folder: _write(folder, "grades.json"))
    check_for_grades(out)
    (out / "thesis.doc").touch()
    with pytest.raises(OutputError, match="did not write"):
        check_for_grades(out)


def test_a_study_is_not_in_the_folder_itself_and_in_one_of_its_own(out: Path) -> None:
    land_flat(out, A, lambda folder: _write(folder, "grades.json", "measures.csv"))
    assert not land_study(out, B, lambda folder: _write(folder, "grades.json")).replaced
    assert study_in(out) == A.code
    assert land_study(out, A, lambda folder: _write(folder, "grades.json")).replaced
    assert _names(out) == {LEDGER, "P1", "P1-2"}
    assert study_in(out) == ""


def test_a_replacement_that_is_interrupted_is_ended_by_the_next_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, rename = tmp_path / "place", Path.rename

    def until_interrupted(source: Path, target: Path) -> Path:
        moved = rename(source, target)
        if target.parent.name.startswith("old-"):
            raise KeyboardInterrupt
        return moved

    def grade(text: str) -> None:
        with opened(place) as folder:
            land_study(folder, A, lambda inner: _write(inner, "grades.json", text=text))

    grade("first")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", until_interrupted)
        with pytest.raises(KeyboardInterrupt):
            grade("again")
    with pytest.raises(OutputError, match="its results are not whole"):
        check_whole(place)
    with opened(place):
        pass
    assert (place / "P1" / "grades.json").read_text() == "again"
    assert _names(place) == {"P1"}
