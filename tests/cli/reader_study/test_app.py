"""Every command from a table to the screen and the files."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from tests.made_up_readings import made_up, write_table
from typer.testing import CliRunner

from lumbargrade.cli.main import app


@pytest.fixture(scope="module")
def readings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_table(tmp_path_factory.mktemp("study") / "READINGS.csv", made_up())


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (
            ["interchange", "--model", "net", "--reference", "ref", "--margin", "0.05"],
            "LDH, exact: interchangeable.",
        ),
        (
            ["noninferiority", "--model", "net", "--reference", "ref", "--margin", "0.05"],
            "LDH, readers like these: non-inferior.",
        ),
        (["assisted", "--reference", "ref", "--model", "net"], "assisted / plain"),
        (["repeats", "--reference", "ref", "--model", "net"], "readers like these"),
        (["areas", "--reference", "ref", "--model", "net"], "area 0-1 / 2-3"),
        (["size", "--width", "0.1", "--reference", "ref", "--model", "net"], "patients needed"),
        (
            [
                "size",
                "--margin",
                "0.1",
                "--reference",
                "ref",
                "--model",
                "net",
                "--expected",
                "0.1",
            ],
            "patients needed",
        ),
    ],
)
def test_a_study_is_printed_and_written(
    command: list[str], said: str, readings: Path, tmp_path: Path
) -> None:
    name, *options = command
    out = tmp_path / "out"
    done = CliRunner().invoke(app, ["reader-study", name, str(readings), "-o", str(out), *options])
    assert done.exit_code == 0, done.output
    assert re.sub(r"\s+", " ", said) in re.sub(r"\s+", " ", done.stdout)
    assert "These readers: the same readers on other patients" in done.stdout.replace("\n", " ")
    data = json.loads((out / f"{name}.json").read_text(encoding="utf-8"))
    assert data["figures"]
    assert (out / f"{name}.csv").exists()


def test_the_how_to_runs_as_printed(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its made-up table, then every command, one after the other."""
    text = (repository / "docs" / "how-to" / "reader-studies.md").read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    (block,) = re.findall(r"^```python\n(.*?)^```$", text, flags=re.DOTALL | re.MULTILINE)
    exec(compile(block, "reader-studies.md", "exec"), {})
    shell = "".join(re.findall(r"^```bash\n(.*?)^```$", text, flags=re.DOTALL | re.MULTILINE))
    lines = [line for line in shell.replace("\\\n", " ").splitlines() if line]
    assert len(lines) >= 7
    for line in lines:
        command, *words = shlex.split(line, comments=True)
        done = CliRunner().invoke(app, words)
        assert command == "lumbargrade"
        assert done.exit_code == 0, f"{line}\n{done.output}"


def test_the_help_shows_every_command() -> None:
    done = CliRunner().invoke(app, ["reader-study", "--help"])
    for name in ("interchange", "noninferiority", "assisted", "repeats", "areas", "size"):
        assert f"lumbargrade reader-study {name}" in done.stdout
        assert CliRunner().invoke(app, ["reader-study", name, "--help"]).exit_code == 0
