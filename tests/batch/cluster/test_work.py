from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from lumbargrade.archive.pseudonym import Pseudonyms
from lumbargrade.batch.cluster import work
from lumbargrade.batch.cluster.tries import Tries
from lumbargrade.batch.cluster.work import Model, Seen, Task, grade_task, look
from lumbargrade.batch.pseudonymised import KeyedRenaming
from lumbargrade.errors import ClusterError, OutputError
from lumbargrade.inference.engine import Precision
from lumbargrade.study.read import ReadOptions

Make = Callable[[Sequence[str]], list[Task]]


def test_a_study_is_graded_and_its_files_are_there(
    tasks: Make, tiny: ModuleType, tmp_path: Path
) -> None:
    tiny.write_study(tmp_path / "P1", [tiny.axial(number) for number in range(2)])
    (task,) = tasks(["P1"])
    (landed,) = grade_task(task)
    assert landed.reason is None
    assert (task.place.out / "P1/grades.json").is_file()
    assert Tries(task.tries).begun("P1") == 0


def test_a_study_that_cannot_be_read_is_no_fault_of_the_process(tasks: Make) -> None:
    (task,) = tasks(["P1"])
    (landed,) = grade_task(task)
    assert str(landed.reason).endswith("no such file or folder: check the path")
    assert Tries(task.tries).begun("P1") == 0


def test_the_third_try_does_not_begin(tasks: Make) -> None:
    (task,) = tasks(["P1"])
    for _ in range(2):
        Tries(task.tries).begin("P1")
    (landed,) = grade_task(task)
    assert landed.reason == (
        "in quarantine: 2 of 2 tries ended the process that graded it (out of memory, a crash, or "
        "more than 15 minutes): grade it alone, without --workers, to see why"
    )


def test_a_process_that_can_take_part_says_so(model: Model, tmp_path: Path) -> None:
    assert look(model, (tmp_path,)) in (Seen("", "f32"), Seen("", "bf16"))


def test_a_task_tells_no_log_whose_it_is(tasks: Make) -> None:
    assert "Doe" not in repr(tasks(["Doe^Jane"])[0])


def test_under_pseudonyms_no_folder_is_named_that_is_not_seen(tasks: Make, tmp_path: Path) -> None:
    (task,) = tasks(["1f2e"])
    lost = replace(task, item=replace(task.item, paths=(tmp_path / "Doe^Jane" / "MR1",)))
    with pytest.raises(ClusterError, match=r"Doe\^Jane is not seen there: the studies and OUT"):
        grade_task(lost)
    read = ReadOptions(renaming=KeyedRenaming(Pseudonyms(b"k")))
    with pytest.raises(ClusterError, match=r"^the folder of 1f2e is not seen there: the studies"):
        grade_task(replace(lost, options=replace(task.options, read=read)))


def test_why_a_process_cannot_take_part(model: Model, tmp_path: Path) -> None:
    other = look(replace(model, software_version="0.0"), ()).fault
    assert "0.0 here: install the same version on every worker" in other
    lost = look(model, (tmp_path, tmp_path / "not mounted")).fault
    assert lost.startswith(f"{tmp_path}/not mounted is not seen there: the studies and OUT must")
    altered = look(replace(model, sha256="0" * 64), ()).fault
    assert "the one here 000000000000...: install the same model on every worker" in altered
    assert "does not exist" in look(replace(model, path=tmp_path / "nothing"), ()).fault


def test_arithmetic_that_the_processor_lacks_is_refused(
    tasks: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "resolve_precision", lambda _: Precision.F32)
    (task,) = tasks(["P1"])
    with pytest.raises(ClusterError, match="has no bf16, which the others use"):
        grade_task(replace(task, model=replace(task.model, precision="bf16")))


def test_an_output_folder_that_is_gone_stops_the_process(tasks: Make, tmp_path: Path) -> None:
    (task,) = tasks(["P1"])
    (tmp_path / "file").write_text("")
    with pytest.raises(ClusterError, match="is not seen there"):
        grade_task(replace(task, tries=tmp_path / "elsewhere"))
    with pytest.raises(OutputError, match="cannot write to"):
        grade_task(replace(task, tries=tmp_path / "file"))


def test_a_study_without_end_ends_its_process() -> None:
    code = "import time; from lumbargrade.batch.cluster.work import _limited\n"
    code += "with _limited(0.1): time.sleep(60)"
    done = subprocess.run([sys.executable, "-c", code], check=False)
    assert done.returncode == work.ENDED_FOR_TIME


def test_no_exception_leaves_that_dask_cannot_hand_on(
    tasks: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deep(task: Task) -> None:
        deep(task)

    monkeypatch.setattr(work, "_graded", deep)
    with pytest.raises(ClusterError, match="unexpected RecursionError: a fault of lumbargrade"):
        grade_task(tasks(["P1"])[0])
