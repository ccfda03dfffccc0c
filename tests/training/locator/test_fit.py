"""The locator learns a bright spot, and a run's locator reads back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from lumbargrade.errors import OutputError
from lumbargrade.training.locator.fit import (
    LocatorData,
    fit_locator,
    load_locator,
    locator_scores,
)
from lumbargrade.training.locator.network import Locator
from lumbargrade.training.progress_log import Listener
from lumbargrade.training.recipe import LocatorSettings, Recipe
from lumbargrade.training.recipe_file import load_recipe


def spots(count: int) -> LocatorData:
    """Overviews with one bright spot each, which is the target."""
    rng = np.random.default_rng(1)
    targets = rng.uniform(44, 84, (count, 2)).astype(np.float32)
    rows, columns = np.mgrid[0:128, 0:128]
    pictures = np.stack(
        [np.exp(-((columns - u) ** 2 + (rows - v) ** 2) / 50) for u, v in targets]
    ).astype(np.float16)
    split = count * 2 // 3
    return LocatorData(pictures, targets, np.arange(split), np.arange(split, count))


@pytest.fixture
def recipe() -> Recipe:
    recipe = load_recipe("default")
    settings = LocatorSettings(epochs=2, batch=4, shift_mm=0.0, rotation_deg=0.0, scale=0.0)
    return replace(recipe, locator=settings)


def test_a_batch_is_of_the_rows_that_are_asked_for() -> None:
    data = spots(6)
    pictures, targets = data.batch(np.array([4, 1]))
    assert (pictures.shape, pictures.dtype) == ((2, 1, 128, 128), torch.float32)
    np.testing.assert_array_equal(targets.numpy(), data.targets[[4, 1]])
    np.testing.assert_array_equal(pictures[0, 0].numpy(), data.overviews[4].astype(np.float32))


def test_a_run_is_written_heard_and_read_back(tmp_path: Path, recipe: Recipe) -> None:
    steps: list[tuple[str, int, int]] = []
    lines: list[str] = []
    data = spots(12)
    listener = Listener(lambda *step: steps.append(step), lines.append)
    fit_locator(data, recipe, tmp_path / "locator", listener)
    assert steps == [(f"locator {epoch}/2", step, 2) for epoch in (1, 2) for step in (1, 2)]
    assert lines[0].startswith("locator: plain_median_mm ")
    found = load_locator(tmp_path / "locator")
    assert found is not None
    network, scores = found
    assert not network.training
    again = locator_scores(network, data, recipe)
    assert {name: scores[name] for name in again} == pytest.approx(again, abs=0.05)
    assert not (tmp_path / "locator.part").exists()


def test_a_perfect_locator_has_no_error(recipe: Recipe) -> None:
    """The spots themselves, halved in size, are the best map."""

    class Perfect(Locator):
        def forward(self, pictures: torch.Tensor) -> torch.Tensor:
            halved = torch.nn.functional.avg_pool2d(pictures, 2)
            return 40 * halved

    scores = locator_scores(Perfect(), spots(12), recipe)
    assert scores["plain_median_mm"] < 1.0
    assert scores["plain_within_10mm"] == 1.0
    assert scores["plain_p95_mm"] >= scores["plain_median_mm"]


def test_no_validation_slice_gives_no_score(recipe: Recipe) -> None:
    data = replace(spots(3), validation=np.arange(0))
    assert locator_scores(Locator(), data, recipe) == {}


def test_a_run_without_a_locator_has_none(tmp_path: Path) -> None:
    assert load_locator(tmp_path / "none") is None


@pytest.mark.parametrize("damage", ["missing", "empty", "text", "cut", "other", "scores"])
def test_a_damaged_locator_is_one_line(tmp_path: Path, damage: str) -> None:
    weights, metrics = tmp_path / "locator.pt", tmp_path / "metrics.json"
    torch.save(Locator().state_dict(), weights)
    metrics.write_text("{}")
    assert load_locator(tmp_path) is not None
    match damage:
        case "missing":
            weights.unlink()
        case "empty":
            weights.write_bytes(b"")
        case "text":
            weights.write_bytes(b"no weights")
        case "cut":
            weights.write_bytes(weights.read_bytes()[:5000])
        case "other":
            torch.save({"weight": torch.zeros(1)}, weights)
        case "scores":
            metrics.write_text("{")
    with pytest.raises(
        OutputError,
        match=r"^[^\n]+: the locator cannot be read \([^\n]+\); delete the folder and train again ",
    ):
        load_locator(tmp_path)
