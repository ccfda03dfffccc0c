"""Unpack a zipped bundle without trusting its names or its sizes."""

from __future__ import annotations

import atexit
import hashlib
import os
import shutil
import tempfile
from pathlib import Path

from lumbargrade.errors import BundleError
from lumbargrade.files.unzip import UnzipError, ZipCaps, flat_names, opened_zip
from lumbargrade.inference.bundle_json import MANIFEST_FILE
from lumbargrade.inference.cache import cache_folder

_GIGABYTE = 1 << 30
CAPS = ZipCaps(files=100, file_bytes=_GIGABYTE, total_bytes=_GIGABYTE)
"""A bundle is at most about 50 MB; what unpacks to more than this is not one."""


def unpack(archive: Path) -> Path:
    """Unpack a zipped bundle into the user's cache and return the folder.

    The folder is named by the SHA-256 of the zip, so the same zip is unpacked once. Without a cache
    it is a temporary one, which goes when the process ends. Raises BundleError if the zip cannot be
    read, is too large when unpacked, or names files outside of itself.
    """
    try:
        with archive.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        parent = cache_folder("bundles") or _until_exit()
        folder = parent / digest
        if not folder.is_dir():
            _unpack_into(archive, folder)
    except (OSError, UnzipError) as error:
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
        opened_zip(archive, CAPS) as members,
        tempfile.TemporaryDirectory(dir=folder.parent) as staging,
    ):
        files = flat_names(members)
        if MANIFEST_FILE not in files:
            # Nothing else is unpacked: a study given by mistake must not stay in a cache.
            raise BundleError(
                f"model bundle {archive} has no {MANIFEST_FILE}: give the folder or zip that "
                "'lumbargrade export' wrote"
            )
        target = Path(staging, "bundle")
        target.mkdir()
        for name, member in files.items():
            (target / name).write_bytes(member.read())
        try:
            os.replace(target, folder)
        except OSError:
            if not folder.is_dir():  # else another process was faster
                raise
