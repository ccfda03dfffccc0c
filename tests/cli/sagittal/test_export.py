"""``lumbargrade sagittal export``: what it says, and what it needs."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.calls import call, refused, said_without


def test_the_bundle_is_described(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "lumbargrade.training.sagittal.export.export_disc_grader",
        lambda run, model, out: {"disc_grader": {"parity": 2e-6}},
    )
    assert call("sagittal", "export", "RUN", "-o", "B").splitlines() == [
        "torch and ONNX differ by at most 2.0e-06 in a probability",
        "bundle: B",
    ]


def test_no_run_says_what_to_give(tmp_path: Path) -> None:
    said = refused("sagittal", "export", tmp_path, "-o", tmp_path / "bundle")
    assert "give the folder that 'lumbargrade sagittal train' wrote" in said


def test_the_extra_is_named(tmp_path: Path) -> None:
    said = said_without("torch", "sagittal", "export", tmp_path, "-o", tmp_path / "bundle")
    assert said.startswith("error: lumbargrade sagittal export needs the 'train' extra")
