"""Pseudonyms of a study: those of an index, and texts that name nobody; end to end in
``tests/test_privacy.py``."""

from __future__ import annotations

import copy
from pathlib import Path
from types import ModuleType

import pytest
from tests.batch.conftest import tiny

from lumbargrade.archive.pseudonym import Pseudonyms, read_key
from lumbargrade.batch.arms import Arm
from lumbargrade.batch.landing import GradeOptions
from lumbargrade.batch.pseudonymised import KeyedRenaming, renaming_of
from lumbargrade.errors import CohortError, StudyError
from lumbargrade.grading.finding import UserWord
from lumbargrade.inference.predict import PredictOptions
from lumbargrade.study.inputs import StudyInput
from lumbargrade.study.limits import ReadOptions
from lumbargrade.study.read import read_studies

__all__ = ["tiny"]

RENAMING = KeyedRenaming(Pseudonyms(b"k" * 32))


def _read(folder: Path) -> object:
    return read_studies(folder, ReadOptions(renaming=RENAMING))


@pytest.mark.parametrize(
    ("stored", "born", "age"),
    [
        ("054Y", "", "054Y"),
        ("099Y", "", "090Y"),
        ("006M", "", "006M"),
        ("", "19700302", "054Y"),
        ("", "19700301", "054Y"),
        ("", "19700303", "053Y"),
        ("old", "19010101", "090Y"),
        ("", "", ""),
        ("", "20300101", ""),
    ],
)
def test_the_age_stays_and_the_birth_date_goes(
    tiny: ModuleType, tmp_path: Path, stored: str, born: str, age: str
) -> None:
    header = {"PatientAge": stored, "PatientBirthDate": born, "StudyDate": "20240302"}
    try:
        slices = [tiny.axial(0, **header)]
    except UserWarning:
        pytest.skip("pydicom writes no such age")
    tiny.write_study(tmp_path / "s", slices)
    (study,) = read_studies(tmp_path / "s", ReadOptions(renaming=RENAMING))
    reference = study.series[0].slices[0].reference
    assert reference is not None
    assert (reference.PatientAge, reference.PatientBirthDate) == (age, "")


def test_dates_of_a_patient_are_shifted_alike_and_nothing_else_is_taken_over(
    tiny: ModuleType, tmp_path: Path
) -> None:
    slices = [
        tiny.axial(n, StudyInstanceUID=f"1.2.{n}", StudyDate=day, ReferringPhysicianName="A^B")
        for n, day in enumerate(("20240101", "20240131"))
    ]
    tiny.write_study(tmp_path / "s", slices)
    first, second = read_studies(tmp_path / "s", ReadOptions(renaming=RENAMING))
    days = RENAMING.pseudonyms.origin_day(first.patient_id)
    assert first.patient_id == RENAMING.pseudonyms.of("patient", "TINY")
    assert days > 0
    assert first.study_date > "20240101"
    told = f"{first.study_date[:4]}-{first.study_date[4:6]}-{first.study_date[6:]}"
    assert f"of {told}" in first.notes[0]
    reference = second.series[0].slices[0].reference
    assert reference is not None
    assert reference.StudyDate == second.study_date
    assert "ReferringPhysicianName" not in reference
    assert str(reference.PatientName) == ""


def test_a_refusal_names_no_path(tmp_path: Path) -> None:
    folder = tmp_path / "Muster" / "Max"
    folder.mkdir(parents=True)
    (folder / "Muster.dcm").write_bytes(b"\0" * 128 + b"DICM" + b"junk" * 50)
    for paths in (folder, folder / "Muster.dcm", folder / "none", tmp_path / "Muster" / "x.zip"):
        with pytest.raises(StudyError) as caught:
            _read(paths)
        assert "Muster" not in str(caught.value)
        assert "Max" not in str(caught.value)


def test_names_of_files_keep_their_folders_and_endings() -> None:
    first, second = (RENAMING.file(f"Max Muster/{name}") for name in ("1.DCM", "2.MUSTER"))
    assert first.split("/")[0] == second.split("/")[0] == RENAMING.file("Max Muster")
    assert first.endswith(".dcm")
    assert "." not in second
    assert RENAMING.file("a.dcm frame 3") == f"{RENAMING.file('a.dcm')} frame 3"
    assert RENAMING.file("a.zip:b/c.dcm").count(":") == 1


def test_what_the_user_says_is_renamed_too() -> None:
    options = GradeOptions(
        predict=PredictOptions(
            word=UserWord(series="1.2.3"), drawn={("1.2.3", "1.2.4"): (1.0, 2.0, 3.0, 4.0)}
        )
    )
    predict = RENAMING.arm(Arm(Path("out"), options)).options.predict
    assert predict.word.series == RENAMING.uid("series", "1.2.3")
    assert predict.drawn is not None
    assert list(predict.drawn) == [
        (RENAMING.uid("series", "1.2.3"), RENAMING.uid("slice", "1.2.4"))
    ]
    assert RENAMING.word(UserWord(series="5")).series == "5"
    assert RENAMING.drawn(None) is None
    (one,) = RENAMING.inputs([StudyInput("TINY", (Path("TINY"),))])
    assert one == StudyInput(RENAMING.pseudonyms.of("patient", "TINY"), (Path("TINY"),))


def test_it_travels_and_a_key_is_made_once(tmp_path: Path) -> None:
    first = renaming_of(tmp_path / "k")
    assert first.pseudonyms.key == read_key(tmp_path / "k")
    assert renaming_of(tmp_path / "k").file("a") == first.file("a")
    assert copy.deepcopy(first).file("a") == first.file("a")
    (tmp_path / "k").write_text("no key")
    with pytest.raises(CohortError, match="is not a key of lumbargrade"):
        renaming_of(tmp_path / "k")
