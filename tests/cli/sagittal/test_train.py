"""``lumbargrade sagittal train``: what it says of the discs set aside, and what it needs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.cli.calls import call, refused, said_without

SCORES = {"discs": 30, "patients": 2, "kappa_linear": 0.613, "exact": 0.6, "majority": 0.5}


@pytest.mark.parametrize(
    ("aside", "said"),
    [
        ({}, "no disc set aside has a grade of it: how well discs are graded is not known"),
        (
            SCORES,
            "set aside: 30 discs of 2 people, linear kappa 0.61, 60.0% the reader's grade (50.0% "
            "have the commonest)",
        ),
        ({**SCORES, "kappa_linear": None, "patients": 1}, "30 discs of 1 person, 60.0% the"),
    ],
)
def test_it_says_how_well_discs_set_aside_are_graded(
    monkeypatch: pytest.MonkeyPatch, aside: dict[str, Any], said: str
) -> None:
    monkeypatch.setattr(
        "lumbargrade.training.sagittal.run.train_disc_grader",
        lambda *given: {"graded": {"MODIC": aside}},
    )
    shown = call("sagittal", "train", "d.json", "-o", "RUN")
    assert said in shown
    assert "MODIC: " in shown
    assert "run: RUN" in shown


def test_steps_and_seed_reach_the_training(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []

    def train(*given: Any) -> dict[str, Any]:
        seen.extend(given)
        return {"graded": {}}

    monkeypatch.setattr("lumbargrade.training.sagittal.run.train_disc_grader", train)
    asked = ("--steps", "7", "--seed", "3", "--system", "slip", "--system", "PFIRRMANN")
    call("sagittal", "train", "d.json", "-o", "RUN", *asked)
    assert seen[0].systems == ("PFIRRMANN", "SLIP")
    assert (seen[1].steps, seen[1].seed) == (7, 3)
    assert seen[2] == Path("RUN")


def test_an_unknown_system_is_one_line() -> None:
    said = refused("sagittal", "train", "d.json", "-o", "RUN", "--system", "LDH")
    assert "--system LDH: is no system of discs: give one of PFIRRMANN, DISCNARROWING" in said


def test_a_file_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    said = refused("sagittal", "train", tmp_path / "none.json", "-o", tmp_path / "run")
    assert "none.json: the traced discs cannot be read" in said


def test_the_extra_is_named(tmp_path: Path) -> None:
    said = said_without("torch", "sagittal", "train", tmp_path, "-o", tmp_path / "run")
    assert said.startswith("error: lumbargrade sagittal train needs the 'train' extra")
