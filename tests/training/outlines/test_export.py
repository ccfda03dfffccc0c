"""A trained outline network joins a bundle, which grades as before and now draws."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from tests.training.outlines.traced import write_tracings

from lumbargrade.errors import OutputError
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.engine import Engine, Precision
from lumbargrade.inference.outline import draw
from lumbargrade.morphometry.tracing import read_tracings
from lumbargrade.training.outlines.data import load_traced, plain_batch
from lumbargrade.training.outlines.export import export_outlines
from lumbargrade.training.outlines.fit import OutlineSettings, load_outliner
from lumbargrade.training.outlines.network import OutlineNetwork
from lumbargrade.training.outlines.run import Tracings, train_outlines
from lumbargrade.training.outlines.scores import answers
from lumbargrade.training.progress_log import NOBODY
from lumbargrade.training.warm_start import start_from


@pytest.fixture(scope="module")
def base(tiny_bundle: Path) -> Path:
    """A bundle that grades and draws nothing."""
    return tiny_bundle


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("outlines")
    given = Tracings((write_tracings(folder / "traced"),), credit="Drawn shapes, public domain.")
    train_outlines(given, OutlineSettings(steps=2, batch=2), folder / "run", NOBODY)
    return folder / "run"


@pytest.fixture(scope="module")
def drawing(base: Path, run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("drawing") / "bundle"
    export_outlines(run, base, out)
    return out


def test_it_grades_as_before_and_draws(base: Path, drawing: Path) -> None:
    before, after = (Engine(load_bundle(path), Precision.F32) for path in (base, drawing))
    patches = np.random.default_rng(1).uniform(0, 1, (2, 32, 32)).astype(np.float32)
    for name, values in before.grade(patches).items():
        np.testing.assert_array_equal(values, after.grade(patches)[name])
    assert before.bundle.manifest.outliner is None
    assert len(draw(after, np.zeros((1, 128, 128), dtype=np.float32))) == 1
    assert after.bundle.sha256 != before.bundle.sha256
    learned = before.bundle.manifest.trained_on
    assert after.bundle.manifest.trained_on == f"{learned}; outlines: 2 traced slices of 2 patients"


def test_the_card_credits_who_traced(drawing: Path) -> None:
    card = (drawing / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert "## Outlines" in card
    assert "trained on 2 **real** slices of 2 patients" in card
    assert "Drawn shapes, public domain." in card
    assert "Dice, t2 (1 slices of 1 patients)" in card


def test_another_network_takes_the_place_of_the_first_in_a_zip_as_well(
    drawing: Path, run: Path, tmp_path: Path
) -> None:
    export_outlines(run, drawing, tmp_path / "again.zip")
    first, again = (load_bundle(path).manifest for path in (drawing, tmp_path / "again.zip"))
    assert again.outliner is not None
    assert first.trained_on == again.trained_on


def test_an_existing_bundle_is_kept(base: Path, run: Path) -> None:
    with pytest.raises(OutputError, match="exists already; remove it or choose another path"):
        export_outlines(run, base, base)


def test_a_file_in_place_of_the_folder_is_said(base: Path, run: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="file: cannot be created"):
        export_outlines(run, base, tmp_path / "file" / "bundle")


def test_a_network_that_onnx_answers_otherwise_is_not_exported(
    base: Path, run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lumbargrade.training.export.joined.PARITY_TOLERANCE", -1.0)
    with pytest.raises(OutputError, match=r"differ by .* in a probability"):
        export_outlines(run, base, tmp_path / "out")
    assert not list(tmp_path.iterdir())


def test_training_goes_on_from_a_bundle(drawing: Path, run: Path, tmp_path: Path) -> None:
    """To begin with, the network answers about as the bundle does."""
    path = write_tracings(tmp_path / "traced")
    data = load_traced(read_tracings(path), [path.parent], lambda done, total: None)
    pictures, _ = plain_batch(data, np.arange(3))
    file = load_bundle(drawing).outliner_path
    assert file is not None
    torch.manual_seed(5)
    network = OutlineNetwork()
    start_from(network, file, "", pictures)
    squares = pictures[:, 0].numpy()
    trained, _ = load_outliner(run)
    again, before = answers(network, squares)[0], answers(trained, squares)[0]
    other = answers(OutlineNetwork(), squares)[0]
    assert np.abs(again - before).mean() < 0.25 * np.abs(other - before).mean()
    settings = OutlineSettings(steps=1, batch=2, start_from=str(drawing))
    metrics = train_outlines(Tracings((path,)), settings, tmp_path / "run", NOBODY)
    assert metrics["settings"]["start_from"] == str(drawing)
