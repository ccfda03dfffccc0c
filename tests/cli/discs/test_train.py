"""``lumbargrade discs train``: what it says of the slices set aside, and what it needs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.cli.calls import call, refused, said_without

SCORES = {
    "slices": 5,
    "patients": 2,
    "discs": 30,
    "found": 0.9667,
    "corner_median_mm": 2.1,
    "sacrum_right": 0.8,
}


@pytest.mark.parametrize(
    ("aside", "said"),
    [
        ({}, "nobody is set aside: how well discs are found is not known"),
        (
            SCORES,
            "set aside: 5 slices of 2 people, 96.7% of 30 discs found, corners off by 2.1 mm in "
            "the median, the disc on the sacrum right in 80.0%",
        ),
        (
            {**SCORES, "slices": 1, "patients": 1, "found": 0.0, "corner_median_mm": None},
            "set aside: 1 slice of 1 person, 0.0% of 30 discs found, the disc on the sacrum right "
            "in 80.0%",
        ),
        (
            {**SCORES, "sacrum_right": None},
            "30 discs found, corners off by 2.1 mm in the median\n",
        ),
    ],
)
def test_it_says_how_well_discs_set_aside_are_found(
    monkeypatch: pytest.MonkeyPatch, aside: dict[str, Any], said: str
) -> None:
    monkeypatch.setattr(
        "lumbargrade.training.discs.run.train_finder", lambda *given: {"set_aside": aside}
    )
    shown = call("discs", "train", "d.json", "-o", "RUN")
    assert said in shown
    assert "run: RUN" in shown


def test_steps_and_seed_reach_the_training(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []

    def train(*given: Any) -> dict[str, Any]:
        seen.extend(given)
        return {"set_aside": {}}

    monkeypatch.setattr("lumbargrade.training.discs.run.train_finder", train)
    call("discs", "train", "d.json", "-o", "RUN", "--steps", "7", "--seed", "3", "--credit", "us")
    assert (seen[0].files, seen[0].credit) == ((Path("d.json"),), "us")
    assert (seen[1].steps, seen[1].seed) == (7, 3)
    assert seen[2] == Path("RUN")


def test_a_file_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    said = refused("discs", "train", tmp_path / "none.json", "-o", tmp_path / "run")
    assert "none.json: the traced discs cannot be read" in said


def test_the_extra_is_named(tmp_path: Path) -> None:
    said = said_without("torch", "discs", "train", tmp_path, "-o", tmp_path / "run")
    assert said.startswith("error: lumbargrade discs train needs the 'train' extra")
