"""A bundle appears whole, as a folder or a zip, or not at all."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path

import pytest

from lumbargrade.errors import OutputError
from lumbargrade.training.export.draft import drafted, write_manifest


def test_a_draft_becomes_a_folder_or_a_zip(tmp_path: Path) -> None:
    for out in (tmp_path / "new" / "bundle", tmp_path / "new" / "bundle.zip"):
        with drafted(out) as draft:
            (draft / "a.onnx").write_bytes(b"weights")
            assert not out.exists()
    assert (tmp_path / "new" / "bundle" / "a.onnx").read_bytes() == b"weights"
    with zipfile.ZipFile(tmp_path / "new" / "bundle.zip") as packed:
        assert packed.namelist() == ["a.onnx"]
    assert len(list((tmp_path / "new").iterdir())) == 2


def test_a_failure_leaves_nothing(tmp_path: Path) -> None:
    def fail() -> None:
        with drafted(tmp_path / "bundle") as draft:
            (draft / "a.onnx").write_bytes(b"weights")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not list(tmp_path.iterdir())


def test_what_is_there_is_kept_and_a_file_is_no_folder(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"kept")
    with pytest.raises(OutputError, match="exists already; remove it or choose"), drafted(file):
        pass
    with pytest.raises(OutputError, match=r"file: cannot be created \("), drafted(file / "x"):
        pass
    assert file.read_bytes() == b"kept"


def test_a_manifest_names_every_other_file(tmp_path: Path) -> None:
    (tmp_path / "a.onnx").write_bytes(b"weights")
    manifest = {"files": {"old": "0"}}
    for _ in range(2):  # its own file is never among them
        write_manifest(manifest, tmp_path)
    written = json.loads((tmp_path / "bundle.json").read_text(encoding="utf-8"))
    assert written == manifest
    assert manifest["files"] == {"a.onnx": hashlib.sha256(b"weights").hexdigest()}
