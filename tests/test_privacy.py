"""Which identifying element lands in which file: as the table of ``docs/privacy.md`` says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import highdicom
import pytest
from pydicom.datadict import dictionary_VR
from tests.inference.conftest import bundle_folder, tiny
from typer.testing import CliRunner, Result

from lumbargrade.archive.pseudonym import Pseudonyms, read_key, uid_of_pseudonym
from lumbargrade.cli.main import app
from lumbargrade.grading.grades_json import read

__all__ = ["bundle_folder", "tiny"]

HEADING = "## Which element lands in which file"
SCREEN = "screen"
FOLDER, FILE = "MUSTERFOLDER", "MUSTERFILE"
ELEMENTS: Mapping[str, str] = {
    "PatientID": "ZPID",
    "PatientName": "ZNAME^ZGIVEN",
    "PatientBirthDate": "19510203",
    "PatientSex": "O",
    "PatientAge": "073Y",
    "OtherPatientNames": "ZOTHER^N",
    "PatientAddress": "ZADDRESS",
    "PatientComments": "ZCOMMENTS",
    "ReferringPhysicianName": "ZREFERRING^N",
    "OperatorsName": "ZOPERATOR^N",
    "InstitutionName": "ZINSTITUTION",
    "StationName": "ZSTATION",
    "DeviceSerialNumber": "ZSERIAL",
    "AccessionNumber": "ZACCESSION",
    "StudyID": "ZSTUDYID",
    "StudyDate": "20241122",
    "StudyTime": "101112",
    "SeriesDate": "20241123",
    "AcquisitionDate": "20241124",
    "StudyDescription": "ZSTUDYDESCR",
    "SeriesDescription": "ZSERIESDESCR t2 tra",
    "ProtocolName": "ZPROTOCOL",
    "ImageComments": "ZIMAGECOMMENTS",
    "StudyInstanceUID": "1.2.826.7771",
    "SeriesInstanceUID": "1.2.826.7772",
    "SOPInstanceUID": "1.2.826.7773",
    "FrameOfReferenceUID": "1.2.826.7774",
}
"""Keyword -> a value that stands nowhere else."""

Grade = Callable[..., Result]


def told(keyword: str) -> tuple[str, ...]:
    """The forms in which a value is found again; none for what is too short to be sure of."""
    value = ELEMENTS.get(keyword, keyword)
    if keyword.endswith("Date"):
        return value, f"{value[:4]}-{value[4:6]}-{value[6:]}"
    if keyword == "PatientAge":
        return value, "73 years"
    return (value.split("^")[0].split(" ")[0],)


@pytest.fixture
def studies(tiny: ModuleType, tmp_path: Path) -> list[Path]:
    """A folder of two studies, of which the first has a sagittal series; and one that fails."""

    def slices(study: int, series: int, **changes: Any) -> Iterator[Any]:
        for number in range(2):
            uids = {
                "StudyInstanceUID": f"{ELEMENTS['StudyInstanceUID']}.{study}",
                "SeriesInstanceUID": f"{ELEMENTS['SeriesInstanceUID']}.{study}.{series}",
                "SOPInstanceUID": f"{ELEMENTS['SOPInstanceUID']}.{study}.{series}.{number}",
            }
            yield tiny.axial(number, **{**ELEMENTS, **uids, **changes})

    sagittal = {"ImageOrientationPatient": [0, 1, 0, 0, 0, -1]}
    folder, failing = tmp_path / FOLDER, tmp_path / f"{FOLDER}2"
    datasets = [
        *slices(1, 1),
        *slices(1, 2, SeriesNumber=2, **sagittal),
        *slices(2, 1, StudyDate="20200101"),
    ]
    tiny.write_study(folder, datasets)
    tiny.write_study(failing, list(slices(3, 1, **sagittal)))
    for place in (folder, failing):
        for path in list(place.iterdir()):
            path.rename(place / f"{FILE}{path.name}")
    (folder / f"{FILE}.txt").write_text("no image")
    return [folder, failing]


@pytest.fixture
def grade(tiny: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Grade:
    monkeypatch.setenv("COLUMNS", "300")
    model = tiny.write_bundle(tmp_path / "drawing", plane_logits=(4.0, 1.0, 0.0))

    def call(*arguments: object, reported: bool = True) -> Result:
        given = ["grade", *map(str, arguments), "--precision", "f32", "--model", str(model)]
        return CliRunner().invoke(app, [*given, *(["--sr"] if reported else [])])

    return call


def found_in(out: Path, result: Result, words: tuple[str, ...]) -> set[str]:
    """Names of the files (and ``screen``) that hold one of the words, in any code of text."""
    texts = [(path.name, path.read_bytes()) for path in out.rglob("*") if path.is_file()]
    paths = " ".join(path.relative_to(out).as_posix() for path in out.rglob("*"))
    texts.append((SCREEN, f"{result.stdout} {result.stderr} ".encode()))
    texts.append(("names in OUT", paths.encode()))
    return {name for name, data in texts if any(word.encode() in data for word in words)}


def table(repository: Path) -> tuple[list[str], dict[str, list[str]]]:
    """The columns of the table, and its rows: keyword -> yes or no in each."""
    text = (repository / "docs" / "privacy.md").read_text(encoding="utf-8").split(HEADING)[1]
    lines = [line for line in re.split("\n##", text)[0].splitlines() if line.startswith("|")]
    cells = [[cell.strip(" `*") for cell in line.strip("|").split("|")] for line in lines]
    # Keywords are names without blanks and genitives (PS3.6).
    names = [re.sub("'s|[ ']", "", row[0]).casefold() for row in cells[2:]]
    return cells[0][1:], dict(zip(names, (row[1:] for row in cells[2:]), strict=True))


def test_the_table_is_what_happens(
    grade: Grade, studies: list[Path], tmp_path: Path, repository: Path
) -> None:
    out = tmp_path / "out"
    result = grade(*studies, "-o", out)
    assert result.exit_code == 1, result.output
    columns, rows = table(repository)
    # The sex is one letter, and stands where the age does.
    words = {name.casefold(): told(name) for name in ELEMENTS if name != "PatientSex"}
    words |= {"nameofafile": (FILE,), "nameofastudyfolder": (FOLDER,)}
    words["patientsexandage"] = words.pop("patientage")
    assert set(rows) == set(words)
    seen: dict[str, list[str]] = {}
    for name in rows:
        where = found_in(out, result, words[name])
        seen[name] = ["yes" if column in where else "no" for column in columns]
        assert where <= set(columns), f"{name} lands in {where}, of which the page says nothing"
    assert seen == rows


def test_under_pseudonyms_nothing_lands_anywhere(
    grade: Grade, studies: list[Path], tmp_path: Path
) -> None:
    out, key = tmp_path / "out", tmp_path / "k"
    result = grade(*studies, "-o", out, "--pseudonymise", key, "--series", "1")
    assert result.exit_code == 1, result.output
    assert key.stat().st_mode & 0o077 == 0
    for name in (*ELEMENTS, FILE, FOLDER):
        if name not in ("PatientSex", "PatientAge", "PatientID"):
            assert not found_in(out, result, told(name)), name
    assert found_in(out, result, ("ZPID",)) == set()
    pseudonyms = Pseudonyms(read_key(key))
    graded = [read(path) for path in sorted(out.rglob("grades.json"))]
    assert {one.patient_id for one in graded} == {pseudonyms.of("patient", "ZPID")}
    uids = {item.sop_instance_uid for one in graded for item in one.slices}
    wanted = {
        uid_of_pseudonym(pseudonyms.of_slice(f"1.2.826.7773.{study}.1.{number}"))
        for study in (1, 2)
        for number in (0, 1)
    }
    assert uids == wanted
    again = grade(*studies, "-o", tmp_path / "again", "--pseudonymise", key, "--series", "1")
    assert again.exit_code == 1
    assert len(uids) == 4
    for path in out.rglob("grades.*"):
        twin = tmp_path / "again" / path.relative_to(out)
        assert twin.read_bytes() == path.read_bytes(), path.name


def test_the_grades_are_those_of_the_study_itself(
    grade: Grade, studies: list[Path], tmp_path: Path
) -> None:
    plain, keyed = tmp_path / "plain", tmp_path / "keyed"
    grade(*studies, "-o", plain, reported=False)
    grade(*studies, "-o", keyed, "--pseudonymise", tmp_path / "k")

    def grades(out: Path) -> list[str]:
        slices = [item for path in out.rglob("grades.json") for item in read(path).slices]
        return sorted(f"{item.findings} {item.region} {item.measures}" for item in slices)

    assert len(grades(plain)) == 4
    assert grades(plain) == grades(keyed)
    (one, *_) = keyed.rglob("grades.dcm")
    report: Any = highdicom.sr.srread(one)
    assert (report.PatientAge, report.PatientBirthDate, report.PatientName) == ("073Y", "", "")
    assert report.PatientIdentityRemoved == "YES"
    assert len(report.DeidentificationMethod) <= 64


def test_no_text_of_a_header_is_printed(
    grade: Grade, tiny: ModuleType, tmp_path: Path, recwarn: pytest.WarningsRecorder
) -> None:
    """Every text element that may stand in a file of MR holds the same words."""
    texts = {
        keyword: "MARKER"
        for keyword in (*ELEMENTS, "NameOfPhysiciansReadingStudy", "PatientTelephoneNumbers")
        if dictionary_VR(keyword) in ("LO", "SH", "PN", "LT", "ST", "UT")
    }
    assert len(texts) > 10
    texts |= {"SeriesDescription": "MARKER t2", "ContrastBolusAgent": ""}
    study = tiny.write_study(tmp_path / "study", [tiny.axial(n, **texts) for n in range(3)])
    result = grade(study, "-o", tmp_path / "out", "--contrast", "t2", "--series", "1")
    assert result.exit_code == 0, result.output
    assert (tmp_path / "out" / "grades.dcm").exists()
    assert "MARKER" not in result.stdout + result.stderr
    assert not [one for one in recwarn if "MARKER" in str(one.message)]
