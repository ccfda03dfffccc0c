"""One network joins a bundle: it is entered and sealed, the others stay, or nothing is left."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from tests.inference.conftest import bundle_folder, tiny

from lumbargrade.errors import OutputError
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.training.export.joined import Joining, export_joined

__all__ = ["bundle_folder", "tiny"]

Made = Callable[[float], Joining]


@pytest.fixture(autouse=True)
def named_card(monkeypatch: pytest.MonkeyPatch) -> None:
    """A card that tells which manifest it was made from."""

    def card(manifest: dict[str, Any]) -> str:
        return f"differs by {manifest['outliner']['parity']}"

    monkeypatch.setattr("lumbargrade.training.export.joined.model_card", card)


@pytest.fixture
def joining(tiny: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """An outline network of constants, taken to differ by so much."""
    drawing = tiny.write_bundle(
        tmp_path_factory.mktemp("drawing") / "bundle", plane_logits=(4.0, 1.0, 0.0)
    )

    def write(path: Path) -> None:
        shutil.copyfile(drawing / "outliner.onnx", path)

    def change(manifest: dict[str, Any]) -> None:
        manifest["outliner"] = dict(tiny.OUTLINER)

    return lambda worst: Joining("outliner.onnx", write, change, "outliner", lambda folder: worst)


def test_it_joins_and_the_others_stay(joining: Made, bundle_folder: Path, tmp_path: Path) -> None:
    manifest = export_joined(joining(2e-4), bundle_folder, tmp_path / "out")
    before, after = load_bundle(bundle_folder), load_bundle(tmp_path / "out")
    assert before.manifest.outliner is None
    assert after.manifest.outliner is not None
    for name in ("grader.onnx", "locator.onnx"):
        assert after.manifest.files[name] == before.manifest.files[name]
        assert after.known[name].answers.keys() == before.known[name].answers.keys()
    assert set(after.known) == {"grader.onnx", "locator.onnx", "outliner.onnx"}
    assert manifest["outliner"]["parity"] == 2e-4
    assert json.loads((tmp_path / "out/bundle.json").read_text()) == manifest
    assert (tmp_path / "out/MODEL_CARD.md").read_text() == "differs by 0.0002"


def test_it_takes_the_place_of_an_earlier_one(
    joining: Made, bundle_folder: Path, tmp_path: Path
) -> None:
    export_joined(joining(1e-4), bundle_folder, tmp_path / "one")
    export_joined(joining(2e-4), tmp_path / "one", tmp_path / "two.zip")
    assert load_bundle(tmp_path / "two.zip").manifest.outliner is not None


@pytest.mark.parametrize("worst", [0.5, float("nan")])
def test_one_that_differs_leaves_nothing(
    joining: Made, bundle_folder: Path, tmp_path: Path, worst: float
) -> None:
    with pytest.raises(OutputError, match=r"ONNX and torch differ by .*; nothing was exported"):
        export_joined(joining(worst), bundle_folder, tmp_path / "out")
    assert not list(tmp_path.iterdir())


def test_an_existing_bundle_is_kept(joining: Made, bundle_folder: Path) -> None:
    before = (bundle_folder / "bundle.json").read_bytes()
    with pytest.raises(OutputError, match="exists already; remove it or choose another path"):
        export_joined(joining(0.0), bundle_folder, bundle_folder)
    assert (bundle_folder / "bundle.json").read_bytes() == before
