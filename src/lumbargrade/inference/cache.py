"""Where compiled networks and unpacked bundles are kept between runs."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from platformdirs import user_cache_path

KEPT = 6
"""Folders that stay in a part of the cache: those that were used last."""


def cache_folder(*parts: str) -> Path | None:
    """Return a writable folder in the user's cache, or None where there is none.

    A cache only saves time, so a read-only home is not an error.
    """
    try:
        folder = user_cache_path("lumbargrade", appauthor=False).joinpath(*parts)
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):  # the latter for a user who has no home at all
        return None
    return folder if os.access(folder, os.W_OK) else None


@contextmanager
def filled_at_once(parent: Path | None, name: str) -> Iterator[Path | None]:
    """Yield folder ``name`` of ``parent``, or where it is not there yet, one to fill.

    What was filled gets its name when the block ends well, so that two processes that
    start together never read half a file of each other. None if there is no parent. Of the
    other folders those that were not used for longest are removed.
    """
    if parent is None or (parent / name).is_dir():
        if parent is not None:
            with suppress(OSError):
                os.utime(parent / name)
        yield None if parent is None else parent / name
        return
    with tempfile.TemporaryDirectory(dir=parent, ignore_cleanup_errors=True) as staging:
        filling = Path(staging, "new")
        filling.mkdir()
        yield filling
        try:
            filling.rename(parent / name)
        except OSError:  # another process was faster
            shutil.rmtree(filling, ignore_errors=True)
        _prune(parent)


def _prune(parent: Path) -> None:
    """Remove all but the folders that were used last; a whole network is about 50 MB."""
    used: dict[Path, float] = {}
    for folder in parent.iterdir():
        with suppress(OSError):  # another process may remove it meanwhile
            if folder.is_dir() and not folder.name.startswith(tempfile.gettempprefix()):
                used[folder] = folder.stat().st_mtime
    for folder in sorted(used, key=used.__getitem__, reverse=True)[KEPT:]:
        shutil.rmtree(folder, ignore_errors=True)
