"""The disc finder is trained on the slices and settings that its checkpoint names."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from tests.training.discs.traced import ASIDE, write_tracings

from lumbargrade.errors import OutputError
from lumbargrade.spine.tracing import read_disc_tracings
from lumbargrade.training.augment import Random
from lumbargrade.training.discs import fit as module
from lumbargrade.training.discs.data import TracedDiscs, load_discs, training_batch
from lumbargrade.training.discs.fit import (
    NETWORK,
    FinderSettings,
    _chances,
    _digest,
    fit_finder,
    load_finder,
)
from lumbargrade.training.progress_log import NOBODY, Listener

SHORT = FinderSettings(steps=3, batch=2)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> TracedDiscs:
    folder = tmp_path_factory.mktemp("traced")
    return load_discs(
        read_disc_tracings(write_tracings(folder)), [folder], lambda done, total: None
    )


def test_an_interrupted_training_ends_bit_for_bit_as_one_without_a_break(
    data: TracedDiscs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lumbargrade.training.loop.steps.SAVE_EVERY", 1)
    whole = fit_finder(data, SHORT, tmp_path / "whole", NOBODY)

    def stop(stage: str, done: int, total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fit_finder(data, SHORT, tmp_path / "broken", Listener(stop))
    assert not (tmp_path / "broken" / f"{NETWORK}.pt").exists()
    resumed = fit_finder(data, SHORT, tmp_path / "broken", NOBODY)
    pairs = zip(whole.state_dict().values(), resumed.state_dict().values(), strict=True)
    assert all(torch.equal(one, other) for one, other in pairs)


@pytest.mark.parametrize("part", ["pictures", "corners_mm", "on_sacrum", "patients", "simulated"])
def test_each_part_of_the_slices_tells_them_apart(data: TracedDiscs, part: str) -> None:
    """Else corrected corners would change nothing, and the run would say that they did."""
    assert _digest(replace(data)) == _digest(data)
    changed = getattr(data, part).copy()
    changed[0] = (
        "B" if part == "patients" else ~changed[0] if changed.dtype == bool else changed[0] + 1
    )
    assert _digest(replace(data, **{part: changed})) != _digest(data)


def test_a_checkpoint_of_other_settings_or_slices_is_refused(
    data: TracedDiscs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lumbargrade.training.loop.steps.SAVE_EVERY", 1)
    short = replace(SHORT, steps=1)
    fit_finder(data, short, tmp_path, NOBODY)
    fit_finder(data, short, tmp_path, NOBODY)
    corrected = replace(data, corners_mm=data.corners_mm + np.float32(1))
    for traced, settings in ((data, replace(short, seed=9)), (corrected, short)):
        with pytest.raises(OutputError, match="other settings or tracings: choose another folder"):
            fit_finder(traced, settings, tmp_path, NOBODY)


def test_nothing_to_train_on_is_said(data: TracedDiscs, tmp_path: Path) -> None:
    aside = replace(data, patients=np.array([ASIDE] * 3))
    with pytest.raises(OutputError, match="every traced patient is set aside: trace slices of"):
        fit_finder(aside, SHORT, tmp_path, NOBODY)


def test_people_set_aside_are_never_drawn(
    data: TracedDiscs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: set[int] = set()

    def noted(data: TracedDiscs, rows: NDArray[np.int64], random: Random) -> object:
        drawn.update(rows.tolist())
        return training_batch(data, rows, random)

    monkeypatch.setattr(module, "training_batch", noted)
    fit_finder(data, replace(SHORT, batch=8, steps=1), tmp_path, NOBODY)
    assert drawn == {0, 1}


def test_simulated_slices_are_drawn_as_often_as_is_said() -> None:
    chances = _chances(np.array([True, False, False, True]), 0.3)
    assert chances.tolist() == pytest.approx([0.15, 0.35, 0.35, 0.15])
    for alone in (True, False):
        assert _chances(np.array([alone] * 4), 0.3).tolist() == [0.25] * 4


def test_a_run_without_a_network_is_said(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"holds no trained disc_finder .* 'lumbargrade discs t"):
        load_finder(tmp_path)
