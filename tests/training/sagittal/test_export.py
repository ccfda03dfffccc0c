"""A trained disc grader joins a bundle that finds discs, which grades as before."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from tests.inference.conftest import bundle_folder, tiny
from tests.training.discs.traced import write_tracings
from tests.training.sagittal.graded import write_graded

from lumbargrade.errors import OutputError
from lumbargrade.grading.system import SAGITTAL_SYSTEMS
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.discs.square import DISC_SQUARE
from lumbargrade.inference.engine import Engine, Precision
from lumbargrade.training.discs.export import export_finder
from lumbargrade.training.discs.fit import FinderSettings
from lumbargrade.training.discs.run import train_finder
from lumbargrade.training.outlines.run import Tracings
from lumbargrade.training.progress_log import NOBODY
from lumbargrade.training.sagittal.export import export_disc_grader, largest_difference
from lumbargrade.training.sagittal.fit import DiscGraderSettings, load_disc_grader
from lumbargrade.training.sagittal.run import GradedFiles, train_disc_grader

__all__ = ["bundle_folder", "tiny"]


@pytest.fixture(autouse=True, scope="module")
def short_card() -> object:
    """The card needs all that a training of grades writes; it has its own test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lumbargrade.training.export.joined.model_card", lambda manifest: "Card.\n")
        yield


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("graded")
    given = GradedFiles(Tracings((write_graded(folder / "graded", slips=True),)))
    train_disc_grader(given, DiscGraderSettings(steps=2, batch=2), folder / "run", NOBODY)
    return folder / "run"


@pytest.fixture(scope="module")
def grading(run: Path, bundle_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("grading")
    given = Tracings((write_tracings(folder / "traced"),))
    train_finder(given, FinderSettings(steps=1, batch=2), folder / "run", NOBODY)
    export_finder(folder / "run", bundle_folder, folder / "finding")
    export_disc_grader(run, folder / "finding", folder / "bundle")
    return folder / "bundle"


def test_the_bundle_answers_as_torch_does(run: Path, grading: Path) -> None:
    network, _ = load_disc_grader(run)
    squares = np.random.default_rng(3).random((3, 48, 48)).astype(np.float32)
    engine = Engine(load_bundle(grading), Precision.F32)
    given = engine.grade_discs(squares)
    assert given is not None
    with torch.inference_mode():
        wanted = network(torch.from_numpy(squares).unsqueeze(1))
    np.testing.assert_allclose(given, wanted.numpy(), atol=0.02)
    engine.check()


def test_the_manifest_says_what_it_grades(grading: Path) -> None:
    entry = json.loads((grading / "bundle.json").read_text(encoding="utf-8"))["disc_grader"]
    assert (entry["pixels"], entry["contrasts"]) == (DISC_SQUARE.pixels, ["t2"])
    assert [one["set_aside"]["discs"] for one in entry["graded"]] == [3, 2]
    assert 0 <= entry["parity"] < 1e-3
    found = load_bundle(grading).manifest.disc_grader
    assert found is not None
    assert [one.system for one in found.graded] == [
        SAGITTAL_SYSTEMS["PFIRRMANN"],
        SAGITTAL_SYSTEMS["SLIP"],
    ]


def test_a_bundle_that_finds_no_discs_grades_none(
    run: Path, bundle_folder: Path, tmp_path: Path
) -> None:
    with pytest.raises(OutputError, match="finds no discs, so none can be graded: add a disc find"):
        export_disc_grader(run, bundle_folder, tmp_path / "out")
    assert not list(tmp_path.iterdir())
    with pytest.raises(OutputError, match="lists no disc grader: report this"):
        largest_difference(load_disc_grader(run)[0], bundle_folder)


def test_no_run_is_said(bundle_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="holds no trained disc_grader that can be read"):
        export_disc_grader(tmp_path, bundle_folder, tmp_path / "bundle")
