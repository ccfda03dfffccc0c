"""The ``outlines`` commands: every one is explained, and hands on what it was given."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.calls import call, note_calls

from lumbargrade.cli.outlines.train import Given


def test_the_group_shows_the_whole_way() -> None:
    shown = call("outlines", "--help")
    for word in ("draw", "train", "export", "--start-from default", "grade MY_FOLDER"):
        assert word in shown


def test_commands_hand_on_what_they_were_given(monkeypatch: pytest.MonkeyPatch) -> None:
    noted = note_calls(monkeypatch, "lumbargrade.cli.outlines", "draw", "train", "export")
    call("outlines", "draw", "a.dcm", "b.dcm", "-o", "o.json", "--pixel-spacing", "0.7")
    assert noted["draw"] == {
        "slices": [Path("a.dcm"), Path("b.dcm")],
        "out": Path("o.json"),
        "model": None,
        "pixel_spacing": 0.7,
    }
    call("outlines", "train", "o.json", "-o", "RUN", "--start-from", "default", "--steps", "9")
    assert noted["train"] == {
        "given": Given((Path("o.json"),), None, ""),
        "out": Path("RUN"),
        "steps": 9,
        "start_from": "default",
        "seed": 0,
    }
    call("outlines", "export", "RUN", "-o", "B", "--model", "M")
    assert noted["export"] == {"run": Path("RUN"), "out": Path("B"), "model": Path("M")}
