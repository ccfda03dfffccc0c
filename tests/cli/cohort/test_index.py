"""``lumbargrade cohort index``, from the command line to what it prints."""

from __future__ import annotations

from pathlib import Path

from tests.archive.archives import write_archive
from tests.cli.calls import said_without
from typer.testing import CliRunner

from lumbargrade.cli.main import app


def test_an_archive_is_indexed_twice(tmp_path: Path) -> None:
    archive = write_archive(tmp_path / "archive")
    (archive / "letter.txt").write_text("Dear Dr Smith")
    arguments = ["cohort", "index", str(archive), "-o", str(tmp_path / "I"), "--workers", "1"]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    assert "13 files new, 0 changed, 0 unchanged, 0 gone" in done.output
    assert "12 of 13 files usable: 3 patients, 3 studies, 3 series" in done.output
    assert "not DICOM" in done.output
    assert f"keep apart: {tmp_path / 'I.key'} and {tmp_path / 'I.files'}" in done.output
    again = CliRunner().invoke(app, arguments)
    assert "0 files new, 0 changed, 13 unchanged, 0 gone" in again.output


def test_an_error_is_one_line(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["cohort", "index", str(tmp_path / "no"), "-o", "I"])
    assert done.exit_code == 2
    assert done.output.strip().startswith(f"error: {tmp_path / 'no'}: no such folder")
    assert len(done.output.strip().splitlines()) == 1


def test_the_extra_is_named(tmp_path: Path) -> None:
    said = said_without("pyarrow", "cohort", "index", tmp_path, "-o", tmp_path / "I")
    assert said.startswith("error: lumbargrade cohort index needs the 'cohort' extra")
