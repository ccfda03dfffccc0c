"""``lumbargrade info``."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from lumbargrade import __version__, errors
from lumbargrade.cli.main import app
from lumbargrade.inference.bundle import load_bundle


def lines() -> dict[str, str]:
    result = CliRunner().invoke(app, ["info"])
    assert result.exit_code == 0, result.output
    return {line[:16].strip(): line[16:] for line in result.stdout.splitlines()}


def test_says_what_grades() -> None:
    said = lines()
    bundle = load_bundle(None)
    assert said["lumbargrade"] == __version__
    assert said["model SHA-256"] == bundle.sha256
    assert said["contrasts"] == "t2"
    assert said["trained on"].startswith("simulation")
    assert said["arithmetic here"] in {"bf16", "f32"}


def test_a_missing_model_is_said_and_is_no_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("lumbargrade.inference.bundle.DEFAULT_MODEL", tmp_path)
    assert lines()["default model"].startswith("none: no default model came with")


def test_a_missing_extra_names_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(errors.EXTRAS, "train", ("a_module_that_is_not_there",))
    said = lines()
    assert said["extra train"] == "no: pip install -c constraints.txt -e '.[train]'"
    assert said["extra report"] == "installed"
