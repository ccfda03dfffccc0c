"""Bundles in zips: unpacked once, never outside of their folder, and nothing but bundles."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from lumbargrade.errors import BundleError
from lumbargrade.files.unzip import ZipCaps
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.unpack import KEPT


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
    monkeypatch.setattr("lumbargrade.inference.unpack.CAPS", ZipCaps(100, 100, 100))
    path = _zip(tmp_path / "b.zip", {p.name: p for p in bundle_folder.iterdir()})
    with pytest.raises(BundleError, match=r"b\.zip cannot be unpacked \(the zip unpacks to"):
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


def test_a_zip_whose_bundle_is_refused_leaves_nothing(
    bundle_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "grader.onnx").write_bytes(b"other weights")
    files = {p.name: p for p in bundle_folder.iterdir()} | {"grader.onnx": tmp_path / "grader.onnx"}
    with pytest.raises(BundleError, match=r"b\.zip/grader\.onnx has SHA-256 .* is not used"):
        load_bundle(_zip(tmp_path / "b.zip", files))
    assert [path for path in (tmp_path / "cache").rglob("*") if path.is_file()] == []


def test_what_was_unpacked_and_then_damaged_is_unpacked_anew(
    bundle_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    path = _zip(tmp_path / "b.zip", {p.name: p for p in bundle_folder.iterdir()})
    network = load_bundle(path).grader_path
    for damage in (b"other weights", None):
        network.unlink() if damage is None else network.write_bytes(damage)
        assert load_bundle(path).grader_path == network
        assert network.read_bytes() == (bundle_folder / "grader.onnx").read_bytes()


def test_only_the_bundles_that_were_used_last_stay(
    bundle_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for number in range(KEPT + 1):
        inside = f"folder{number}/"
        members = {f"{inside}{p.name}": p for p in bundle_folder.iterdir()}
        load_bundle(_zip(tmp_path / "b.zip", members))
    assert len(list((tmp_path / "cache" / "lumbargrade" / "bundles").iterdir())) == KEPT


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


def _zip(path: Path, members: dict[str, Path]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, source in members.items():
            archive.write(source, name)
    return path
