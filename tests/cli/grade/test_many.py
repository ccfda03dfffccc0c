from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from tests.batch.cluster.conftest import FakeCluster
from tests.cli.calls import refused, said_without
from typer.testing import CliRunner

from lumbargrade.batch.cluster.work import grade_task
from lumbargrade.batch.landing import Landed
from lumbargrade.cli.grade import many
from lumbargrade.cli.grade.many import ManyScreen, pace
from lumbargrade.cli.grade.said import Said
from lumbargrade.cli.main import app
from lumbargrade.cli.progress import LastingConsole


@pytest.fixture
def archive(tiny: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Studies A and B and one that cannot be read, and a cluster that is none."""
    for number, name in enumerate(("A", "B")):
        tiny.write_study(
            tmp_path / "archive" / name, [tiny.axial(0, StudyInstanceUID=f"1.{number}")]
        )
    (tmp_path / "archive/bad").mkdir()
    (tmp_path / "archive/bad/x.dcm").write_bytes(b"no DICOM")
    (tmp_path / "archive/notes.txt").write_text("no slice")

    @contextmanager
    def fake() -> Iterator[FakeCluster]:
        yield FakeCluster(grade_task)

    monkeypatch.setattr(many, "cluster_of", lambda workers, scheduler: fake)
    return tmp_path / "archive"


def test_each_study_of_an_archive_is_a_line(
    archive: Path, bundle_folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    arguments = [archive, "-o", out, "--workers", 2, "--model", bundle_folder]
    done = CliRunner().invoke(app, ["grade", *map(str, arguments)])
    assert done.exit_code == 1, done.output
    lines = done.stdout.splitlines()
    assert lines[0] == f"left out: 1 files beside studies, such as {archive / 'notes.txt'}"
    assert [line.split(":")[0] for line in lines[1:]] == ["A", "B", "all grades"]
    failed, total = done.stderr.splitlines()
    assert failed.startswith("bad: not graded: ")
    assert total == "1 of 3 studies could not be graded"
    assert sorted(path.name for path in out.iterdir()) == [
        ".lumbargrade.json", "A", "B", "predictions.csv",
    ]  # fmt: skip


def test_workers_beside_a_scheduler_are_refused(tmp_path: Path) -> None:
    said = refused("grade", tmp_path, "-o", "OUT", "--workers", 2, "--scheduler", "tcp://x:1")
    assert said.startswith("error: --workers beside --scheduler: processes of this machine, or")


def test_the_extra_is_named(tmp_path: Path) -> None:
    said = said_without("distributed", "grade", tmp_path, "-o", tmp_path / "o", "--workers", 2)
    assert said.startswith("error: lumbargrade grade with --workers or --scheduler needs the 'bat")


def test_without_workers_dask_is_not_needed(tmp_path: Path) -> None:
    said = said_without("dask", "grade", tmp_path / "none", "-o", tmp_path / "out")
    assert "none: no such file or folder: check the path" in said


def test_a_log_is_told_the_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(many, "monotonic", lambda: now)
    file = io.StringIO()
    screen = ManyScreen(LastingConsole(file=file), None)
    screen.expects(100)
    screen.goes_on(40, 0)
    for _ in range(20):
        now += 10.0
        screen.done(Landed("A", "A", reason="no"))
    assert file.getvalue().splitlines()[1:] == [
        f"{done} of 100 studies, 6.0 a minute, {left} min left"
        for done, left in ((46, 9), (52, 8), (58, 7))
    ]


def test_how_long_it_takes() -> None:
    assert pace(0, 0, 10, 0.0) == "0 of 10 studies, 0.0 a minute"
    assert pace(30, 0, 1000, 600.0) == "30 of 1,000 studies, 3.0 a minute, 5 h 23 min left"


def test_the_options_reach_the_cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    noted: list[Any] = []
    monkeypatch.setattr(many, "run", lambda *given: noted.append(given[-2:]))
    for arguments in (["--workers", "3"], ["--scheduler", "tcp://x:1", "--regions", "drawn"]):
        assert CliRunner().invoke(app, ["grade", "A", "-o", "O", *arguments]).exit_code == 0
    found = [(using.cluster.args, said) for using, said in noted]
    assert found == [((3,), Said()), (("tcp://x:1",), Said(regions="drawn"))]
