"""``evaluate`` and ``agreement``: what their options hand on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.cli.calls import note_calls
from typer.testing import CliRunner

from lumbargrade.cli.main import app


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "evaluate PREDICTIONS COHORT -o OUT",
            {
                "predictions": Path("PREDICTIONS"),
                "cohorts": [Path("COHORT")],
                "out": Path("OUT"),
                "split": None,
                "compare": [],
                "model": None,
                "error_limit": 0.05,
                "only_unseen": False,
                "key": None,
                "measures": [],
            },
        ),
        (
            "evaluate PREDICTIONS COHORT OTHER -o OUT --split RUN/split.json --compare A "
            "--compare B.csv --model BUNDLE --error-limit 0.1 --only-unseen "
            "--measures ANN.csv --measures BOB.csv",
            {
                "predictions": Path("PREDICTIONS"),
                "cohorts": [Path("COHORT"), Path("OTHER")],
                "out": Path("OUT"),
                "split": Path("RUN/split.json"),
                "compare": [Path("A"), Path("B.csv")],
                "model": Path("BUNDLE"),
                "error_limit": 0.1,
                "only_unseen": True,
                "key": None,
                "measures": [Path("ANN.csv"), Path("BOB.csv")],
            },
        ),
        (
            "agreement READINGS.csv -o OUT",
            {"readings": Path("READINGS.csv"), "out": Path("OUT"), "model": None, "key": None},
        ),
        (
            "agreement READINGS.csv -o OUT --model net",
            {"readings": Path("READINGS.csv"), "out": Path("OUT"), "model": "net", "key": None},
        ),
    ],
)
def test_arguments_arrive_by_name(
    line: str, expected: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = note_calls(monkeypatch, "lumbargrade.cli.evaluation", "evaluate", "agreement")
    result = CliRunner().invoke(app, line.split())
    assert result.exit_code == 0, result.output
    assert calls == {line.split(maxsplit=1)[0]: expected}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("evaluate P C -o OUT --error-limit 2", "Invalid value for '--error-limit'"),
        ("evaluate P -o OUT", "Missing argument 'COHORT...'"),
        ("agreement R.csv", "Missing option '--out'"),
    ],
)
def test_a_wrong_call_says_what_is_wrong(line: str, words: str) -> None:
    result = CliRunner().invoke(app, line.split())
    assert result.exit_code == 2
    assert words in result.stderr
