"""What is compiled comes from the cache whole, or is compiled anew."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from types import ModuleType

import numpy as np
import onnx
import pytest

from lumbargrade.errors import BundleError
from lumbargrade.inference.integrity.compiled import DIGEST_BYTES, OnnxFile, compiled
from lumbargrade.inference.openvino_runtime import load_openvino

OPTIONS = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": "f32"}
PICTURES = np.random.default_rng(0).random((16, 1, 128, 128), dtype=np.float32)


class Reader:
    """Reads a file, and counts how often: once for each compilation."""

    def __init__(self, path: Path) -> None:
        self.data, self.times = path.read_bytes(), 0
        self.file = OnnxFile(path, hashlib.sha256(self.data).hexdigest(), self.read)

    def read(self) -> bytes:
        self.times += 1
        return self.data


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "lumbargrade" / "openvino"


def answer(reader: Reader) -> np.ndarray:
    network = compiled(load_openvino().Core(), reader.file, OPTIONS)
    return np.array(network.ask(PICTURES)["LDH"])


def test_a_file_of_the_cache_is_used_only_whole(bundle_folder: Path, cache: Path) -> None:
    reader = Reader(bundle_folder / "grader.onnx")
    first = answer(reader)
    np.testing.assert_array_equal(answer(reader), first)
    assert reader.times == 1
    (kept,) = cache.iterdir()
    whole = kept.read_bytes()
    places = [0, len(whole) // 2, len(whole) - DIGEST_BYTES, len(whole) - 1]
    for number, place in enumerate(places):
        damaged = bytearray(whole)
        damaged[place] ^= 1
        kept.write_bytes(bytes(damaged))
        np.testing.assert_array_equal(answer(reader), first)
        assert reader.times == 2 + number
    for rest in (b"", whole[:20], whole[:-1], whole + b"\0"):
        kept.write_bytes(rest)
        np.testing.assert_array_equal(answer(reader), first)
    assert reader.times == 1 + len(places) + 4
    assert [path.name for path in cache.iterdir()] == [kept.name]


def test_a_whole_file_of_another_network_is_not_used(bundle_folder: Path, cache: Path) -> None:
    reader, other = (Reader(bundle_folder / f"{name}.onnx") for name in ("grader", "locator"))
    answer(reader)
    (kept,) = cache.iterdir()
    compiled(load_openvino().Core(), other.file, OPTIONS)
    (foreign,) = set(cache.iterdir()) - {kept}
    os.replace(kept, foreign)
    compiled(load_openvino().Core(), other.file, OPTIONS)
    assert other.times == 2


def test_without_a_cache_it_is_compiled_each_time(
    bundle_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    reader = Reader(bundle_folder / "grader.onnx")
    np.testing.assert_array_equal(answer(reader), answer(reader))
    assert reader.times == 2


def test_weights_in_another_file_are_refused(
    tiny: ModuleType, bundle_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = onnx.load(bundle_folder / "grader.onnx")
    path = tmp_path / "grader.onnx"
    onnx.save(model, path, save_as_external_data=True, location="grader.data", size_threshold=0)
    monkeypatch.chdir(tmp_path)  # where OpenVINO would find them
    with pytest.raises(BundleError, match=r"keeps weights in another file, which is not read"):
        compiled(load_openvino().Core(), Reader(path).file, OPTIONS)


def test_what_is_no_network_and_what_is_not_finite_is_refused(
    bundle_folder: Path, tmp_path: Path
) -> None:
    path = tmp_path / "grader.onnx"
    path.write_bytes(b"no network")
    with pytest.raises(BundleError, match=r"cannot be compiled by OpenVINO \("):
        compiled(load_openvino().Core(), Reader(path).file, OPTIONS)
    path.write_bytes((bundle_folder / "grader.onnx").read_bytes().replace(b"Conv", b"\xff\xfeon"))
    with pytest.raises(BundleError, match=r"cannot be compiled by OpenVINO \("):
        compiled(load_openvino().Core(), Reader(path).file, OPTIONS)
    model = onnx.load(bundle_folder / "grader.onnx")
    weights = next(one for one in model.graph.initializer if one.name == "LDH_w")
    values = onnx.numpy_helper.to_array(weights).copy()
    values[0, 0, 0, 0] = np.inf
    weights.CopyFrom(onnx.numpy_helper.from_array(values, "LDH_w"))
    onnx.save(model, path)
    with pytest.raises(BundleError, match=r"its weights 'LDH_w' are not finite numbers"):
        compiled(load_openvino().Core(), Reader(path).file, OPTIONS)
