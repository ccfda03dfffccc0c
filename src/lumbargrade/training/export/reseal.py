"""Give a bundle of an earlier version what this one asks for, without training it again."""

from __future__ import annotations

import shutil
from pathlib import Path

from lumbargrade.inference.bundle import Bundle, unsealed_bundle
from lumbargrade.inference.bundle_json import MANIFEST_FILE
from lumbargrade.training.export.draft import drafted
from lumbargrade.training.export.seal import seal


def is_bundle(path: Path) -> bool:
    """Whether ``path`` is a bundle, a folder or a zip, and not the folder of a run."""
    return path.is_file() or (path / MANIFEST_FILE).is_file()


def reseal(given: Path, out: Path) -> Bundle:
    """Copy a bundle to ``out``, a folder or a ``.zip``, with known answers and ``SHA256SUMS``.

    The networks, the settings and so the SHA-256 of the model stay what they are; files that the
    manifest does not list are left out. Returns the bundle that was given. Raises BundleError if
    its files are not those that its manifest lists, OutputError if ``out`` exists or its folder
    cannot be created.
    """
    bundle = unsealed_bundle(given)
    with drafted(out) as draft:
        for name in (*bundle.manifest.files, MANIFEST_FILE):
            shutil.copyfile(bundle.folder / name, draft / name)
        seal(draft)
    return bundle
