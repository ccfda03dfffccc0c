"""``lumbargrade export``: what it says of a bundle, and what it needs."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.calls import said_without

from lumbargrade.cli.export import run
from lumbargrade.errors import OutputError


def test_no_run_says_what_to_give(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"lumbargrade train \.\.\. -o"):
        run(tmp_path, tmp_path / "bundle")


def test_the_bundle_is_described(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    manifest = {
        "name": "net",
        "version": "2",
        "trained_on": "8 patients",
        "metrics": {"parity": {"largest_probability_difference": 2e-6}},
    }
    monkeypatch.setattr("lumbargrade.training.export.export.export", lambda run, out: manifest)
    run(tmp_path, tmp_path / "bundle")
    assert capsys.readouterr().out.splitlines() == [
        "net 2, trained on 8 patients",
        "torch and ONNX differ by at most 2.0e-06 in a probability",
        f"bundle: {tmp_path / 'bundle'}",
    ]


def test_the_extra_is_named(tmp_path: Path) -> None:
    said = said_without("torch", "export", tmp_path, "-o", tmp_path / "bundle")
    assert said.startswith("error: lumbargrade export needs the 'train' extra")
