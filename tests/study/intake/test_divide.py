"""Files of one folder become studies; patients are never mixed and never named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.study.conftest import ROOT, axial_slice, fails, reasons, save

from lumbargrade.grading.finding import NotGraded
from lumbargrade.study.dicom.file import DicomFile, Patient
from lumbargrade.study.intake.divide import SHOWN_STUDIES, date_of, divide, several_told
from lumbargrade.study.limits import Budget, ReadOptions
from lumbargrade.study.pixels.kept import StoredPixels
from lumbargrade.study.read import read_studies

NO_PIXELS = StoredPixels(b"", None, Budget(ReadOptions()))
Folder = Callable[..., Path]


def file(name: str, patient: Patient, study: str = "1", date: str = "20240101") -> DicomFile:
    return DicomFile(name, patient, study, date, "", f"{study}.{name}", None, name, (), NO_PIXELS)


def names(*files: DicomFile) -> list[list[str]]:
    return [[one.name for one in study.files] for study in divide(files, ())]


ONE, TWO = Patient("P1", "One^Pat", ""), Patient("P2", "Two^Pat", "")


def test_studies_come_by_date_and_then_by_file() -> None:
    late, early, same = (
        file("a", ONE, "1", "20250101"),
        file("b", ONE, "2", "20240101"),
        file("c", ONE, "3", "20250101"),
    )
    assert names(late, early, same) == [["b"], ["a"], ["c"]]


@pytest.mark.parametrize(
    "second",
    [
        TWO,
        Patient("", "One^Pat", ""),
        Patient("P1", "One^Pat", "19800101"),
    ],
)
def test_patients_are_apart_even_under_one_study_uid(second: Patient) -> None:
    first = Patient("P1", "One^Pat", "19700101")
    studies = divide([file("a", first), file("b", second), file("c", first)], ())
    assert [[one.name for one in study.files] for study in studies] == [["a", "c"], ["b"]]
    for study, other in zip(studies, ("b", "a"), strict=True):
        (note,) = study.notes
        assert f"carry the same Study Instance UID, for example {other}: they are" in note
        assert "P1" not in note
    assert several_told(studies).startswith("2 studies of several patients: ")


def test_patients_without_an_id_are_told_by_name() -> None:
    nobody = Patient("", "Two^Pat", "")
    assert names(file("a", Patient("", "One^Pat", "")), file("b", nobody)) == [["a"], ["b"]]
    assert names(file("a", Patient("", "two^pat", "")), file("b", nobody)) == [["a", "b"]]


def test_a_file_without_a_birth_date_is_of_the_only_one_with_a_date() -> None:
    born, other = Patient("P1", "", "19700101"), Patient("P1", "", "19800101")
    unsaid = Patient("P1", "", "")
    assert names(file("a", unsaid), file("b", born)) == [["a", "b"]]
    assert names(file("a", unsaid), file("b", born), file("c", other)) == [["a"], ["b"], ["c"]]


@given(st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from("12"), st.sampled_from("xy"))))
def test_no_file_is_lost_and_no_study_is_mixed(given_: list[tuple[str, str, str]]) -> None:
    files = [
        file(str(number), Patient(patient, "", ""), study, date)
        for number, (patient, study, date) in enumerate(given_)
    ]
    studies = divide(files, ())
    assert sorted(one.name for study in studies for one in study.files) == sorted(
        one.name for one in files
    )
    for study in studies:
        assert len({(one.patient, one.study_instance_uid) for one in study.files}) == 1


def test_what_could_not_be_read_goes_to_its_series_or_its_folder() -> None:
    files = [file("x/a", ONE, "1"), file("y/b", ONE, "2"), file("y/c", ONE, "2")]
    left = [
        NotGraded("z/by-series", "", "", files[0].series_instance_uid),
        NotGraded("y/by-folder", ""),
        NotGraded("nowhere", ""),
    ]
    found = [[item.what for item in study.not_read] for study in divide(files, left)]
    assert found == [["z/by-series", "nowhere"], ["y/by-folder", "nowhere"]]


def test_dates_are_shown_as_dates() -> None:
    assert date_of("20240131") == "2024-01-31"
    assert [date_of(one) for one in ("", "2024", "2024-1-31", "\N{SUPERSCRIPT TWO}0240131")] == [
        "", "", "", "",
    ]  # fmt: skip


def test_many_studies_are_not_all_named() -> None:
    files = [file(f"{n}", ONE, f"{n}", f"2024010{n}") for n in range(1, SHOWN_STUDIES + 3)]
    told = several_told(divide(files, ()))
    assert told.startswith("7 studies of one patient: 2024-01-01 (for example 1); 2024-01-02")
    assert told.endswith("2024-01-05 (for example 5); and 2 more")


@pytest.mark.parametrize(
    ("change", "of"),
    [
        ({"StudyInstanceUID": f"{ROOT}.2", "StudyDate": "20240101"}, "one patient"),
        ({"StudyInstanceUID": f"{ROOT}.2", "StudyDate": "20240101", "PatientID": "P2"}, "several"),
        ({"StudyDate": "20240101", "PatientBirthDate": "19800101"}, "several patients"),
    ],
)
def test_one_study_is_asked_for_with_the_dates_of_all(
    study_folder: Folder, change: dict[str, Any], of: str
) -> None:
    folder = study_folder(axial_slice(1, StudyDate="20250203"), axial_slice(2, **change))
    message = fails(folder)
    assert f"2 studies of {of}" in message
    assert "2024-01-01 (for example 0001); 2025-02-03 (for example 0000)" in message
    assert "give one study at a time, or grade each with" in message
    assert not any(name in message for name in ("P1", "P2", "One"))


def test_each_study_of_a_folder_says_which_it_is(study_folder: Folder) -> None:
    folder = study_folder(axial_slice(1, StudyDate="20250203"))
    save(axial_slice(2, StudyInstanceUID=f"{ROOT}.2", StudyDate="20240101"), folder / "b" / "1")
    (folder / "b" / "notes.txt").write_text("no image")
    early, late = read_studies(folder)
    assert (early.study_date, late.study_date) == ("20240101", "20250203")
    assert early.notes == ("one of 2 studies that lay together: of 2024-01-01 (for example b/1)",)
    assert (list(reasons(early)), list(reasons(late))) == (["b/notes.txt"], [])
