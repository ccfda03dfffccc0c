"""The outline network is trained on the tracings and settings that its checkpoint names."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from tests.training.outlines.traced import write_tracings

from lumbargrade.errors import OutputError
from lumbargrade.morphometry.tracing import read_tracings
from lumbargrade.training.outlines.data import TracedSlices, load_traced
from lumbargrade.training.outlines.fit import (
    OutlineSettings,
    _weights,
    fit_outlines,
    load_outliner,
)
from lumbargrade.training.outlines.network import OutlineNetwork
from lumbargrade.training.progress_log import NOBODY

SHORT = OutlineSettings(steps=4, batch=2)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> TracedSlices:
    folder = tmp_path_factory.mktemp("traced")
    return load_traced(read_tracings(write_tracings(folder)), [folder], lambda done, total: None)


def network() -> OutlineNetwork:
    torch.manual_seed(3)
    return OutlineNetwork()


def test_the_same_settings_train_the_same_network(data: TracedSlices, tmp_path: Path) -> None:
    one, other = (
        fit_outlines(data, network(), replace(SHORT, steps=2), tmp_path / name, NOBODY)
        for name in ("one", "other")
    )
    for a, b in zip(one.parameters(), other.parameters(), strict=True):
        torch.testing.assert_close(a, b, atol=0, rtol=0)
    assert (tmp_path / "one" / "outliner.pt").exists()


def test_a_checkpoint_of_other_settings_is_not_gone_on_with(
    data: TracedSlices, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lumbargrade.training.loop.steps.SAVE_EVERY", 1)
    short = replace(SHORT, steps=1)
    fit_outlines(data, network(), short, tmp_path, NOBODY)
    with pytest.raises(OutputError, match="is of a training with other settings"):
        fit_outlines(data, network(), replace(short, seed=9), tmp_path, NOBODY)


def test_a_checkpoint_of_other_outlines_is_not_gone_on_with(
    data: TracedSlices, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else corrected outlines would change nothing, and the run would say that they did."""
    monkeypatch.setattr("lumbargrade.training.loop.steps.SAVE_EVERY", 1)
    short = replace(SHORT, steps=1)
    fit_outlines(data, network(), short, tmp_path, NOBODY)
    fit_outlines(data, network(), short, tmp_path, NOBODY)
    corrected = data.masks.copy()
    corrected[0, 1] = 255 - corrected[0, 1]
    with pytest.raises(OutputError, match="other settings or tracings: choose another folder"):
        fit_outlines(replace(data, masks=corrected), network(), short, tmp_path, NOBODY)


def test_nothing_to_train_on_is_said(data: TracedSlices, tmp_path: Path) -> None:
    aside = replace(data, patients=np.array(["P0170"] * 3))
    with pytest.raises(OutputError, match="every traced patient is set aside"):
        fit_outlines(aside, network(), SHORT, tmp_path, NOBODY)


def test_a_run_without_a_network_is_said(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"holds no trained outliner .* 'lumbargrade outlines t"):
        load_outliner(tmp_path)


def test_tracings_of_t2_are_drawn_most_and_drafts_least(data: TracedSlices) -> None:
    mixed = replace(
        data,
        contrasts=np.array(["t2", "t1", "t2"]),
        drafts=np.array([False, False, True]),
    )
    assert _weights(mixed, OutlineSettings()).tolist() == [3.0, 1.0, 0.2]
