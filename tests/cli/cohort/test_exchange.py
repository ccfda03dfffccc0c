"""``reports``, ``import``, ``export`` and ``adapt``: what their options hand on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.cli.calls import note_calls
from typer.testing import CliRunner

from lumbargrade.cli.main import app
from lumbargrade.cohort.imports.filling import ImportOptions
from lumbargrade.grading.level import Level


@pytest.mark.parametrize(
    ("line", "module", "expected"),
    [
        (
            "reports NOTES.csv -o OUT",
            "reports",
            {
                "notes": Path("NOTES.csv"),
                "out": Path("OUT"),
                "against": None,
                "patient_column": "patient_id",
                "text_column": None,
            },
        ),
        (
            "reports N -o OUT --against L --patient-column P --text-column T",
            "reports",
            {
                "notes": Path("N"),
                "out": Path("OUT"),
                "against": Path("L"),
                "patient_column": "P",
                "text_column": "T",
            },
        ),
        (
            "import S -o C --regions A --regions B --grades G --contrast t1 --lowest-level L5/S1 "
            "--external",
            "imports",
            {
                "source": Path("S"),
                "regions": [Path("A"), Path("B")],
                "grades": Path("G"),
                "out": Path("C"),
                "options": ImportOptions("t1", Level.L5_S1, True, None),
            },
        ),
        (
            "import S -o C --unread",
            "imports",
            {
                "source": Path("S"),
                "regions": [],
                "grades": None,
                "out": Path("C"),
                "options": ImportOptions(unread=True),
            },
        ),
        (
            "import S -o C",
            "imports",
            {
                "source": Path("S"),
                "regions": [],
                "grades": None,
                "out": Path("C"),
                "options": ImportOptions(),
            },
        ),
        (
            "export C -o OUT",
            "export",
            {"cohort_folder": Path("C"), "out": Path("OUT"), "format_": "csv"},
        ),
        (
            "export C -o OUT --format coco",
            "export",
            {"cohort_folder": Path("C"), "out": Path("OUT"), "format_": "coco"},
        ),
        (
            "adapt rsna2024 F -o C",
            "adapt",
            {"name": "rsna2024", "folder": Path("F"), "out": Path("C")},
        ),
    ],
)
def test_arguments_arrive_by_name(
    line: str, module: str, expected: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = note_calls(monkeypatch, "lumbargrade.cli.cohort", module)
    result = CliRunner().invoke(app, ["cohort", *line.split()])
    assert result.exit_code == 0, result.output
    assert calls == {module: expected}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("export C -o OUT --format xml", "'xml' is not one of 'csv', 'parquet', 'coco', 'sr'"),
        ("adapt nobody F -o C", "'nobody' is not one of 'spider', 'rsna2024', 'lumbar-mendeley'"),
        ("import S -o C --lowest-level T12", "'T12' is not one of 'L1/L2'"),
    ],
)
def test_a_wrong_call_says_what_is_wrong(line: str, words: str) -> None:
    result = CliRunner().invoke(app, ["cohort", *line.split()])
    assert result.exit_code == 2
    assert words in result.stderr
