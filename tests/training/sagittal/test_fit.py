"""The disc grader learns, from the discs and settings that its checkpoint names."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from tests.training.sagittal.graded import discs

from lumbargrade.errors import OutputError
from lumbargrade.training.heads import MISSING
from lumbargrade.training.progress_log import NOBODY
from lumbargrade.training.sagittal.fit import (
    DiscGraderSettings,
    _digest,
    draw_chances,
    fit_disc_grader,
    grader_loss,
    load_disc_grader,
    probabilities_of,
)

SHORT = DiscGraderSettings(steps=2, batch=4)


def test_it_learns(tmp_path: Path) -> None:
    data = discs(40)
    network = fit_disc_grader(data, replace(SHORT, steps=40, batch=16), tmp_path, NOBODY)
    (chances,) = probabilities_of(network, data)
    assert chances.shape == (40, 5)
    np.testing.assert_allclose(chances.sum(1), 1.0, atol=1e-6)
    expected = chances @ np.arange(5)
    assert np.corrcoef(expected, data.values[:, 0])[0, 1] > 0.7


def test_a_checkpoint_of_other_settings_or_discs_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lumbargrade.training.loop.steps.SAVE_EVERY", 1)
    data = discs()
    fit_disc_grader(data, SHORT, tmp_path, NOBODY)
    for given, settings in ((data, replace(SHORT, seed=4)), (discs(11), SHORT)):
        with pytest.raises(OutputError, match="other settings or tracings: choose another folder"):
            fit_disc_grader(given, settings, tmp_path, NOBODY)


@pytest.mark.parametrize("part", ["squares", "values", "patients", "simulated", "aside"])
def test_each_part_of_the_discs_tells_them_apart(part: str) -> None:
    data = discs()
    changed = getattr(data, part).copy()
    changed[0] = "B" if part == "patients" else changed[0] == 0
    assert _digest(replace(data, **{part: changed})) != _digest(data)


def test_nothing_to_train_on_is_said(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="every patient with graded discs is set aside"):
        fit_disc_grader(discs(4, aside=4), SHORT, tmp_path, NOBODY)


def test_rare_grades_and_kinds_are_drawn_as_is_said() -> None:
    chances = draw_chances(discs(10, simulated=5), 0.3)
    assert chances.sum() == pytest.approx(1.0)
    assert chances[:5].sum() == pytest.approx(0.3)
    data = discs(30)
    data.values[:, 0] = [0] * 24 + [1] * 6
    chances = draw_chances(data, 0.3)
    assert chances[:24].sum() / chances[24:].sum() == pytest.approx(2.0)


def test_a_disc_is_as_rare_as_its_grades_on_average() -> None:
    data = discs(30)
    data.values[:, 0] = [0] * 24 + [1] * 6
    slips = np.full((30, 1), MISSING)
    slips[0] = 1
    both = replace(data, values=np.hstack([data.values, slips]), systems=("PFIRRMANN", "SLIP"))
    chances = draw_chances(both, 0.3)
    assert chances[1] == pytest.approx(chances[23])
    assert chances[0] / chances[1] == pytest.approx((24**-0.5 + 5**-0.5) / 2 * 24**0.5)


def test_the_loss_falls_with_the_chance_of_the_grade() -> None:
    sure = torch.log_softmax(torch.tensor([[[0.0, 9.0, 0.0]]]), 2)
    assert grader_loss(sure, torch.tensor([1])) < grader_loss(sure, torch.tensor([0]))
    two = torch.cat([sure, sure], dim=1)
    assert grader_loss(two, torch.tensor([1, MISSING])) == grader_loss(sure, torch.tensor([1]))
    assert grader_loss(sure, torch.tensor([MISSING])) == 0.0


def test_a_run_without_a_network_is_said(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"no trained disc_grader .* 'lumbargrade sagittal t"):
        load_disc_grader(tmp_path)
