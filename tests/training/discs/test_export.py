"""A trained disc finder joins a bundle, which grades as before and now finds discs."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import torch
from tests.inference.conftest import bundle_folder, tiny
from tests.training.discs.traced import write_tracings

from lumbargrade.errors import OutputError
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.bundle_json import FINDER_SQUARE
from lumbargrade.inference.engine import Engine, Precision
from lumbargrade.training.discs.export import export_finder, largest_difference
from lumbargrade.training.discs.fit import FinderSettings, load_finder
from lumbargrade.training.discs.run import train_finder
from lumbargrade.training.outlines.run import Tracings
from lumbargrade.training.progress_log import NOBODY

__all__ = ["bundle_folder", "tiny"]


@pytest.fixture(autouse=True, scope="module")
def short_card() -> object:
    """The card needs all that a training of grades writes; it has its own test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lumbargrade.training.export.joined.model_card", lambda manifest: "Card.\n")
        yield


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("discs")
    given = Tracings((write_tracings(folder / "traced"),), credit="Drawn spines, public domain.")
    train_finder(given, FinderSettings(steps=2, batch=2), folder / "run", NOBODY)
    return folder / "run"


@pytest.fixture(scope="module")
def finding(run: Path, bundle_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("finding") / "bundle"
    export_finder(run, bundle_folder, out)
    return out


def test_the_bundle_answers_as_torch_does(run: Path, finding: Path) -> None:
    network, _ = load_finder(run)
    edge = FINDER_SQUARE.pixels
    squares = np.random.default_rng(3).random((3, edge, edge)).astype(np.float32)
    given = Engine(load_bundle(finding), Precision.F32).find_discs(squares)
    assert given is not None
    with torch.inference_mode():
        wanted = network(torch.from_numpy(squares).unsqueeze(1))
    for one, other in zip(given, wanted, strict=True):
        assert one.shape == other.shape
        np.testing.assert_allclose(one, other.numpy(), atol=0.02)
        assert float(other.std()) > 0.001


def test_it_grades_as_before(bundle_folder: Path, finding: Path) -> None:
    before, after = (Engine(load_bundle(path), Precision.F32) for path in (bundle_folder, finding))
    patches = np.random.default_rng(1).uniform(0, 1, (2, 128, 128)).astype(np.float32)
    for name, values in before.grade(patches).items():
        np.testing.assert_array_equal(values, after.grade(patches)[name])
    assert before.bundle.manifest.disc_finder is None
    assert after.bundle.manifest.disc_finder == FINDER_SQUARE
    assert after.bundle.sha256 != before.bundle.sha256
    after.check()


def test_the_manifest_says_what_it_learned_from(finding: Path) -> None:
    manifest = json.loads((finding / "bundle.json").read_text(encoding="utf-8"))
    entry = manifest["disc_finder"]
    assert (entry["spacing_mm"], entry["pixels"]) == (1.5, 192)
    assert entry["credit"] == "Drawn spines, public domain."
    assert entry["set_aside"]["slices"] == 1
    assert 0 <= entry["parity"] < 1e-3
    assert "disc_finder.onnx" in manifest["files"]


def test_a_network_that_onnx_answers_otherwise_is_not_exported(
    run: Path, bundle_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lumbargrade.training.discs.export.largest_difference", lambda *_: 0.5)
    with pytest.raises(OutputError, match=r"differ by 0\.5000 in a probability.*nothing was expor"):
        export_finder(run, bundle_folder, tmp_path / "out")
    assert not list(tmp_path.iterdir())


def test_other_weights_differ(run: Path, finding: Path) -> None:
    network, _ = load_finder(run)
    assert largest_difference(network, finding) < 0.02
    torch.nn.init.constant_(network.middles.bias, 3.0)  # type: ignore[arg-type]
    assert largest_difference(network, finding) > 0.5


def test_a_bundle_that_finds_no_discs_is_said(run: Path, bundle_folder: Path) -> None:
    with pytest.raises(OutputError, match="lists no disc finder: report this"):
        largest_difference(load_finder(run)[0], bundle_folder)


def test_no_run_is_said(tiny: ModuleType, bundle_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="holds no trained disc_finder that can be read"):
        export_finder(tmp_path, bundle_folder, tmp_path / "bundle")
    assert not list(tmp_path.iterdir())
