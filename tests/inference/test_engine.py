from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import onnx
import pytest

from lumbargrade.errors import BundleError
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.bundle_json import OUTLINES_INPUT
from lumbargrade.inference.cache import cache_folder
from lumbargrade.inference.engine import Engine, Precision, resolve_precision
from lumbargrade.inference.integrity.compiled import OnnxFile
from lumbargrade.inference.integrity.network import BATCH, Network
from lumbargrade.inference.integrity.sums import write_sums


def _patches(count: int) -> np.ndarray:
    return np.random.default_rng(0).random((count, 128, 128), dtype=np.float32)


def test_outputs_are_the_networks(engine: Engine, tiny: ModuleType) -> None:
    patches = _patches(3)
    outputs = engine.grade(patches)
    for name, logits in tiny.LOGITS.items():
        expected = np.array(logits) + 0.01 * patches.mean(axis=(1, 2))[:, np.newaxis]
        np.testing.assert_allclose(outputs[name], expected, atol=1e-4)
        assert outputs[f"{name}_map"].shape == (3, 4, 4, 4)


def test_a_slice_is_graded_alike_alone_and_in_a_batch(engine: Engine) -> None:
    patches = _patches(2 * BATCH + 1)
    together = engine.grade(patches)
    alone = [engine.grade(patch[np.newaxis]) for patch in patches]
    for name, values in together.items():
        np.testing.assert_allclose(values, np.concatenate([one[name] for one in alone]), atol=1e-5)


def test_f32_is_used_where_it_is_asked_for(engine: Engine) -> None:
    assert engine.precision is Precision.F32
    assert resolve_precision("auto") in (Precision.BF16, Precision.F32)
    with pytest.raises(ValueError, match="f64"):
        resolve_precision("f64")


def test_bf16_where_it_is_gives_nearly_the_same(bundle_folder: Path, engine: Engine) -> None:
    if resolve_precision("auto") is not Precision.BF16:
        pytest.skip("this processor has no bf16")
    patches = _patches(4)
    rough, exact = Engine(load_bundle(bundle_folder)).grade(patches), engine.grade(patches)
    np.testing.assert_allclose(rough["LDH"], exact["LDH"], atol=0.05)


def test_a_second_engine_reads_the_cache(
    bundle_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    first = Engine(load_bundle(bundle_folder), "f32").grade(_patches(1))
    folder = tmp_path / "lumbargrade" / "openvino"
    assert len(list(folder.iterdir())) == 2  # grader and locator
    made = {path.name: path.stat().st_ino for path in folder.iterdir()}
    second = Engine(load_bundle(bundle_folder), "f32").grade(_patches(1))
    assert made
    assert made == {path.name: path.stat().st_ino for path in folder.iterdir()}
    np.testing.assert_array_equal(first["LDH"], second["LDH"])


def test_a_home_that_cannot_be_written_is_no_error(
    bundle_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    assert Engine(load_bundle(bundle_folder), "f32").grade(_patches(1))["LDH"].shape == (1, 4)


def test_a_user_without_a_home_has_no_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless(*_: object, **__: object) -> Path:
        raise RuntimeError("could not determine the home directory")  # as platformdirs does

    monkeypatch.setattr("lumbargrade.inference.cache.user_cache_path", homeless)
    assert cache_folder("openvino") is None


def test_an_output_that_the_manifest_needs_must_be_there(tiny: ModuleType, tmp_path: Path) -> None:
    folder = tiny.write_bundle(tmp_path / "b", disc_output="disk")
    with pytest.raises(BundleError, match="has no output 'disk' with 2 values"):
        Engine(load_bundle(folder))


def test_measures_that_the_manifest_names_must_be_there(tiny: ModuleType, tmp_path: Path) -> None:
    given = [{"name": "bulge_mm", "mean": 0.0, "spread": 1.0}]
    folder = tiny.write_bundle(tmp_path / "b", measure_outputs=given)
    with pytest.raises(BundleError, match="has no output 'measures' with 1 values"):
        Engine(load_bundle(folder))


def test_a_network_that_is_no_network_is_refused(tiny: ModuleType, tmp_path: Path) -> None:
    folder = tiny.write_bundle(tmp_path / "b")
    (folder / "grader.onnx").write_bytes(b"no network")
    bundle = load_bundle(tiny.sealed_anew(folder))
    with pytest.raises(BundleError, match=r"grader\.onnx cannot be compiled"):
        Engine(bundle)


def test_numbers_that_are_not_finite_are_refused(tiny: ModuleType, tmp_path: Path) -> None:
    folder = tiny.write_bundle(tmp_path / "b")
    model = onnx.load(folder / "grader.onnx")
    bias = next(item for item in model.graph.initializer if item.name == "LDH_b")
    bias.CopyFrom(onnx.numpy_helper.from_array(np.full(4, np.nan, np.float32), "LDH_b"))
    onnx.save(model, folder / "grader.onnx")
    with pytest.raises(BundleError, match="'LDH_b' are not finite numbers: train or export"):
        Engine(load_bundle(tiny.sealed_anew(folder)), "f32")


def test_without_a_locator_a_box_is_asked_for(tiny: ModuleType, tmp_path: Path) -> None:
    engine = Engine(load_bundle(tiny.write_bundle(tmp_path / "b", locator=None)))
    assert engine.bundle.locator_path is None
    with pytest.raises(
        BundleError, match="no region locator: give the position of the canal with --box"
    ):
        engine.locate(_patches(1))


def test_a_grader_of_outlines_reads_six_channels(outline_grader: Engine, tiny: ModuleType) -> None:
    inputs = np.random.default_rng(1).random((2, 6, 128, 128), dtype=np.float32)
    expected = np.array(tiny.LOGITS["LDH"]) + 0.01 * inputs.mean(axis=(2, 3)).sum(axis=1)[:, None]
    np.testing.assert_allclose(outline_grader.grade(inputs)["LDH"], expected, atol=1e-4)
    assert outline_grader.grade(inputs)["LDH_map"].shape == (2, 4, 4, 4)
    with pytest.raises(ValueError, match=r"reads picture, disc, .*, not 1 channels"):
        outline_grader.grade(inputs[:, 0])


def test_sides_are_averaged_with_the_mirror(outline_grader: Engine, tiny: ModuleType) -> None:
    given = outline_grader.grade(np.zeros((1, 6, 128, 128), dtype=np.float32))
    sides = np.mean([tiny.LOGITS["LNRC_left"], tiny.LOGITS["LNRC_right"]], axis=0)
    np.testing.assert_allclose(given["LNRC_left"][0], sides, atol=1e-6)
    np.testing.assert_array_equal(given["LNRC_left"], given["LNRC_right"])


def test_a_network_of_other_channels_than_the_manifest_names_is_refused(
    tiny: ModuleType, tmp_path: Path
) -> None:
    folder = tiny.write_bundle(tmp_path / "b", plane_logits=(4.0, 1.0, 0.0))
    manifest = json.loads((folder / "bundle.json").read_text())
    manifest["grader_input"] = list(OUTLINES_INPUT)
    (folder / "bundle.json").write_text(json.dumps(manifest))
    write_sums(folder)
    with pytest.raises(BundleError, match="reads 1 channels, the manifest names 6"):
        Engine(load_bundle(folder))


def test_processes_that_share_a_machine_bind_no_cores(
    bundle_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bound ones all take the first cores, and two processes of one thread share one core."""
    given: list[Mapping[str, str]] = []

    def note(core: Any, file: OnnxFile, options: Mapping[str, str], known: Any) -> Network:
        given.append(options)
        return Network(core, file, options, known)

    monkeypatch.setattr("lumbargrade.inference.engine.Network", note)
    Engine(load_bundle(bundle_folder), "f32", threads=1)
    Engine(load_bundle(bundle_folder), "f32")
    first, *_, last = (options.get("ENABLE_CPU_PINNING") for options in given)
    assert (first, last) == ("NO", None)


def test_one_thread_answers_alike(bundle_folder: Path, engine: Engine) -> None:
    alone = Engine(load_bundle(bundle_folder), "f32", threads=1)
    np.testing.assert_allclose(alone.grade(_patches(2))["LDH"], engine.grade(_patches(2))["LDH"])


def test_a_bundle_without_a_disc_finder_finds_none(engine: Engine) -> None:
    """Bundles of earlier versions have none, and grade as they did."""
    assert engine.bundle.disc_finder_path is None
    assert engine.find_discs(np.zeros((1, 192, 192), np.float32)) is None
