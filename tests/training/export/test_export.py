from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import numpy as np
import onnx
import pytest

from lumbargrade.errors import BundleError, OutputError
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.bundle_json import OUTLINER_FILE, OUTLINES_INPUT
from lumbargrade.inference.engine import Engine, Precision
from lumbargrade.training.export import export as module
from lumbargrade.training.export.export import export
from lumbargrade.training.export.find_canal import check_locator
from lumbargrade.training.export.trained import load_trained
from lumbargrade.training.run_folder import RunFolder


def test_a_grader_of_outlines_brings_the_network_that_drew_them(outlined_bundle: Path) -> None:
    bundle, packaged = load_bundle(outlined_bundle), load_bundle()
    assert bundle.manifest.grader_input == OUTLINES_INPUT
    assert bundle.manifest.mirror_average
    assert bundle.manifest.files[OUTLINER_FILE] == packaged.manifest.files[OUTLINER_FILE]
    assert bundle.manifest.outliner == packaged.manifest.outliner
    assert "; outlines: " in bundle.manifest.trained_on
    data = json.loads((outlined_bundle / "bundle.json").read_text())
    assert data["metrics"]["parity"]["largest_probability_difference"] < 1e-3
    card = (outlined_bundle / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert "and maps of its disc, sac, canal, facets and roots, one linear head" in card
    assert "A grade is the mean (of logits) of a slice and its mirror image." in card
    assert "another outline network" not in card


def test_a_mirrored_slice_gets_exactly_the_mirrored_grades(outlined_bundle: Path) -> None:
    engine = Engine(load_bundle(outlined_bundle), Precision.F32)
    inputs = np.random.default_rng(2).uniform(0, 1, (5, 6, 32, 32)).astype(np.float32)
    plain = engine.grade(inputs)
    mirrored = engine.grade(np.ascontiguousarray(inputs[..., ::-1]))
    for name in ("LDH", "LCCS", "disc"):
        np.testing.assert_array_equal(mirrored[name], plain[name])
    np.testing.assert_array_equal(mirrored["LNRC_left"], plain["LNRC_right"])
    np.testing.assert_array_equal(mirrored["LNRC_right"], plain["LNRC_left"])
    assert np.abs(plain["LNRC_left"] - plain["LNRC_right"]).max() > 1e-4
    # The maps are those of the slice as it is.
    assert np.abs(mirrored["LDH_map"] - plain["LDH_map"]).max() > 1e-5


def test_bundle_is_whole_and_can_be_loaded(tiny_bundle: Path) -> None:
    manifest = load_bundle(tiny_bundle).manifest
    assert [output.name for output in manifest.outputs] == [
        "LDH", "LCCS", "LNRC_left", "LNRC_right",
    ]  # fmt: skip
    assert manifest.disc_output == "disc"
    assert set(manifest.files) == {"grader.onnx", "locator.onnx", "MODEL_CARD.md"}
    assert (manifest.patch.pixels, manifest.patch.size_mm) == (32, 75.0)
    assert not list(tiny_bundle.parent.glob(".*"))


def test_parity_is_checked_and_recorded(tiny_bundle: Path) -> None:
    parity = json.loads((tiny_bundle / "bundle.json").read_text())["metrics"]["parity"]
    assert parity["largest_probability_difference"] < 1e-3
    assert parity["same_grades"] == 1.0


def test_maps_sum_to_the_logits(tiny_bundle: Path, tiny_run: Path) -> None:
    engine = Engine(load_bundle(tiny_bundle), Precision.F32)
    patches = np.random.default_rng(1).uniform(0, 1, (3, 32, 32)).astype(np.float32)
    given = engine.grade(patches)
    bias = (
        load_trained(RunFolder(tiny_run))
        .grader.get_parameter("heads.LNRC_left.bias")
        .detach()
        .numpy()
    )
    pooled = given["LNRC_left_map"].mean(axis=(2, 3)) + bias
    np.testing.assert_allclose(pooled, given["LNRC_left"], atol=1e-4)
    assert "disc_map" not in given


def test_kernels_are_stored_in_half_precision(tiny_bundle: Path) -> None:
    model = onnx.load(tiny_bundle / "grader.onnx")
    kinds = {t.data_type for t in model.graph.initializer if len(t.dims) > 1}
    assert kinds == {onnx.TensorProto.FLOAT16}
    assert model.graph.input[0].type.tensor_type.shape.dim[0].dim_param
    weights = sum(int(np.prod(tensor.dims)) for tensor in model.graph.initializer)
    assert (tiny_bundle / "grader.onnx").stat().st_size < 3 * weights


def test_card_says_what_the_model_is(tiny_bundle: Path) -> None:
    card = (tiny_bundle / "MODEL_CARD.md").read_text(encoding="utf-8")
    for text in ("Research use only", "not for clinical use", "simulated", "linear kappa"):
        assert text in card


def test_sets_need_more_patients_than_this_run_has(tiny_bundle: Path) -> None:
    data = json.loads((tiny_bundle / "bundle.json").read_text())
    assert data["conformal"] == {"coverage": 0.9, "thresholds": {}}
    assert load_bundle(tiny_bundle).manifest.set_thresholds == {}


def test_the_bundle_names_the_split_of_its_training(tiny_run: Path, tiny_bundle: Path) -> None:
    split = json.loads(RunFolder(tiny_run).split.read_text())
    assert load_bundle(tiny_bundle).manifest.split_checksum == split["checksum"]


def test_zip_holds_the_same(tiny_run: Path, tmp_path: Path) -> None:
    export(tiny_run, tmp_path / "bundle.zip")
    with zipfile.ZipFile(tmp_path / "bundle.zip") as archive:
        assert "bundle.json" in archive.namelist()
    assert load_bundle(tmp_path / "bundle.zip").manifest.name == "lumbargrade-tiny"


def test_an_altered_bundle_is_refused(tiny_bundle: Path, tmp_path: Path) -> None:
    copied = tmp_path / "copy"
    shutil.copytree(tiny_bundle, copied)
    with (copied / "MODEL_CARD.md").open("a", encoding="utf-8") as stream:
        stream.write("better than it is")
    with pytest.raises(BundleError, match="altered or damaged"):
        load_bundle(copied)


def test_networks_that_differ_are_not_exported(
    tiny_run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PARITY_TOLERANCE", -1.0)
    with pytest.raises(OutputError, match="ONNX and torch differ by"):
        export(tiny_run, tmp_path / "bundle")
    assert list(tmp_path.iterdir()) == []


def test_a_locator_that_finds_nothing_stops_the_export(
    tiny_run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "check_locator", check_locator)
    with pytest.raises(OutputError, match="finds the spinal canal on none of 6 validation slices"):
        export(tiny_run, tmp_path / "bundle")
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_overwritten(tiny_run: Path, tiny_bundle: Path) -> None:
    with pytest.raises(OutputError, match="exists already; remove it or choose another path"):
        export(tiny_run, tiny_bundle)


def test_a_folder_without_a_run_is_refused(tmp_path: Path, tiny_run: Path) -> None:
    with pytest.raises(OutputError, match="is not the folder of a training run"):
        export(tmp_path, tmp_path / "bundle")
    shutil.copy(tiny_run / "run.json", tmp_path / "run.json")
    with pytest.raises(OutputError, match="no checkpoint yet"):
        export(tmp_path, tmp_path / "bundle")
