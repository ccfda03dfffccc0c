"""The signature of `lumbargrade read` is what the command takes."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from lumbargrade.cli.main import app
from lumbargrade.cli.room import read
from lumbargrade.cli.room.read import Said


def test_every_option_reaches_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[Any] = []
    monkeypatch.setattr(read, "run", lambda *arguments: found.append(arguments))
    options = (
        "--host ::1 --port 1 --certificate c --key k --behind-proxy 1.1.1.1 --database d "
        "--readers 3 --systems LDH --repeats 0.1 --assisted 0.5 --seed 4 --model m --new-link"
    )
    result = CliRunner().invoke(app, ["read", "COHORT", *options.split()])
    assert result.exit_code == 0, result.output
    ((cohort, model, said),) = found
    assert (cohort, model) == (Path("COHORT"), Path("m"))
    assert said == Said("::1", 1, Path("c"), Path("k"), "1.1.1.1", "d", 3, "LDH", 0.1, 0.5, 4, True)
    assert len(fields(said)) == 12


def test_the_help_says_what_the_room_is() -> None:
    text = CliRunner().invoke(app, ["read", "--help"]).output
    assert "boxes, blind readers, an adjudicator" in text
