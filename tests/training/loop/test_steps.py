"""A training of so many steps: it goes on where it was, and only where it was the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from lumbargrade.errors import OutputError
from lumbargrade.training.loop import steps as module
from lumbargrade.training.loop.steps import (
    CHECKPOINT,
    METRICS,
    StepPlan,
    digest_of,
    fit_steps,
    load_fitted,
)
from lumbargrade.training.progress_log import NOBODY, Listener

PLAN = StepPlan("thing", 6, 0.05, 3, {"steps": 6, "of": "squares"})


def network() -> nn.Module:
    torch.manual_seed(1)
    return nn.Sequential(
        nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.Dropout(0.5), nn.Conv2d(4, 1, 3)
    )


def loss_at(network: nn.Module, step: int) -> Tensor:
    given = torch.rand(4, 1, 8, 8, generator=torch.Generator().manual_seed(step))
    answer: Tensor = network(given)
    return (answer - given[..., 2:-2, 2:-2]).square().mean()


def stopped_at(step: int) -> Listener:
    def stop(stage: str, done: int, total: int) -> None:
        if done == step:
            raise KeyboardInterrupt

    return Listener(stop)


def same(one: nn.Module, other: nn.Module) -> bool:
    pairs = zip(one.state_dict().values(), other.state_dict().values(), strict=True)
    return all(torch.equal(a, b) for a, b in pairs)


@pytest.mark.parametrize("step", [3, 5])
def test_an_interrupted_training_ends_bit_for_bit_as_one_without_a_break(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    monkeypatch.setattr(module, "SAVE_EVERY", 2)
    whole = fit_steps(network(), loss_at, PLAN, tmp_path / "whole", NOBODY)
    with pytest.raises(KeyboardInterrupt):
        fit_steps(network(), loss_at, PLAN, tmp_path / "broken", stopped_at(step))
    assert not (tmp_path / "broken" / "thing.pt").exists()
    resumed = fit_steps(network(), loss_at, PLAN, tmp_path / "broken", NOBODY)
    assert same(whole, resumed)
    assert not same(whole, network())
    other = fit_steps(network(), loss_at, replace(PLAN, seed=4), tmp_path / "other", NOBODY)
    assert not same(whole, other)


def test_it_goes_on_from_the_checkpoint_and_not_from_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SAVE_EVERY", 4)
    with pytest.raises(KeyboardInterrupt):
        fit_steps(network(), loss_at, PLAN, tmp_path, stopped_at(5))
    done: list[tuple[str, int, int]] = []
    fit_steps(network(), loss_at, PLAN, tmp_path, Listener(lambda *at: done.append(at)))
    assert done == [("thing", 5, 6), ("thing", 6, 6)]


def test_the_loss_is_said_now_and_then(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SAY_EVERY", 3)
    said: list[str] = []
    fit_steps(network(), loss_at, PLAN, tmp_path, Listener(message=said.append))
    assert [one.split(":")[0] for one in said] == ["step 3 of 6", "step 6 of 6"]


def test_it_learns(tmp_path: Path) -> None:
    plan = replace(PLAN, steps=60)
    average = fit_steps(network(), loss_at, plan, tmp_path, NOBODY)
    assert not average.training
    with torch.inference_mode():
        after, before = loss_at(average, 999), loss_at(network().eval(), 999)
    assert float(after) < 0.6 * float(before)


@pytest.mark.parametrize("given", [{"steps": 6, "of": "circles"}, {"steps": 6}])
def test_a_checkpoint_of_another_training_is_not_gone_on_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: dict[str, object]
) -> None:
    monkeypatch.setattr(module, "SAVE_EVERY", 2)
    fit_steps(network(), loss_at, PLAN, tmp_path, NOBODY)
    with pytest.raises(
        OutputError, match="is of a training with other settings or tracings: choose another folder"
    ):
        fit_steps(network(), loss_at, replace(PLAN, given=given), tmp_path, NOBODY)


def test_a_damaged_checkpoint_is_said(tmp_path: Path) -> None:
    (tmp_path / CHECKPOINT).write_bytes(b"no checkpoint")
    with pytest.raises(
        OutputError, match=r"checkpoint\.pt: cannot be read .* delete the folder and train again"
    ):
        fit_steps(network(), loss_at, PLAN, tmp_path, NOBODY)


def test_a_file_in_place_of_the_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("")
    with pytest.raises(OutputError, match="run: cannot be created"):
        fit_steps(network(), loss_at, PLAN, tmp_path / "run", NOBODY)


def test_a_finished_training_is_loaded_with_its_scores(tmp_path: Path) -> None:
    average = fit_steps(network(), loss_at, PLAN, tmp_path, NOBODY)
    (tmp_path / METRICS).write_text('{"found": 0.5}', encoding="utf-8")
    loaded = network()
    assert load_fitted(loaded, "thing", tmp_path, "things train") == {"found": 0.5}
    assert same(loaded, average)
    assert not loaded.training


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: (folder / "thing.pt").unlink(),
        lambda folder: (folder / "thing.pt").write_bytes(b"broken"),
        lambda folder: (folder / METRICS).unlink(),
        lambda folder: (folder / METRICS).write_text("{"),
        lambda folder: torch.save(nn.Linear(1, 1).state_dict(), folder / "thing.pt"),
    ],
)
def test_an_unfinished_or_damaged_training_is_said(
    tmp_path: Path, damage: Callable[[Path], object]
) -> None:
    fit_steps(network(), loss_at, PLAN, tmp_path, NOBODY)
    (tmp_path / METRICS).write_text("{}", encoding="utf-8")
    damage(tmp_path)
    with pytest.raises(
        OutputError,
        match=r"holds no trained thing that can be read .* the folder that 'lumbargrade things t",
    ):
        load_fitted(network(), "thing", tmp_path, "things train")


def test_a_digest_tells_sets_of_data_apart() -> None:
    arrays = [np.arange(4), np.ones(2, dtype=bool)]
    found = digest_of(arrays, ["P1", "P2"])
    assert found == digest_of([one.copy() for one in arrays], ["P1", "P2"])
    assert found != digest_of(arrays, ["P1", "P3"])
    assert found != digest_of([np.arange(1, 5), arrays[1]], ["P1", "P2"])
