from __future__ import annotations

import shutil
from pathlib import Path
from types import ModuleType

import pytest

from lumbargrade.batch.cluster.folders import DEEPEST, Listed, list_archive
from lumbargrade.errors import StudyError


def series(tiny: ModuleType, folder: Path, uid: str, count: int = 1) -> Path:
    """Write a folder of slices of one study."""
    slices = [tiny.axial(number, StudyInstanceUID=uid) for number in range(count)]
    return Path(tiny.write_study(folder, slices))


def told(listed: Listed, archive: Path) -> dict[str, list[str]]:
    """The names and, below the archive, the paths of what was listed."""
    return {
        one.name: [str(path.relative_to(archive)) for path in one.paths] for one in listed.inputs
    }


def test_each_folder_of_an_archive_is_an_input(tiny: ModuleType, tmp_path: Path) -> None:
    for number in range(3):
        series(tiny, tmp_path / f"P1.{number}" / "axial", f"1.{number}")
        series(tiny, tmp_path / f"P1.{number}" / "sagittal", f"1.{number}")
    listed = list_archive([tmp_path])
    assert told(listed, tmp_path) == {f"P1.{n}": [f"P1.{n}"] for n in range(3)}
    assert listed.left_out == ()


def test_series_of_one_study_are_never_parted(tiny: ModuleType, tmp_path: Path) -> None:
    for name in ("axial", "sagittal"):
        series(tiny, tmp_path / "study" / name, "1.1")
    assert told(list_archive([tmp_path / "study"]), tmp_path) == {"study": ["study"]}
    series(tiny, tmp_path / "study" / "other", "1.2")
    assert told(list_archive([tmp_path / "study"]), tmp_path) == {
        "axial": ["study/axial", "study/sagittal"],
        "other": ["study/other"],
    }


def test_studies_below_a_patient_have_the_way_in_their_names(
    tiny: ModuleType, tmp_path: Path
) -> None:
    for patient in ("P1", "P2"):
        for study in ("MR1", "MR2")[: 2 if patient == "P1" else 1]:
            for number, name in enumerate(("a", "b")):
                series(tiny, tmp_path / patient / study / name, f"{patient[1]}.{study[2]}", number)
                series(tiny, tmp_path / patient / study / name, f"{patient[1]}.{study[2]}")
    assert told(list_archive([tmp_path]), tmp_path) == {
        "P1_MR1": ["P1/MR1"],
        "P1_MR2": ["P1/MR2"],
        "P2": ["P2"],
    }


def test_zips_links_and_loose_files(tiny: ModuleType, tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    study = series(tiny, tmp_path / "elsewhere", "1.1", 2)
    series(tiny, archive / "P1", "1.2")
    (archive / "link").symlink_to(study)
    shutil.make_archive(str(archive / "P3.v2"), "zip", study)
    shutil.copy(next(study.iterdir()), archive / "loose.dcm")
    for name in ("DICOMDIR", "notes.txt", ".hidden"):
        (archive / name).write_text("no slice")
    listed = list_archive([archive])
    assert told(listed, archive) == {
        "P1": ["P1"], "P3.v2": ["P3.v2.zip"], "link": ["link"], "loose": ["loose.dcm"],
    }  # fmt: skip
    assert [path.name for path in listed.left_out] == ["DICOMDIR", "notes.txt"]


def test_a_folder_of_slices_or_of_nothing_is_read_as_it_is(
    tiny: ModuleType, tmp_path: Path
) -> None:
    series(tiny, tmp_path / "flat", "1.1", 3)
    (tmp_path / "empty").mkdir()
    listed = list_archive([tmp_path / "flat", tmp_path / "empty"])
    assert told(listed, tmp_path) == {"flat": ["flat"], "empty": ["empty"]}


def test_what_cannot_be_read_is_an_input_that_will_fail(tiny: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "x.dcm").write_bytes(b"no DICOM")
    series(tiny, tmp_path / "good", "1.1")
    assert told(list_archive([tmp_path]), tmp_path) == {"bad": ["bad"], "good": ["good"]}


def test_files_cohorts_and_names_that_are_taken(tiny: ModuleType, tmp_path: Path) -> None:
    one = series(tiny, tmp_path / "a" / "P1", "1.1")
    series(tiny, tmp_path / "cohort" / "studies" / "P1", "1.2")
    (tmp_path / "cohort" / "cohort.json").write_text("{}")
    listed = list_archive([one, tmp_path / "cohort", *one.iterdir()])
    assert [item.name for item in listed.inputs] == ["P1", "P1-2", next(one.iterdir()).stem]


def test_folders_without_end_are_one_input(tiny: ModuleType, tmp_path: Path) -> None:
    deep = tmp_path / "top"
    for _ in range(DEEPEST + 8):
        deep /= "d"
    series(tiny, deep, "1.1")
    assert told(list_archive([tmp_path / "top"]), tmp_path) == {"top": ["top"]}


def test_a_path_that_is_not_there_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match=r"nowhere: no such file or folder: check the path"):
        list_archive([tmp_path / "nowhere"])


def test_a_folder_that_cannot_be_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("os.scandir", closed)
    with pytest.raises(StudyError, match="the folder cannot be listed: Permission denied"):
        list_archive([tmp_path])
