"""The ``sagittal`` commands: every one is explained, and hands on what it was given."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.calls import call, note_calls

from lumbargrade.cli.sagittal.train import Given
from lumbargrade.grading.system import SAGITTAL_SYSTEMS


def test_the_group_shows_the_whole_way() -> None:
    shown = call("sagittal", "--help")
    for word in ("train", "export", "COHORT/discs/*.json", "grade MY_FOLDER", "Pfirrmann 2001"):
        assert word in shown


def test_the_help_of_train_shows_how_grades_are_written() -> None:
    shown = " ".join(call("sagittal", "train", "--help").split())
    assert '{"L4/L5": {"PFIRRMANN": 3, "MODIC": 0}}' in shown
    for code in SAGITTAL_SYSTEMS:
        assert code in shown


def test_commands_hand_on_what_they_were_given(monkeypatch: pytest.MonkeyPatch) -> None:
    noted = note_calls(monkeypatch, "lumbargrade.cli.sagittal", "train", "export")
    asked = ("--pictures", "P", "--steps", "9", "--system", "MODIC", "--system", "SLIP")
    call("sagittal", "train", "a.json", "b.json", "-o", "RUN", *asked)
    assert noted["train"] == {
        "given": Given((Path("a.json"), Path("b.json")), Path("P"), ""),
        "systems": ("MODIC", "SLIP"),
        "out": Path("RUN"),
        "steps": 9,
        "seed": 0,
    }
    call("sagittal", "export", "RUN", "-o", "B", "--model", "M")
    assert noted["export"] == {"run": Path("RUN"), "out": Path("B"), "model": Path("M")}
