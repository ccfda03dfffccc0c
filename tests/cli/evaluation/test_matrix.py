"""``lumbargrade matrix``: counts and claims on the screen, and as files."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from tests.evaluation.undrawn import draw_nothing
from typer.testing import CliRunner

from lumbargrade.cli.main import app

WIDE = {"COLUMNS": "200"}


def _block(text: str, head: str, cells: int) -> str:
    """Return the lines of an example from its heading to the first line that is not of it."""
    lines = [line.strip() for line in text[text.index(head) :].splitlines()]
    rows = itertools.takewhile(lambda line: line.count(",") == cells, lines[1:])
    return "\n".join([head, *rows]) + "\n"


@pytest.fixture(params=["docs", "help"])
def example(request: pytest.FixtureRequest, repository: Path, tmp_path: Path) -> tuple[Path, Path]:
    """Counts and claims as the page, or the help, shows them."""
    page = repository / "docs" / "how-to" / "check-a-published-matrix.md"
    shown = CliRunner().invoke(app, ["matrix", "--help"], env=WIDE).stdout
    text = page.read_text(encoding="utf-8") if request.param == "docs" else shown
    counts, claims = tmp_path / "counts.csv", tmp_path / "claims.csv"
    counts.write_text(_block(text, "system,reference,0,1,2,3", 5), encoding="utf-8")
    claims.write_text(_block(text, "system,figure,grade,value,low,high,of", 6), encoding="utf-8")
    return counts, claims


def test_the_examples_that_we_print_run(
    example: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw_nothing(monkeypatch)
    counts, claims = example
    assert claims.read_text().count("\n") >= 4
    arguments = ["matrix", str(counts), "--claims", str(claims), "-o", str(tmp_path / "out")]
    done = CliRunner().invoke(app, arguments, env=WIDE)
    assert done.exit_code == 0, done.output
    assert " printed figures fit the counts." in done.stdout
    assert "0.84 (0.83 to 0.86)" in done.stdout
    assert f"Tables: {tmp_path / 'out'}" in done.stdout
    assert (tmp_path / "out" / "report.html").is_file()


def test_without_out_nothing_is_written(tmp_path: Path) -> None:
    counts = tmp_path / "counts.csv"
    counts.write_text("90,10\n15,35\n", encoding="utf-8")
    done = CliRunner().invoke(app, ["matrix", str(counts)], env=WIDE)
    assert done.exit_code == 0, done.output
    assert "Gwet AC1" in done.stdout
    assert "independent of every other" in done.stdout
    assert list(tmp_path.iterdir()) == [counts]


def test_only_what_does_not_fit_is_shown_of_the_claims(tmp_path: Path) -> None:
    counts, claims = tmp_path / "counts.csv", tmp_path / "claims.csv"
    counts.write_text("90,10\n15,35\n", encoding="utf-8")
    claims.write_text("figure,value\naccuracy,83.3 %\naccuracy,84.17 %\n", encoding="utf-8")
    done = CliRunner().invoke(app, ["matrix", str(counts), "--claims", str(claims)], env=WIDE)
    assert "no share of 150 images is 84.17 %" in done.stdout
    assert "83.3 %" not in done.stdout
    assert "1 of 2 printed figures fit the counts." in done.stdout


def test_a_fault_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    counts = tmp_path / "counts.csv"
    counts.write_text("90,ten\n15,35\n", encoding="utf-8")
    done = CliRunner().invoke(app, ["matrix", str(counts), "-o", str(tmp_path / "out")])
    assert done.exit_code == 2
    assert done.stderr.startswith("error: 1 fault, nothing was written: counts.csv row 1: 'ten'")
    assert list(tmp_path.iterdir()) == [counts]
