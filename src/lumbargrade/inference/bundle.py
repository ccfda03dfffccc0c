"""A model bundle: a folder (or a zip of it) that holds everything needed to grade.

``bundle.json`` names the grading systems, the preprocessing, the outputs and the
SHA-256 of every other file. A bundle whose files are not the ones that it names is
refused: a grade from an altered model is worse than none.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from lumbargrade.errors import BundleError
from lumbargrade.grading.finding import ModelIdentity
from lumbargrade.inference import bundle_json
from lumbargrade.inference.unpack import unpack

DEFAULT_MODEL = Path(__file__).parent / "default_model"
"""Where the bundle that comes with the package lies."""


@dataclass(frozen=True)
class Bundle:
    """A bundle whose manifest and file hashes have been checked.

    ``folder`` is where its files lie (for a zip, where it was unpacked). ``sha256`` is of
    ``bundle.json``, which holds the hash of every other file: one number for the whole bundle.
    """

    folder: Path
    manifest: bundle_json.Manifest
    sha256: str

    @property
    def identity(self) -> ModelIdentity:
        """Name the model as results do."""
        manifest = self.manifest
        return ModelIdentity(manifest.name, manifest.version, self.sha256, manifest.trained_on)

    @property
    def grader_path(self) -> Path:
        """The grading network."""
        return self.folder / bundle_json.GRADER_FILE

    @property
    def locator_path(self) -> Path | None:
        """The region locator, or None for a bundle without one."""
        return self.folder / bundle_json.LOCATOR_FILE if self.manifest.locator else None

    @property
    def outliner_path(self) -> Path | None:
        """The outline network, or None for a bundle without one."""
        return self.folder / bundle_json.OUTLINER_FILE if self.manifest.outliner else None


def load_bundle(path: Path | None = None) -> Bundle:
    """Load a bundle from a folder or a zip; None is the one in the package.

    Raises BundleError if there is none, it cannot be opened, its schema is unknown, a field is
    wrong, or a file is missing or does not have the SHA-256 that the manifest gives.
    """
    try:
        folder = _folder(path)
        manifest = bundle_json.read_manifest(folder / bundle_json.MANIFEST_FILE)
        for name, expected in manifest.files.items():
            _check_hash(folder / name, expected)
        return Bundle(folder, manifest, _sha256(folder / bundle_json.MANIFEST_FILE))
    except OSError as error:
        raise BundleError(
            f"model bundle {path or DEFAULT_MODEL} cannot be opened "
            f"({error.strerror or error}): check its path and its permissions"
        ) from error


def _folder(path: Path | None) -> Path:
    if path is None:
        if not (DEFAULT_MODEL / bundle_json.MANIFEST_FILE).is_file():
            raise BundleError(
                f"no default model came with this installation ({DEFAULT_MODEL} is missing): "
                "name one with --model BUNDLE, or make one with 'lumbargrade train' and 'export'"
            )
        return DEFAULT_MODEL
    if path.is_file():
        return unpack(path)
    if not (path / bundle_json.MANIFEST_FILE).is_file():
        what = "does not exist" if not path.exists() else f"has no {bundle_json.MANIFEST_FILE}"
        raise BundleError(
            f"model bundle {path} {what}: give the folder or zip that 'lumbargrade export' wrote"
        )
    return path


def _check_hash(path: Path, expected: str) -> None:
    if not path.is_file():
        raise BundleError(f"model bundle lacks {path}, which its manifest lists: export it again")
    found = _sha256(path)
    if found != expected:
        raise BundleError(
            f"{path} has SHA-256 {found[:12]}..., the bundle says {expected[:12]}...: the file was "
            "altered or damaged and is not used; export or download the bundle again"
        )


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
