"""The grade command, from the command line to the files, with a bundle of known answers."""

from __future__ import annotations

import csv
import errno
import json
import os
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from lumbargrade.cli.main import app
from lumbargrade.grading.grades_json import read
from lumbargrade.grading.system import GRADING_SYSTEMS, grading_system_from_dict
from lumbargrade.inference import bundle as bundle_module
from lumbargrade.outputs.dicom import sr as dicom_sr

Grade = Callable[..., Result]


@pytest.fixture
def grade(bundle_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Grade:
    monkeypatch.setenv("COLUMNS", "200")

    def call(*arguments: object, model: Path | None = bundle_folder) -> Result:
        given = ["grade", *map(str, arguments), "--precision", "f32"]
        return CliRunner().invoke(app, given + (["--model", str(model)] if model else []))

    return call


def _error(result: Result) -> str:
    """Return the one line that a user sees, and check that it is one."""
    assert result.exit_code == 2, result.output
    lines = [line for line in result.stderr.splitlines() if line.strip()]
    assert len(lines) == 1, result.stderr
    assert lines[0].startswith("error: ")
    return lines[0]


def test_a_study_becomes_a_table_and_files(grade: Grade, study: Path, tmp_path: Path) -> None:
    result = grade(study, "-o", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        ".lumbargrade.json", "grades.csv", "grades.json", "report.html",
    ]  # fmt: skip
    for title in ("level", "slice", "LDH", "LCCS", "LNRC left", "LNRC right"):
        assert title in result.stdout
    assert "2  81%" in result.stdout  # softmax of 0, 1, 3, 0
    assert f"page: {tmp_path / 'out' / 'report.html'}" in result.stdout
    assert len(read(tmp_path / "out" / "grades.json").slices) == 3


def test_a_structured_report_on_request(grade: Grade, study: Path, tmp_path: Path) -> None:
    result = grade(study, "-o", tmp_path / "out", "--sr")
    assert result.exit_code == 0, result.output
    told = dicom_sr.read(tmp_path / "out" / "grades.dcm")
    graded = read(tmp_path / "out" / "grades.json").slices
    wanted = [
        (item.sop_instance_uid, found.system, str(found.side), found.grade)
        for item in graded
        for found in item.findings
        if found.side is not None or found.system != "LNRC"  # the worse side follows from both
    ]
    said = [(one.sop_instance_uid, one.system, str(one.side), one.grade) for one in told]
    assert sorted(said) == sorted(wanted)


def test_what_is_not_graded_is_one_line_a_reason(
    grade: Grade, tiny: ModuleType, study: Path, tmp_path: Path
) -> None:
    sagittal = {"ImageOrientationPatient": [0, 1, 0, 0, 0, -1], "SeriesInstanceUID": "1.2.9"}
    tiny.write_study(study / "more", [tiny.axial(number, **sagittal) for number in (20, 21)])
    (study / "notes.txt").write_text("nothing")
    result = grade(study, "-o", tmp_path / "out")
    told = [line for line in result.stdout.splitlines() if line.startswith("not graded")]
    assert len(told) == 2
    assert any("sagittal, not axial" in line for line in told)


def test_a_box_wins(grade: Grade, study: Path, tmp_path: Path) -> None:
    result = grade(study, "-o", tmp_path / "out", "--box", "60,50,40,60")
    assert result.exit_code == 0, result.output
    regions = [item.region for item in read(tmp_path / "out" / "grades.json").slices]
    assert {region.center_px for region in regions} == {(80.0, 80.0)}
    assert {region.source for region in regions} == {"user box"}


@pytest.mark.parametrize("box", ["1,2,3", "a,b,c,d", "", "1,2,3,4,5"])
def test_a_box_that_is_none(grade: Grade, study: Path, tmp_path: Path, box: str) -> None:
    message = _error(grade(study, "-o", tmp_path / "out", "--box", box))
    assert "cannot be read: give X,Y,W,H in pixels" in message


def test_a_box_out_of_the_slice(grade: Grade, study: Path, tmp_path: Path) -> None:
    message = _error(grade(study, "-o", tmp_path / "out", "--box", "150,10,90,90"))
    assert "extends beyond the slice, which is 176 x 160 pixels" in message
    assert not (tmp_path / "out").exists()


def test_a_picture_needs_its_spacing(grade: Grade, tiny: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "slice.png"
    Image.fromarray((tiny.blob_picture((88, 90)) // 4).astype(np.uint8)).save(path)
    assert "--pixel-spacing" in _error(grade(path, "-o", tmp_path / "out"))
    result = grade(path, "-o", tmp_path / "out", "--pixel-spacing", "1.0")
    assert result.exit_code == 0, result.output
    assert "unknown" in result.stdout
    assert "Levels" not in result.stdout


def test_an_empty_folder(grade: Grade, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert "the folder is empty" in _error(grade(tmp_path / "empty", "-o", tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_no_axial_t2(grade: Grade, tiny: ModuleType, tmp_path: Path) -> None:
    t1 = {"EchoTime": 10, "RepetitionTime": 550, "SeriesDescription": "t1_tse_tra"}
    folder = tiny.write_study(tmp_path / "t1", [tiny.axial(0, **t1)])
    message = _error(grade(folder, "-o", tmp_path / "out"))
    assert "no axial T2 slice of the lumbar spine to grade" in message
    assert "T1-weighted" in message


def test_an_altered_bundle(grade: Grade, bundle_folder: Path, study: Path, tmp_path: Path) -> None:
    altered = tmp_path / "altered"
    shutil.copytree(bundle_folder, altered)
    with (altered / "locator.onnx").open("ab") as stream:
        stream.write(b"\0")
    message = _error(grade(study, "-o", tmp_path / "out", model=altered))
    assert "altered or damaged and is not used" in message
    assert not (tmp_path / "out").exists()


def test_no_default_model(
    grade: Grade, study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundle_module, "DEFAULT_MODEL", tmp_path / "none")
    message = _error(grade(study, "-o", tmp_path / "out", model=None))
    assert "no default model came with this installation" in message


def test_an_output_folder_that_cannot_be_written(grade: Grade, study: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "cannot write to" in _error(grade(study, "-o", tmp_path / "file" / "out"))
    assert "it is a file" in _error(grade(study, "-o", tmp_path / "file"))


def test_the_study_itself_is_never_overwritten(grade: Grade, study: Path) -> None:
    before = sorted(study.iterdir())
    assert "which is read and would be replaced" in _error(grade(study, "-o", study))
    assert sorted(study.iterdir()) == before


def test_a_second_run_replaces_the_first(grade: Grade, study: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert grade(study, "-o", out).exit_code == 0
    assert grade(study, "-o", out, "--box", "60,50,40,60").exit_code == 0
    assert read(out / "grades.json").slices[0].region.source == "user box"


@pytest.fixture
def cohort(tiny: ModuleType, tmp_path: Path) -> Path:
    folder = tmp_path / "cohort"
    for name in ("P00001", "P00002"):
        tiny.write_study(folder / "studies" / name, [tiny.axial(number) for number in range(2)])
    (folder / "cohort.json").write_text(json.dumps({"schema": "lumbargrade.cohort/1"}))
    return folder


def test_a_cohort_is_graded_study_by_study(grade: Grade, cohort: Path, tmp_path: Path) -> None:
    result = grade(cohort, "-o", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert "P00001: 2 slices, worst LDH 2, LCCS 0, LNRC left 1, LNRC right 3" in result.stdout
    for name in ("P00001", "P00002"):
        assert (tmp_path / "out" / name / "report.html").is_file()
        assert len(read(tmp_path / "out" / name / "grades.json").slices) == 2
    with (tmp_path / "out" / "predictions.csv").open(newline="") as stream:
        assert {row["study"] for row in csv.DictReader(stream)} == {"P00001", "P00002"}


def test_one_bad_study_does_not_stop_the_others(grade: Grade, cohort: Path, tmp_path: Path) -> None:
    bad = cohort / "studies" / "P00000"
    bad.mkdir()
    (bad / "x.dcm").write_bytes(b"no DICOM")
    result = grade(cohort, "-o", tmp_path / "out")
    assert result.exit_code == 1
    assert "P00000: not graded: " in result.stderr
    assert "1 of 3 studies could not be graded" in result.stderr
    with (tmp_path / "out" / "predictions.csv").open(newline="") as stream:
        failed = [row for row in csv.DictReader(stream) if row["status"] == "study failed"]
    assert [row["study"] for row in failed] == ["P00000"]
    assert failed[0]["reason"]
    assert not (tmp_path / "out" / "P00000").exists()
    assert (tmp_path / "out" / "P00002" / "grades.json").is_file()


def test_nothing_is_written_where_no_study_can_be_graded(grade: Grade, tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("first", "second")]
    for folder in folders:
        folder.mkdir()
        (folder / "x.dcm").write_bytes(b"no DICOM")
    result = grade(*folders, "-o", tmp_path / "out")
    assert result.exit_code == 2
    lines = result.stderr.splitlines()
    assert [line.split(": ")[0] for line in lines] == ["first", "second", "error"]
    assert "none of 2 studies could be graded, for example first: " in lines[-1]
    assert sorted(tmp_path.iterdir()) == folders


def test_paths_that_cannot_be_asked_are_one_line_each(
    grade: Grade, study: Path, tmp_path: Path
) -> None:
    long = "x" * 5000  # the system refuses it even to root, who may open anything else
    assert "cannot be opened: File name too long" in _error(grade(long, "-o", tmp_path / "out"))
    assert "File name too long" in _error(grade(study, "-o", tmp_path / long))
    message = _error(grade(study, "-o", tmp_path / "out", model=tmp_path / long))
    assert "File name too long" in message
    assert "check its path" in message


def test_no_permission_is_one_line(
    grade: Grade, study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked = tmp_path / "locked"
    locked.mkdir(mode=0)
    real_access, real_scan = os.access, os.scandir

    # Root may open everything, so the system's answer to others is played here.
    def access(path: Path | str, mode: int, **options: bool) -> bool:
        return str(path) != str(locked) and real_access(path, mode, **options)

    def scan(path: Path | str = ".") -> object:
        if str(path) == str(locked):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return real_scan(path)

    monkeypatch.setattr(os, "access", access)
    monkeypatch.setattr(os, "scandir", scan)
    message = _error(grade(locked, "-o", tmp_path / "out"))
    assert "the folder cannot be listed: Permission denied" in message
    assert "has no bundle.json" in _error(grade(study, "-o", tmp_path / "out", model=locked))


def test_names_that_are_no_text_reach_tables_and_screen(
    grade: Grade, study: Path, tmp_path: Path
) -> None:
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff"))
    shutil.copytree(study, odd / "a\nb")
    result = grade(odd / "a\nb", study, "-o", odd / "out")
    assert result.exit_code == 0, result.output
    assert "a_b: 3 slices" in result.stdout
    assert result.stdout.splitlines()[-1].endswith("/?/out/predictions.csv")


def test_a_fourth_system_is_graded_without_code(
    grade: Grade, tiny: ModuleType, study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = Path(__file__).parents[3] / "docs" / "how-to" / "add-a-grading-system.md"
    toml = page.read_text().split("```toml\n")[1].split("```")[0]
    fourth = grading_system_from_dict(tomllib.loads(toml))
    monkeypatch.setitem(tiny.LOGITS, "SCHIZAS", (0.0, 3.0, 0.0))
    model = tiny.write_bundle(
        tmp_path / "bundle",
        grading_systems=[one.to_dict() for one in (*GRADING_SYSTEMS.values(), fourth)],
        outputs=[
            *tiny.OUTPUTS,
            {"name": "SCHIZAS", "system": "SCHIZAS", "side": None, "grades": 3},
        ],
    )
    result = grade(study, "-o", tmp_path / "out", model=model)
    assert result.exit_code == 0, result.output
    assert "SCHIZAS" in result.stdout
    graded = read(tmp_path / "out" / "grades.json").slices
    found = [item.finding("SCHIZAS") for item in graded]
    assert [one.grade for one in found if one] == [1, 1, 1]
    assert ",SCHIZAS,,graded,1," in (tmp_path / "out" / "grades.csv").read_text()
    assert "grains of CSF remain" in (tmp_path / "out" / "report.html").read_text()


def test_a_bad_bundle_stops_a_cohort_at_once(grade: Grade, cohort: Path, tmp_path: Path) -> None:
    message = _error(grade(cohort, "-o", tmp_path / "out", model=tmp_path / "nothing"))
    assert "does not exist" in message
