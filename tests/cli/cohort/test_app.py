"""``index``, ``flow`` and ``split``: what their options hand on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.cli.calls import note_calls
from typer.testing import CliRunner

from lumbargrade.cli.main import app
from lumbargrade.cohort.split.make import SplitOptions


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "index ARCHIVE -o INDEX",
            {"archive": Path("ARCHIVE"), "out": Path("INDEX"), "key": None, "workers": None},
        ),
        (
            "index ARCHIVE -o INDEX --key K --workers 2",
            {"archive": Path("ARCHIVE"), "out": Path("INDEX"), "key": Path("K"), "workers": 2},
        ),
        (
            "flow INDEX -o FLOW",
            {
                "index": Path("INDEX"),
                "out": Path("FLOW"),
                "rules": "su2022",
                "exclude": None,
                "grades": None,
                "key": None,
            },
        ),
        (
            "flow INDEX -o FLOW --rules R --exclude E --grades G --key K",
            {
                "index": Path("INDEX"),
                "out": Path("FLOW"),
                "rules": "R",
                "exclude": Path("E"),
                "grades": Path("G"),
                "key": Path("K"),
            },
        ),
        (
            "split FLOW -o S",
            {"source": Path("FLOW"), "out": Path("S"), "options": SplitOptions()},
        ),
        (
            "split FLOW -o S --shares 8/1/1 --seed 3 --external --extend --index I --key K "
            "--follow F",
            {
                "source": Path("FLOW"),
                "out": Path("S"),
                "options": SplitOptions("8/1/1", 3, True, True, Path("I"), Path("K"), Path("F")),
            },
        ),
    ],
)
def test_arguments_arrive_by_name(
    line: str, expected: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = note_calls(monkeypatch, "lumbargrade.cli.cohort", "index", "flow", "split")
    result = CliRunner().invoke(app, ["cohort", *line.split()])
    assert result.exit_code == 0, result.output
    assert calls == {line.split(maxsplit=1)[0]: expected}


def test_help_shows_the_whole_way() -> None:
    shown = CliRunner().invoke(app, ["cohort", "--help"]).stdout
    for line in ("cohort index ARCHIVE", "cohort flow INDEX", "cohort split FLOW", "train COHORT"):
        assert f"lumbargrade {line} -o" in shown
