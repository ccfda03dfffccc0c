"""A sealed bundle has a known answer for each network and a list of all files; twice the same."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest
from tests.inference.conftest import tiny

from lumbargrade.errors import BundleError
from lumbargrade.inference.bundle import DEFAULT_MODEL, load_bundle
from lumbargrade.inference.engine import Engine
from lumbargrade.training.export.seal import seal

__all__ = ["tiny"]


def test_sealing_again_changes_nothing(tiny: ModuleType, tmp_path: Path) -> None:
    folder = tiny.write_bundle(tmp_path / "b", plane_logits=(4.0, 1.0, 0.0))
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert set(seal(folder).known) == {"grader.onnx", "locator.onnx", "outliner.onnx"}
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_the_packaged_networks_answer_as_known_here() -> None:
    bundle = load_bundle()
    assert set(bundle.known) == {
        "grader.onnx",
        "locator.onnx",
        "outliner.onnx",
        "disc_finder.onnx",
        "disc_grader.onnx",
    }
    Engine(bundle).check()
    assert bundle.known["grader.onnx"].answers["LDH"].shape == (4,)
    assert (DEFAULT_MODEL / "known_answer.json").stat().st_size < 250_000


def test_what_is_no_bundle_is_not_sealed(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=r"has no bundle\.json: give the folder or zip"):
        seal(tmp_path)
    assert list(tmp_path.iterdir()) == []
