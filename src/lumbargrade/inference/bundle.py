"""A model bundle: a folder (or a zip of it) that holds everything needed to grade.

``bundle.json`` names the grading systems, the preprocessing, the outputs and the SHA-256 of
the networks and of the model card; ``SHA256SUMS`` lists every file. A bundle whose files are
not exactly the ones that it names is refused: a grade from an altered model is worse than none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from lumbargrade.errors import BundleError
from lumbargrade.grading.finding import ModelIdentity
from lumbargrade.inference import bundle_json
from lumbargrade.inference.integrity.compiled import OnnxFile
from lumbargrade.inference.integrity.known_answer import KNOWN_FILE, Known, read_known
from lumbargrade.inference.integrity.sums import (
    SUMS_FILE,
    check_file,
    check_sums,
    refuse_altered,
    sha256_of,
)
from lumbargrade.inference.unpack import unpacked

DEFAULT_MODEL = Path(__file__).parent / "default_model"
"""Where the bundle that comes with the package lies."""


@dataclass(frozen=True)
class Bundle:
    """A bundle whose manifest and file hashes have been checked.

    ``folder`` is where its files lie (for a zip, where it was unpacked). ``sha256`` is of
    ``bundle.json``, which holds the hash of every network: one number for the whole model.
    ``known`` are the known answers by network file; empty while a bundle is made.
    """

    folder: Path
    manifest: bundle_json.Manifest
    sha256: str
    known: Mapping[str, Known] = field(default_factory=dict)

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

    @property
    def disc_finder_path(self) -> Path | None:
        """The network that finds discs on sagittal slices, or None for a bundle without one."""
        return self.folder / bundle_json.DISC_FINDER_FILE if self.manifest.disc_finder else None

    @property
    def disc_grader_path(self) -> Path | None:
        """The network that grades discs on sagittal slices, or None for a bundle without one."""
        return self.folder / bundle_json.DISC_GRADER_FILE if self.manifest.disc_grader else None

    def network(self, path: Path) -> OnnxFile:
        """Return a network of the bundle, such as ``grader_path``, for the engine."""
        return OnnxFile(path, self.manifest.files[path.name], partial(self._read, path))

    def _read(self, path: Path) -> bytes:
        """Return the bytes of a file, hashed as they are and not as they were."""
        try:
            data = path.read_bytes()
        except OSError as error:
            raise BundleError(
                f"{path} cannot be read ({error.strerror or error}): check its permissions"
            ) from error
        refuse_altered(path, hashlib.sha256(data).hexdigest(), self.manifest.files[path.name])
        return data


def load_bundle(path: Path | None = None) -> Bundle:
    """Load a bundle from a folder or a zip; None is the one in the package.

    Raises BundleError if there is none, it cannot be opened, its schema is unknown, a field is
    wrong, or a file is missing, is none of its files, or does not have the SHA-256 that the bundle
    gives.
    """
    return _opened(path, _sealed)


def unsealed_bundle(path: Path) -> Bundle:
    """Load a bundle that is being made, or one of an earlier version: without ``SHA256SUMS`` and
    known answers. Raises BundleError as :func:`load_bundle`.
    """
    return _opened(path, _unsealed)


def network_files(manifest: bundle_json.Manifest) -> list[str]:
    """Return the file names of a bundle's networks."""
    optional = {
        bundle_json.LOCATOR_FILE: manifest.locator,
        bundle_json.OUTLINER_FILE: manifest.outliner,
        bundle_json.DISC_FINDER_FILE: manifest.disc_finder,
        bundle_json.DISC_GRADER_FILE: manifest.disc_grader,
    }
    return [bundle_json.GRADER_FILE, *(name for name, spec in optional.items() if spec)]


def _opened(path: Path | None, opened: Callable[[Path], Bundle]) -> Bundle:
    try:
        if path is not None and path.is_file():
            return unpacked(path, opened)
        return opened(_folder(path))
    except OSError as error:
        raise BundleError(
            f"model bundle {path or DEFAULT_MODEL} cannot be opened "
            f"({error.strerror or error}): check its path and its permissions"
        ) from error


def _sealed(folder: Path) -> Bundle:
    sums = check_sums(folder)
    manifest_path = folder / bundle_json.MANIFEST_FILE
    manifest = bundle_json.read_manifest(manifest_path)
    for name, expected in manifest.files.items():
        if name not in sums:
            check_file(folder / name, expected)
        refuse_altered(folder / name, sums[name], expected)
    stray = sorted(set(sums) - {*manifest.files, bundle_json.MANIFEST_FILE, KNOWN_FILE})
    if stray:
        raise BundleError(
            f"model bundle {folder} lists {stray[0]} in {SUMS_FILE}, but not in its manifest: "
            "export it again"
        )
    if KNOWN_FILE not in sums:
        check_file(folder / KNOWN_FILE, "")
    known = read_known(folder / KNOWN_FILE, network_files(manifest))
    return Bundle(folder, manifest, sums[manifest_path.name], known)


def _unsealed(folder: Path) -> Bundle:
    manifest = bundle_json.read_manifest(folder / bundle_json.MANIFEST_FILE)
    for name, expected in manifest.files.items():
        check_file(folder / name, expected)
    return Bundle(folder, manifest, sha256_of(folder / bundle_json.MANIFEST_FILE))


def _folder(path: Path | None) -> Path:
    if path is None:
        if not (DEFAULT_MODEL / bundle_json.MANIFEST_FILE).is_file():
            raise BundleError(
                f"no default model came with this installation ({DEFAULT_MODEL} is missing): "
                "name one with --model BUNDLE, or make one with 'lumbargrade train' and 'export'"
            )
        return DEFAULT_MODEL
    if not (path / bundle_json.MANIFEST_FILE).is_file():
        what = "does not exist" if not path.exists() else f"has no {bundle_json.MANIFEST_FILE}"
        raise BundleError(
            f"model bundle {path} {what}: give the folder or zip that 'lumbargrade export' wrote"
        )
    return path
