"""The ``discs`` commands: every one is explained, and hands on what it was given."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.calls import call, note_calls

from lumbargrade.cli.discs.train import Given
from lumbargrade.spine.tracing import CORNERS


def test_the_group_shows_the_whole_way() -> None:
    shown = call("discs", "--help")
    for word in ("train", "export", "COHORT/discs/*.json", "grade MY_FOLDER"):
        assert word in shown


def test_the_help_of_train_names_every_key_and_corner() -> None:
    shown = " ".join(call("discs", "train", "--help").split())
    for word in ("file", "discs", "sacrum_seen", "pixel_spacing_mm", *CORNERS):
        assert word in shown


def test_commands_hand_on_what_they_were_given(monkeypatch: pytest.MonkeyPatch) -> None:
    noted = note_calls(monkeypatch, "lumbargrade.cli.discs", "train", "export")
    call("discs", "train", "a.json", "b.json", "-o", "RUN", "--pictures", "P", "--steps", "9")
    assert noted["train"] == {
        "given": Given((Path("a.json"), Path("b.json")), Path("P"), ""),
        "out": Path("RUN"),
        "steps": 9,
        "seed": 0,
    }
    call("discs", "export", "RUN", "-o", "B", "--model", "M")
    assert noted["export"] == {"run": Path("RUN"), "out": Path("B"), "model": Path("M")}
    call("discs", "export", "RUN", "-o", "B")
    assert noted["export"]["model"] is None
