from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.training.conftest import PATIENTS, write_cohort

from lumbargrade.cohort.read import Cohort, read_cohort
from lumbargrade.cohort.split.assign_parts import AssignmentOptions
from lumbargrade.cohort.split.file import read_split, write_split
from lumbargrade.cohort.split.leakage import read_training_patients
from lumbargrade.errors import CohortError, OutputError, RecipeError
from lumbargrade.training.material.tables import part_rows
from lumbargrade.training.progress_log import Listener, read_metrics
from lumbargrade.training.run_folder import RunFolder, split_run, usable_slices
from lumbargrade.training.tasks.specs import recipe_specs
from lumbargrade.training.train import TrainOptions, resolve_recipe, train


class _InterruptedError(Exception):
    pass


def _curve(run: Path) -> list[dict[str, str]]:
    rows = read_metrics(run / "metrics.csv")
    return [{n: v for n, v in row.items() if not n.startswith("speed/")} for row in rows]


def test_a_run_holds_what_it_should(tiny_run: Path) -> None:
    rows = read_metrics(tiny_run / "metrics.csv")
    assert [row["epoch"] for row in rows] == ["0", "1", "2"]
    assert [float(row["speed/pixels"]) for row in rows] == [24, 24, 32]
    for name in ("LDH", "LCCS", "LNRC_left", "LNRC_right", "disc"):
        assert any(n.startswith(f"val/{name}/recall_") or n == "val/loss" for n in rows[0])
    assert "val/LDH/recall_0" in rows[0]
    assert float(rows[0]["speed/images_per_s"]) > 0
    assert 0 <= float(rows[0]["speed/wait_share"]) < 0.5
    assert (tiny_run / "checkpoints" / "best.ckpt").is_file()
    assert (tiny_run / "locator" / "locator.pt").is_file()
    assert list((tiny_run / "tensorboard").glob("events.*"))


def test_no_patient_is_in_two_parts_and_no_external_one_in_any(
    tiny_run: Path, tiny_cohort: Path
) -> None:
    parts = json.loads((tiny_run / "split.json").read_text())
    lock = read_training_patients(tiny_run / "split.json")
    assert lock.patients == {*parts["train"], *parts["validation"]}
    assert lock.series
    text = json.dumps(parts)
    assert f"P{PATIENTS:05d}" not in text
    record = json.loads((tiny_run / "run.json").read_text())
    assert record["data"]["scanners"] == ["tiny"]
    recipe = resolve_recipe(TrainOptions())
    slices = usable_slices(read_cohort(tiny_cohort), recipe)
    owner = split_run(RunFolder(tiny_run), usable(tiny_cohort), AssignmentOptions(7))
    state = np.ones(len(slices), dtype=np.uint8)
    rows = part_rows(slices, owner, state)
    seen = {part: {slices[row].patient_id for row in index} for part, index in rows.items()}
    assert sum(len(patients) for patients in seen.values()) == len(set().union(*seen.values()))
    assert len(set().union(*seen.values())) == PATIENTS - 1


def test_an_interrupted_run_resumes_to_the_same_curve(
    tiny_run: Path, tiny_cohort: Path, tiny_recipe: Path, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    options = TrainOptions(recipe=str(tiny_recipe), workers=1)

    def stop(text: str) -> None:
        if text.startswith("epoch 2"):
            raise _InterruptedError

    with pytest.raises(_InterruptedError):
        train(tiny_cohort, run, options, Listener(message=stop))
    assert len(_curve(run)) == 2
    train(tiny_cohort, run, TrainOptions(recipe=str(tiny_recipe), workers=1, resume=True))
    assert _curve(run) == _curve(tiny_run)


def test_a_finished_run_is_not_overwritten(
    tiny_run: Path, tiny_cohort: Path, tiny_recipe: Path
) -> None:
    with pytest.raises(OutputError, match="already holds a training run; add --resume"):
        train(tiny_cohort, tiny_run, TrainOptions(recipe=str(tiny_recipe)))


def test_time_budget_ends_the_run_with_a_scored_epoch(
    tiny_cohort: Path, tiny_recipe: Path, tmp_path: Path
) -> None:
    recipe = tmp_path / "short.toml"
    text = tiny_recipe.read_text().replace(
        "[locator]", "max_minutes = 0.01\n[locator]\nenabled = false"
    )
    recipe.write_text(text.replace("epochs = 3", "epochs = 500"), encoding="utf-8")
    best = train(tiny_cohort, tmp_path / "run", TrainOptions(recipe=str(recipe), workers=1))
    rows = read_metrics(tmp_path / "run" / "metrics.csv")
    assert best.is_file()
    assert 1 <= len(rows) < 100
    assert not (tmp_path / "run" / "locator").exists()


def test_one_task_alone() -> None:
    recipe = resolve_recipe(TrainOptions(tasks=("LDH",), epochs=2))
    assert [spec.name for spec in recipe_specs(recipe)] == ["LDH", "disc"]
    assert recipe.optimiser.epochs == 2


def test_two_processes_train_together(
    tiny_cohort: Path, tiny_recipe: Path, tmp_path: Path, tiny_run: Path
) -> None:
    recipe = tmp_path / "two.toml"
    text = tiny_recipe.read_text().replace("[locator]", "[locator]\nenabled = false")
    recipe.write_text(text.replace("batch = 8\nschedule", "batch = 4\nschedule"), encoding="utf-8")
    run = tmp_path / "run"
    shutil.copytree(tiny_run / "cache", run / "cache")
    options = TrainOptions(recipe=str(recipe), workers=1, devices=2, epochs=1)
    train(tiny_cohort, run, options)
    (row,) = read_metrics(run / "metrics.csv")
    (alone, *_) = read_metrics(tiny_run / "metrics.csv")
    # Both processes together score every validation slice once: same counts, so same grid.
    assert row["speed/pixels"] == alone["speed/pixels"]
    assert float(row["val/loss"]) > 0
    assert float(row["speed/images_per_s"]) > 0


def test_wrong_settings_are_refused(tiny_cohort: Path, tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="grading system 'XYZ' is unknown: choose from LDH"):
        train(tiny_cohort, tmp_path / "run", TrainOptions(tasks=("XYZ",)))
    with pytest.raises(RecipeError, match="--epochs 0: must be at least 1"):
        train(tiny_cohort, tmp_path / "run", TrainOptions(epochs=0))


def test_a_cohort_without_usable_slices_is_refused(
    tiny_cohort: Path, tiny_recipe: Path, tmp_path: Path
) -> None:
    recipe = tmp_path / "t1.toml"
    recipe.write_text('[input]\ncontrasts = ["t1"]\n', encoding="utf-8")
    with pytest.raises(CohortError, match="holds no axial slice with contrast t1"):
        train(tiny_cohort, tmp_path / "run", TrainOptions(recipe=str(recipe)))


def test_too_few_patients_are_refused(tiny_recipe: Path, tmp_path: Path) -> None:
    cohort = write_cohort(tmp_path / "cohort", 2)
    with pytest.raises(CohortError, match="1 patients are too few: none is left for"):
        train(cohort, tmp_path / "run", TrainOptions(recipe=str(tiny_recipe)))


def test_a_folder_that_cannot_be_made_is_refused(tiny_cohort: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(OutputError, match="cannot be written"):
        train(tiny_cohort, tmp_path / "file" / "run", TrainOptions())


def usable(folder: Path) -> Cohort:
    """The cohort with the slices that a run may read."""
    cohort = read_cohort(folder)
    return replace(cohort, slices=usable_slices(cohort, resolve_recipe(TrainOptions())))


def test_a_split_for_other_patients_is_refused(tiny_cohort: Path, tmp_path: Path) -> None:
    cohort = usable(tiny_cohort)
    run = RunFolder(tmp_path)
    split_run(run, cohort, AssignmentOptions(7))
    with pytest.raises(CohortError, match="was made for patients other"):
        split_run(run, replace(cohort, slices=cohort.slices[:9]), AssignmentOptions(7))


class TestLockedSplit:
    """A run follows the split that it is given."""

    @pytest.fixture
    def lock(self, tiny_cohort: Path, tmp_path: Path) -> Path:
        """A split by name: the first patients test, then validation, and others train."""
        names = sorted({one.patient_id for one in read_cohort(tiny_cohort).slices})
        parts = {name: "train" for name in names}
        parts |= {names[0]: "test", names[1]: "validation", names[-1]: "external"}
        write_split(tmp_path / "lock.json", parts)
        return tmp_path / "lock.json"

    def test_it_is_followed_and_noted(self, tiny_cohort: Path, tmp_path: Path, lock: Path) -> None:
        run = RunFolder(tmp_path)
        cohort = usable(tiny_cohort)
        parts = split_run(run, cohort, AssignmentOptions(7), lock)
        locked = read_split(lock)
        assert parts == {one: locked[one] for one in parts}
        assert len(parts) == PATIENTS - 1
        assert read_split(run.split) == parts
        assert split_run(run, cohort, AssignmentOptions(7), lock) == parts
        assert read_training_patients(run.split).series

    def test_a_run_that_was_split_otherwise_is_refused(
        self, tiny_cohort: Path, tmp_path: Path, lock: Path
    ) -> None:
        run, cohort = RunFolder(tmp_path), usable(tiny_cohort)
        parts = split_run(run, cohort, AssignmentOptions(7))
        moved = sorted(one for one, part in parts.items() if read_split(lock)[one] != part)
        with pytest.raises(CohortError, match=rf"patients would be moved: {moved[0]} \(from"):
            split_run(run, cohort, AssignmentOptions(7), lock)

    def test_a_stranger_is_named(self, tiny_cohort: Path, tmp_path: Path, lock: Path) -> None:
        parts = read_split(lock)
        (stranger,) = [one for one, part in parts.items() if part == "test"]
        del parts[stranger]
        write_split(lock, parts)
        message = rf"does not contain 1 patients of .* \({stranger}\): extend the split"
        with pytest.raises(CohortError, match=message):
            split_run(RunFolder(tmp_path), usable(tiny_cohort), AssignmentOptions(7), lock)

    def test_nobody_to_validate_on_is_refused(
        self, tiny_cohort: Path, tmp_path: Path, lock: Path
    ) -> None:
        write_split(lock, {one: "train" for one in read_split(lock)})
        with pytest.raises(CohortError, match="11 patients that may be trained on is in validat"):
            split_run(RunFolder(tmp_path), usable(tiny_cohort), AssignmentOptions(7), lock)

    def test_an_external_set_is_never_trained_on(
        self, tiny_cohort: Path, tiny_recipe: Path, tmp_path: Path, lock: Path
    ) -> None:
        write_split(lock, {one: "external" for one in read_split(lock)})
        options = TrainOptions(recipe=str(tiny_recipe), split=lock)
        with pytest.raises(CohortError, match="is an external test set"):
            train(tiny_cohort, tmp_path / "run", options)
        assert not (tmp_path / "run").exists()


def test_a_run_without_an_epoch_is_told(
    tiny_cohort: Path, tiny_recipe: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lightning.Trainer.fit", lambda *_, **__: None)
    with pytest.raises(OutputError, match=r"best\.ckpt: no epoch was completed; allow the run"):
        train(tiny_cohort, tmp_path / "run", TrainOptions(recipe=str(tiny_recipe), workers=1))
