"""Unpack a zipped bundle without trusting its names, its sizes or an earlier unpacking."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from lumbargrade.errors import BundleError
from lumbargrade.files.unzip import UnzipError, ZipCaps, flat_names, opened_zip
from lumbargrade.files.write import UNFINISHED
from lumbargrade.inference.bundle_json import MANIFEST_FILE
from lumbargrade.inference.cache import cache_folder, prune
from lumbargrade.inference.integrity.sums import sha256_of

Opened = TypeVar("Opened")

_GIGABYTE = 1 << 30
CAPS = ZipCaps(files=100, file_bytes=_GIGABYTE, total_bytes=_GIGABYTE)
"""A bundle is at most about 50 MB; what unpacks to more than this is not one."""

KEPT = 6
"""Unpacked bundles that stay in the cache: those that were used last."""


def unpacked(archive: Path, opened: Callable[[Path], Opened]) -> Opened:
    """Unpack a zipped bundle into the user's cache and return what ``opened`` makes of the folder.

    The folder is named by the SHA-256 of the zip, so the same zip is unpacked once; what lies there
    is opened as any other bundle, and unpacked anew where it is damaged. A zip whose bundle is
    refused leaves nothing behind. Without a cache the folder is a temporary one, which goes when
    the process ends. Raises BundleError if the zip cannot be read, is too large when unpacked,
    names files outside of itself, or ``opened`` raises it.
    """
    try:
        parent = cache_folder("bundles") or _until_exit()
        folder = parent / sha256_of(archive)
        if folder.is_dir():
            with suppress(BundleError, OSError):
                found = opened(folder)
                os.utime(folder)
                return found
            shutil.rmtree(folder)
        _unpack_into(archive, folder, opened)
        prune(parent, KEPT)
        return opened(folder)
    except (OSError, UnzipError) as error:
        raise BundleError(
            f"model bundle {archive} cannot be unpacked ({error}): export or download it again"
        ) from error


def _until_exit() -> Path:
    """Return a new folder that goes when this process ends."""
    folder = Path(tempfile.mkdtemp(prefix="lumbargrade-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _unpack_into(archive: Path, folder: Path, opened: Callable[[Path], object]) -> None:
    with (
        opened_zip(archive, CAPS) as members,
        tempfile.TemporaryDirectory(suffix=UNFINISHED, dir=folder.parent) as staging,
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
            opened(target)
        except BundleError as error:
            raise BundleError(str(error).replace(str(target), str(archive))) from error
        try:
            os.replace(target, folder)
        except OSError:
            if not folder.is_dir():  # else another process was faster
                raise
