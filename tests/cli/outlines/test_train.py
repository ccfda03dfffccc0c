"""``lumbargrade outlines train``: what it says of the slices set aside, and what it needs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.cli.calls import call, said_without


@pytest.mark.parametrize(
    ("aside", "said"),
    [
        ({}, "no traced patient is set aside: how well it draws is not known"),
        (
            {"t2": {"slices": 5, "patients": 2, "dice": {"disc": 0.9712, "sac": 0.9}}},
            "set aside, t2: 5 slices of 2 patients, Dice disc 0.971, sac 0.900",
        ),
        (
            {"": {"slices": 1, "patients": 1, "dice": {"disc": 1.0}}},
            "set aside, contrast not said: 1 slice of 1 patient, Dice disc 1.000",
        ),
    ],
)
def test_it_says_how_well_the_slices_set_aside_are_drawn(
    monkeypatch: pytest.MonkeyPatch, aside: dict[str, Any], said: str
) -> None:
    monkeypatch.setattr(
        "lumbargrade.training.outlines.run.train_outlines", lambda *given: {"set_aside": aside}
    )
    shown = call("outlines", "train", "o.json", "-o", "RUN")
    assert said in shown
    assert "run: RUN" in shown


def test_the_extra_is_named(tmp_path: Path) -> None:
    said = said_without("torch", "outlines", "train", tmp_path, "-o", tmp_path / "run")
    assert said.startswith("error: lumbargrade outlines train needs the 'train' extra")
