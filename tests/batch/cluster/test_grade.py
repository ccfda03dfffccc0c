from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import pytest
from tests.batch.cluster.conftest import FakeCluster, dies

from lumbargrade.batch.cluster.folders import list_archive
from lumbargrade.batch.cluster.grade import How, grade_many
from lumbargrade.batch.cluster.work import Task, grade_task
from lumbargrade.batch.grade import GradedFolder, grade_studies
from lumbargrade.batch.landing import GradeOptions, Landed
from lumbargrade.errors import ClusterError, OutputError
from lumbargrade.inference.engine import Engine
from lumbargrade.study.inputs import StudyInput


class Notes:
    """Keeps what a watcher is called with."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.expected: list[int] = []
        self.gone_on: list[tuple[int, int]] = []

    def expects(self, studies: int) -> None:
        self.expected.append(studies)

    def goes_on(self, studies: int, failures: int) -> None:
        self.gone_on.append((studies, failures))

    def done(self, one: Landed) -> None:
        self.names.append(one.name)


@pytest.fixture
def archive(tiny: ModuleType, tmp_path: Path) -> Path:
    """Five studies P0 to P4, and a folder B with two studies in one."""
    for number in range(5):
        tiny.write_study(
            tmp_path / f"archive/P{number}",
            [tiny.axial(one, StudyInstanceUID=f"1.2.{number}") for one in range(2)],
        )
    tiny.write_study(
        tmp_path / "archive/B",
        [tiny.axial(one, StudyInstanceUID=f"1.3.{one // 2}") for one in range(4)],
    )
    return tmp_path / "archive"


def grade(
    archive: Path, out: Path, model: Path, cluster: FakeCluster
) -> tuple[GradedFolder, Notes]:
    @contextmanager
    def opened() -> Iterator[FakeCluster]:
        yield cluster

    notes = Notes()
    inputs = list_archive([archive]).inputs
    how = How(opened, model, "f32", GradeOptions())
    return grade_many(inputs, out, how, notes), notes


def reasons(folder: GradedFolder) -> dict[str, str]:
    with folder.overview.open(newline="") as stream:
        return {row["study"]: row["reason"] for row in csv.DictReader(stream)}


def test_the_grades_are_those_of_one_process(
    archive: Path, tmp_path: Path, bundle_folder: Path, engine: Engine
) -> None:
    done, notes = grade(archive, tmp_path / "many", bundle_folder, FakeCluster(grade_task))
    assert (done.studies, done.failures, notes.expected) == (7, {}, [6, 7])
    assert sorted(notes.names) == ["B-1", "B-2", "P0", "P1", "P2", "P3", "P4"]
    inputs = [StudyInput(path.name, (path,)) for path in sorted(archive.iterdir())]
    alone = grade_studies(inputs, tmp_path / "one", lambda: engine, GradeOptions(), Notes())
    assert done.overview.read_bytes() == alone.overview.read_bytes()
    assert not (tmp_path / "many/.lumbargrade").exists()


def test_a_poisonous_study_has_its_reason_in_the_table(
    archive: Path, tmp_path: Path, bundle_folder: Path
) -> None:
    cluster = FakeCluster(lambda task: dies(task) if task.item.name == "P2" else grade_task(task))
    done, _ = grade(archive, tmp_path / "out", bundle_folder, cluster)
    assert list(done.failures) == ["P2"]
    assert reasons(done)["P2"].startswith("in quarantine: 2 of 2 tries ended the process")
    assert cluster.begun.count("P2") == 2
    assert (
        sorted(path.name for path in (tmp_path / "out").glob("*/grades.json"))
        == ["grades.json"] * 6
    )


def test_a_scheduler_that_is_lost_costs_no_study(
    archive: Path, tmp_path: Path, bundle_folder: Path
) -> None:
    left = 3

    def until_lost(task: Task) -> tuple[Landed, ...]:
        nonlocal left
        if not left:
            raise ClusterError("the connection to the scheduler is lost")
        left -= 1
        return grade_task(task)

    out = tmp_path / "out"
    with pytest.raises(ClusterError, match="is lost"):
        grade(archive, out, bundle_folder, FakeCluster(until_lost))
    there = {path.parent.name for path in out.glob("*/grades.json")}
    cluster = FakeCluster(grade_task)
    done, notes = grade(archive, out, bundle_folder, cluster)
    assert len(there) == 4  # two of them of one input
    assert notes.gone_on == [(len(there), 0)]
    assert there.isdisjoint(cluster.begun)
    assert (done.studies, set(reasons(done))) == (7, {"B-1", "B-2", *(f"P{n}" for n in range(5))})


def test_what_cannot_be_written_is_known_before_a_cluster_is_started(
    archive: Path, tmp_path: Path, bundle_folder: Path
) -> None:
    (tmp_path / "out").write_text("a file")
    cluster = FakeCluster(grade_task)
    with pytest.raises(OutputError, match="it is a file"):
        grade(archive, tmp_path / "out", bundle_folder, cluster)
    assert cluster.begun == []
