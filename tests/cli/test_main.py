"""The command line: what each command hands on, and how it fails."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.cli.calls import note_calls
from typer.testing import CliRunner

from lumbargrade import __version__
from lumbargrade.cli.grade.said import Said
from lumbargrade.cli.main import app
from lumbargrade.errors import StudyError
from lumbargrade.grading.finding import UserWord
from lumbargrade.grading.level import Level
from lumbargrade.phantom.options import CohortOptions


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, Any]]:
    """Replace every command's ``run`` by one that notes its arguments by name."""
    return note_calls(monkeypatch, "lumbargrade.cli", "phantom", "train", "export", "grade.run")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "phantom OUT",
            {"out": Path("OUT"), "options": CohortOptions(60, 7)},
        ),
        (
            "phantom OUT --patients 2 --seed 9 --scanner verio-3t --scanner wide-3t --contrast t1 "
            "--workers 3 --severe --random-contrast --sacralised",
            {
                "out": Path("OUT"),
                "options": CohortOptions(2, 9, ("verio-3t", "wide-3t"), "t1", True, 3, True, True),
            },
        ),
        (
            "train COHORT -o RUN",
            {
                "cohorts": [Path("COHORT")],
                "out": Path("RUN"),
                "recipe": "default",
                "tasks": [],
                "epochs": None,
                "devices": 1,
                "resume": False,
                "split": None,
            },
        ),
        (
            "train COHORT REAL -o RUN --recipe paper --task LDH --epochs 3 --devices 2 --resume",
            {
                "cohorts": [Path("COHORT"), Path("REAL")],
                "out": Path("RUN"),
                "recipe": "paper",
                "tasks": ["LDH"],
                "epochs": 3,
                "devices": 2,
                "resume": True,
                "split": None,
            },
        ),
        ("export RUN -o BUNDLE", {"run": Path("RUN"), "out": Path("BUNDLE")}),
        (
            "grade A B -o OUT",
            {
                "studies": [Path("A"), Path("B")],
                "out": Path("OUT"),
                "model": None,
                "precision": "auto",
                "said": Said(),
            },
        ),
        (
            "grade A -o OUT --model M --box 1,2,3,4 --pixel-spacing 0.5 --precision f32 "
            "--contrast t2 --series 5 --lowest-level L4/L5 --regions both --sr --pseudonymise K",
            {
                "studies": [Path("A")],
                "out": Path("OUT"),
                "model": Path("M"),
                "precision": "f32",
                "said": Said(
                    "1,2,3,4", "0.5", True, UserWord("t2", "5", Level.L4_L5), "both", Path("K")
                ),
            },
        ),
    ],
)
def test_arguments_arrive_by_name(
    calls: dict[str, dict[str, Any]], line: str, expected: dict[str, Any]
) -> None:
    result = CliRunner().invoke(app, line.split())
    assert result.exit_code == 0, result.output
    assert calls == {line.split(maxsplit=1)[0]: expected}


def test_an_error_is_one_line_on_stderr(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise StudyError("A: holds no DICOM file: give a folder with one")

    monkeypatch.setattr("lumbargrade.cli.grade.run.run", refuse)
    result = CliRunner().invoke(app, ["grade", "A", "-o", "OUT"])
    assert result.exit_code == 2
    assert result.stderr == "error: A: holds no DICOM file: give a folder with one\n"
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("grade A", "Missing option '--out'"),
        ("grade -o OUT", "Missing argument 'STUDY...'"),
        ("phantom OUT --patients 0", "Invalid value for '--patients'"),
        ("phantom OUT --contrast flair", "'flair' is not one of 't2', 't1'"),
        ("grade A -o OUT --precision f64", "'f64' is not one of 'auto', 'f32'"),
        ("grades A", "No such command 'grades'"),
    ],
)
def test_a_wrong_call_says_what_is_wrong(line: str, words: str) -> None:
    result = CliRunner().invoke(app, line.split())
    assert result.exit_code == 2
    assert words in result.stderr
    assert "Traceback" not in result.output


def test_version() -> None:
    result = CliRunner().invoke(app, ["--version"])
    assert (result.exit_code, result.stdout) == (0, f"lumbargrade {__version__}\n")


def test_help_teaches_the_two_ways_to_a_study() -> None:
    text = CliRunner().invoke(app, ["--help"]).stdout
    assert "lumbargrade grade MY_FOLDER -o OUT" in text
    assert "lumbargrade phantom DEMO --patients 1" in text
    assert "Research use only" in text
