"""The network that drew a run's maps stays with the run and goes into its bundle."""

from __future__ import annotations

import importlib.util
import json
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from lumbargrade.errors import OutputError, RecipeError
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.bundle_json import OUTLINER_FILE
from lumbargrade.training.maps.kept import (
    add_outliner,
    drawing_bundle,
    keep_outliner,
    with_outlines,
)
from lumbargrade.training.recipe import InputSettings, NetworkSettings, Recipe

SEEN = Recipe(input=InputSettings(outlines=True))


@pytest.fixture(scope="module")
def tiny(repository: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("tiny", repository / "tests/inference/tiny.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_packaged_model_draws_unless_the_run_starts_from_another(
    tiny: ModuleType, tmp_path: Path
) -> None:
    assert drawing_bundle(Recipe()) is None
    packaged = drawing_bundle(SEEN)
    assert packaged is not None
    assert packaged.sha256 == load_bundle().sha256
    folder = tiny.write_bundle(tmp_path / "b", plane_logits=(1.0, 0.0, 0.0))
    other = drawing_bundle(replace(SEEN, network=NetworkSettings(start_from=str(folder))))
    assert other is not None
    assert other.folder == folder


def test_a_start_that_draws_nothing_is_refused(tiny: ModuleType, tmp_path: Path) -> None:
    start = NetworkSettings(start_from=str(tiny.write_bundle(tmp_path / "b")))
    with pytest.raises(RecipeError, match=r"\[input\] outlines: the bundle .* draws none"):
        drawing_bundle(replace(SEEN, network=start))


def test_what_was_kept_goes_into_the_draft(tmp_path: Path) -> None:
    bundle = load_bundle()
    for _ in "ab":  # as in a run that is resumed
        keep_outliner(bundle, tmp_path / "kept")
    draft: Path = tmp_path / "draft"
    draft.mkdir()
    manifest: dict[str, Any] = {"trained_on": "simulation: 3 patients"}
    add_outliner(tmp_path / "kept", draft, manifest)
    assert bundle.outliner_path is not None
    assert (draft / OUTLINER_FILE).read_bytes() == bundle.outliner_path.read_bytes()
    assert manifest["grader_outliner"] == bundle.manifest.files[OUTLINER_FILE]
    packaged = json.loads((bundle.folder / "bundle.json").read_text(encoding="utf-8"))
    assert manifest["outliner"] == packaged["outliner"]
    assert manifest["trained_on"].startswith("simulation: 3 patients; outlines: ")


def test_a_run_cannot_go_on_with_another_network(tiny: ModuleType, tmp_path: Path) -> None:
    keep_outliner(load_bundle(), tmp_path / "kept")
    other = load_bundle(tiny.write_bundle(tmp_path / "b", plane_logits=(1.0, 0.0, 0.0)))
    with pytest.raises(OutputError, match="drawn by another network than that of tiny 1"):
        keep_outliner(other, tmp_path / "kept")


def test_a_run_that_kept_nothing_is_not_exported(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="the outline network of the run cannot be read"):
        add_outliner(tmp_path / "kept", tmp_path, {})


def test_the_outlines_data_are_named_once() -> None:
    scores = {"training_slices": 7, "training_patients": 3}
    once = with_outlines("simulation: 9 patients", scores)
    assert once == "simulation: 9 patients; outlines: 7 traced slices of 3 patients"
    assert with_outlines(once, scores) == once
