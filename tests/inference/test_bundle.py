from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from lumbargrade.errors import BundleError
from lumbargrade.grading.finding import Side
from lumbargrade.inference import bundle as bundle_module
from lumbargrade.inference.bundle import load_bundle


def test_a_bundle_says_what_it_holds(bundle_folder: Path, tiny: ModuleType) -> None:
    bundle = load_bundle(bundle_folder)
    assert bundle.identity.name == "tiny"
    assert bundle.identity.sha256 == tiny.sha256(bundle_folder / "bundle.json")
    assert bundle.contrasts == ("t2",)
    assert list(bundle.grading_systems) == ["LDH", "LCCS", "LNRC"]
    sides = {output.name: output.side for output in bundle.manifest.outputs}
    assert sides == {
        "LDH": None,
        "LCCS": None,
        "LNRC_left": Side.LEFT,
        "LNRC_right": Side.RIGHT,
    }


def test_an_altered_network_is_refused(tiny: ModuleType, tmp_path: Path) -> None:
    folder = tiny.write_bundle(tmp_path / "b")
    with (folder / "grader.onnx").open("ab") as stream:
        stream.write(b"\0")
    with pytest.raises(BundleError, match=r"grader\.onnx has SHA-256 .* altered or damaged"):
        load_bundle(folder)


def test_a_listed_file_must_be_there(tiny: ModuleType, tmp_path: Path) -> None:
    folder = tiny.write_bundle(tmp_path / "b")
    (folder / "MODEL_CARD.md").unlink()
    with pytest.raises(BundleError, match=r"lacks .*MODEL_CARD\.md"):
        load_bundle(folder)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"schema": "lumbargrade.bundle/9"}, "has schema 'lumbargrade.bundle/9'"),
        ({"outputs": []}, "outputs is empty"),
        ({"outputs": [{"name": "X", "system": "X", "side": None, "grades": 4}]}, "not given"),
        ({"outputs": [{"name": "LDH", "system": "LDH", "side": None, "grades": 3}]}, "3 grades"),
        ({"outputs": [{"name": "L", "system": "LDH", "side": "left", "grades": 4}]}, "has none"),
        (
            {"outputs": [{"name": "L", "system": "LNRC", "side": "left", "grades": 4}]},
            "neither one per image nor left and right",
        ),
        ({"patch": {"size_mm": -75, "pixels": 128}}, "not a positive number"),
        ({"patch": {"size_mm": 75}}, "field 'pixels' is missing"),
        ({"temperatures": {"LDH": 0}}, "not a positive number"),
        ({"files": {"grader.onnx": "0"}}, r"does not list locator\.onnx"),
        ({"files": {"../grader.onnx": "0"}}, "is not a plain name"),
        ({"grading_systems": [{"code": "LDH"}]}, "the grading system lacks"),
        ({"contrasts": None}, "not a valid bundle"),
        ({"conformal": {"coverage": 0.8, "thresholds": {}}}, "made for coverage 0.8, not 0.9"),
        ({"conformal": {"coverage": 0.9}}, "field 'thresholds' is missing"),
        ({"conformal": {"coverage": 0.9, "thresholds": {"LDH": [0.5]}}}, "LDH are not 4"),
        (
            {"conformal": {"coverage": 0.9, "thresholds": {"LDH": [0, 0, 0, float("nan")]}}},
            "LDH are not from 0 to 1",
        ),
    ],
)
def test_a_wrong_field_is_refused(
    tiny: ModuleType, tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(BundleError, match=message):
        load_bundle(tiny.write_bundle(tmp_path / "b", **changes))


def test_what_is_not_json_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bundle.json").write_text("{")
    with pytest.raises(BundleError, match=r"bundle\.json cannot be read"):
        load_bundle(tmp_path)


def test_a_folder_without_a_bundle_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=r"has no bundle\.json"):
        load_bundle(tmp_path)
    with pytest.raises(BundleError, match="does not exist"):
        load_bundle(tmp_path / "nowhere")


def test_a_missing_default_model_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundle_module, "DEFAULT_MODEL", tmp_path / "none")
    with pytest.raises(BundleError, match="no default model came with this installation"):
        load_bundle()


@pytest.mark.parametrize("inside", ["", "tiny/"])
def test_a_zip_is_as_good_as_its_folder(bundle_folder: Path, tmp_path: Path, inside: str) -> None:
    path = _zip(tmp_path / "b.zip", {f"{inside}{p.name}": p for p in bundle_folder.iterdir()})
    first, again = load_bundle(path), load_bundle(path)
    assert first.sha256 == load_bundle(bundle_folder).sha256
    assert first.folder == again.folder


def test_a_zip_that_names_files_outside_is_refused(bundle_folder: Path, tmp_path: Path) -> None:
    path = _zip(tmp_path / "b.zip", {"../bundle.json": bundle_folder / "bundle.json"})
    with pytest.raises(BundleError, match=r"holds the path '\.\./bundle\.json'"):
        load_bundle(path)


def test_a_zip_that_unpacks_to_too_much_is_refused(
    bundle_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))  # where it is not unpacked yet
    monkeypatch.setattr("lumbargrade.inference.unpack.MAX_UNPACKED_BYTES", 100)
    path = _zip(tmp_path / "b.zip", {p.name: p for p in bundle_folder.iterdir()})
    with pytest.raises(BundleError, match="more than a bundle may have:"):
        load_bundle(path)


def test_a_file_that_is_no_zip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "b.zip"
    path.write_bytes(b"PK\3\4 no")
    with pytest.raises(BundleError, match="cannot be unpacked"):
        load_bundle(path)


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA], ids=str)
def test_a_damaged_zip_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: int
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    path = tmp_path / "b.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("bundle.json", np.random.default_rng(0).bytes(5000))
    data = bytearray(path.read_bytes())
    data[60:2000] = np.random.default_rng(1).bytes(1940)
    path.write_bytes(data)
    with pytest.raises(BundleError, match=r"b\.zip cannot be unpacked"):
        load_bundle(path)


def test_a_zip_of_something_else_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "0001.dcm").write_bytes(b"a patient's slice")
    path = _zip(tmp_path / "study.zip", {"0001.dcm": tmp_path / "0001.dcm"})
    with pytest.raises(BundleError, match=r"study\.zip has no bundle\.json"):
        load_bundle(path)
    assert [file for file in (tmp_path / "cache").rglob("*") if file.is_file()] == []


def test_without_a_cache_a_zip_leaves_nothing_behind(bundle_folder: Path, tmp_path: Path) -> None:
    path = _zip(tmp_path / "b.zip", {p.name: p for p in bundle_folder.iterdir()})
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    code = (
        "import sys\nfrom pathlib import Path\n"
        "from lumbargrade.inference.bundle import load_bundle\n"
        "print(load_bundle(Path(sys.argv[1])).folder)"
    )
    places = {"TMPDIR": str(temporary), "XDG_CACHE_HOME": str(path)}  # a file: no folder in it
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        env={**os.environ, **places},
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(done.stdout.strip()).is_relative_to(temporary)
    assert list(temporary.iterdir()) == []


def test_the_hash_covers_every_field(tiny: ModuleType, tmp_path: Path) -> None:
    plain = tiny.write_bundle(tmp_path / "a")
    other = tiny.write_bundle(tmp_path / "b", disc_threshold=0.4)
    assert load_bundle(plain).sha256 != load_bundle(other).sha256
    assert json.loads((other / "bundle.json").read_text())["disc_threshold"] == 0.4


def _zip(path: Path, members: dict[str, Path]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, source in members.items():
            archive.write(source, name)
    return path
