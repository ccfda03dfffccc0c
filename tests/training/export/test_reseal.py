"""A bundle of an earlier version is sealed, and stays the same model."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from lumbargrade.errors import BundleError
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.training.export.reseal import is_bundle, reseal

NEW = ("SHA256SUMS", "known_answer.json")


@pytest.fixture
def earlier(tiny_bundle: Path, tmp_path: Path) -> Path:
    """A bundle as the version before wrote it, with a stray file."""
    ignored = shutil.ignore_patterns(*NEW)
    folder = Path(shutil.copytree(tiny_bundle, tmp_path / "earlier", ignore=ignored))
    (folder / "notes.txt").write_text("mine")
    return folder


def test_a_bundle_of_an_earlier_version_is_refused_until_it_is_sealed(
    tiny_bundle: Path, earlier: Path, tmp_path: Path
) -> None:
    with pytest.raises(BundleError, match=r"has no SHA256SUMS, as from an earlier version"):
        load_bundle(earlier)
    assert is_bundle(earlier)
    assert not is_bundle(tmp_path)
    reseal(earlier, tmp_path / "new.zip")
    sealed, whole = load_bundle(tmp_path / "new.zip"), load_bundle(tiny_bundle)
    assert (sealed.sha256, sealed.manifest) == (whole.sha256, whole.manifest)
    assert sealed.known.keys() == whole.known.keys()
    assert sorted(path.name for path in sealed.folder.iterdir()) == sorted(
        path.name for path in tiny_bundle.iterdir()
    )


def test_an_altered_bundle_is_not_sealed(earlier: Path, tmp_path: Path) -> None:
    card = earlier / "MODEL_CARD.md"
    card.write_bytes(card.read_bytes() + b" ")
    with pytest.raises(BundleError, match=r"the file was altered or damaged and is not used"):
        reseal(earlier, tmp_path / "new")
    assert not (tmp_path / "new").exists()
