"""The folder of a run: started once, resumed on request, and its record read back."""

from __future__ import annotations

from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from pathlib import Path

import pytest

from lumbargrade.cohort.read import read_cohort
from lumbargrade.errors import BundleError, CohortError, OutputError
from lumbargrade.training.recipe import Recipe
from lumbargrade.training.recipe_file import load_recipe
from lumbargrade.training.run_folder import (
    DataRecord,
    RunFolder,
    opened,
    read_record,
    start_run,
    usable_slices,
    write_record,
)

DATA = DataRecord("ab" * 32, True, 12, 36, 8, 24, ("tiny",), ("t2",))


@pytest.fixture
def recipe() -> Recipe:
    return load_recipe("default")


def test_a_run_is_started_once_and_resumed_on_request(tmp_path: Path, recipe: Recipe) -> None:
    run = RunFolder(tmp_path / "a" / "run")
    with opened(run, resume=False):
        start_run(run, recipe)
    assert load_recipe(str(run.recipe)) == recipe
    with opened(run, resume=False):  # nothing was trained yet
        write_record(run, recipe, DATA, "0.1")
    with pytest.raises(OutputError, match=r"already holds a training run; add --resume to"):
        _open(run, resume=False)
    _open(run, resume=True)


def _open(run: RunFolder, resume: bool) -> None:
    with opened(run, resume):
        pass


def test_a_place_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match=r"run: cannot be written \(.*\): give a folder that is"):
        _open(RunFolder(tmp_path / "file" / "run"), resume=False)


def test_a_run_is_of_one_process_and_a_dead_one_is_swept(tmp_path: Path) -> None:
    run = RunFolder(tmp_path / "run")
    run.checkpoints.mkdir(parents=True)
    drafts = [run.path / ".run.json.7.unfinished", run.checkpoints / ".last.ckpt.8.unfinished"]
    for draft in drafts:
        draft.touch()
    with opened(run, resume=False):
        assert not any(draft.exists() for draft in drafts)
        with pytest.raises(OutputError, match=r"run: another lumbargrade is writing there"):
            _open(run, resume=False)
    assert sorted(run.path.iterdir()) == [run.checkpoints]


def _on_a_full_disk(run: RunFolder) -> None:
    with opened(run, resume=False):
        raise OSError(28, "No space left on device")


def _without_a_worker(run: RunFolder) -> None:
    with opened(run, resume=False):
        raise BrokenProcessPool


def test_a_full_disk_and_a_killed_worker_are_one_line(tmp_path: Path) -> None:
    run = RunFolder(tmp_path / "run")
    with pytest.raises(OutputError, match=r"run: cannot be written \(No space left on device\): "):
        _on_a_full_disk(run)
    with pytest.raises(OutputError, match=r"run: a process that packs slices was killed, most"):
        _without_a_worker(run)


def test_the_record_reads_back(tmp_path: Path, recipe: Recipe) -> None:
    run = RunFolder(tmp_path)
    write_record(run, recipe, DATA, "0.1")
    record = read_record(run)
    assert record["schema"] == "lumbargrade.run/1"
    assert (record["recipe"], record["software_version"]) == (recipe.name, "0.1")
    assert (record["data"]["patients"], record["data"]["scanners"]) == (12, ["tiny"])
    assert record["started_from"] == ""


def test_a_record_names_its_starting_model_or_is_not_written(
    tmp_path: Path, recipe: Recipe
) -> None:
    start = replace(recipe.network, start_from=str(tmp_path / "none"))
    with pytest.raises(BundleError, match="does not exist"):
        write_record(RunFolder(tmp_path), replace(recipe, network=start), DATA, "0.1")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", [None, "{", "\udc80"])
def test_another_folder_is_no_run(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "run.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(OutputError, match=r"is not the folder of a training run \(no readable run"):
        read_record(RunFolder(tmp_path))


def test_slices_of_other_contrasts_and_external_scanners_are_not_read(
    tiny_cohort: Path, recipe: Recipe
) -> None:
    cohort = read_cohort(tiny_cohort)
    slices = list(cohort.slices)
    slices[0] = replace(slices[0], contrast="t1")
    usable = usable_slices(replace(cohort, slices=tuple(slices)), recipe)
    assert list(usable) == [one for one in slices[1:] if not one.external]
    assert len(usable) == len(slices) - 1 - 3
    external = tuple(replace(one, external=True) for one in slices)
    with pytest.raises(CohortError, match=r"holds no axial slice with contrast t2 from a scanner"):
        usable_slices(replace(cohort, slices=external), recipe)
    unread = tuple(replace(one, grades={}) for one in cohort.slices)
    with pytest.raises(
        CohortError, match="no slice has a grade, so there is nothing to learn: let"
    ):
        usable_slices(replace(cohort, slices=unread), recipe)
