"""Unpack a zipped bundle without trusting its names or its sizes."""

from __future__ import annotations

import atexit
import hashlib
import lzma
import os
import shutil
import tempfile
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from lumbargrade.errors import BundleError
from lumbargrade.inference.bundle_json import MANIFEST_FILE
from lumbargrade.inference.cache import cache_folder

MAX_UNPACKED_BYTES = 1 << 30
"""A bundle is at most about 50 MB; what unpacks to more than this is not one."""

MAX_FILES = 100

_DAMAGED = (
    OSError,
    EOFError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    ValueError,
    RuntimeError,
)
"""What reading a damaged zip raises; each decompressor has an error of its own."""


def unpack(archive: Path) -> Path:
    """Unpack a zipped bundle into the user's cache and return the folder.

    The folder is named by the SHA-256 of the zip, so the same zip is unpacked once.
    Without a cache it is a temporary one, which goes when the process ends.

    Raises
    ------
    BundleError
        If the zip cannot be read, is too large when unpacked, or names files
        outside of itself.
    """
    try:
        with archive.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        parent = cache_folder("bundles") or _until_exit()
        folder = parent / digest
        if not folder.is_dir():
            _unpack_into(archive, folder)
    except _DAMAGED as error:
        raise BundleError(
            f"model bundle {archive} cannot be unpacked ({error}): export or download it again"
        ) from error
    return folder


def _until_exit() -> Path:
    """Return a new folder that goes when this process ends."""
    folder = Path(tempfile.mkdtemp(prefix="lumbargrade-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _unpack_into(archive: Path, folder: Path) -> None:
    with (
        zipfile.ZipFile(archive) as source,
        tempfile.TemporaryDirectory(dir=folder.parent) as staging,
    ):
        members = [info for info in source.infolist() if not info.is_dir()]
        declared = sum(info.file_size for info in members)
        if declared > MAX_UNPACKED_BYTES or len(members) > MAX_FILES:
            raise BundleError(
                f"model bundle {archive} unpacks to {len(members)} files and {declared >> 20} MiB, "
                "more than a bundle may have: refused"
            )
        if MANIFEST_FILE not in {PurePosixPath(info.filename).name for info in members}:
            # Nothing else is unpacked: a study given by mistake must not stay in a cache.
            raise BundleError(
                f"model bundle {archive} has no {MANIFEST_FILE}: give the folder or zip that "
                "'lumbargrade export' wrote"
            )
        target = Path(staging, "bundle")
        target.mkdir()
        for info in members:
            # Bundles are flat; one folder around them is what zipping a folder makes.
            inside = PurePosixPath(info.filename)
            if inside.is_absolute() or ".." in inside.parts or len(inside.parts) > 2:
                raise BundleError(
                    f"model bundle {archive} holds the path {info.filename!r}, which no bundle "
                    "has: it is refused"
                )
            (target / inside.name).write_bytes(source.read(info))
        try:
            os.replace(target, folder)
        except OSError:
            if not folder.is_dir():  # else another process was faster
                raise
