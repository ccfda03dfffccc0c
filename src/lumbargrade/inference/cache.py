"""Where compiled networks and unpacked bundles are kept between runs."""

from __future__ import annotations

import os
import shutil
import time
from contextlib import suppress
from pathlib import Path

from platformdirs import user_cache_path

from lumbargrade.files.write import UNFINISHED

DEAD_AFTER_S = 24 * 3600.0
"""What was begun so long ago and never finished belongs to a process that was killed."""


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


def prune(parent: Path, kept: int) -> None:
    """Remove all but the ``kept`` entries that were used last, and what a killed process left."""
    used: dict[Path, float] = {}
    for entry in parent.iterdir():
        with suppress(OSError):  # another process may remove it meanwhile
            when = entry.stat().st_mtime
            if not entry.name.endswith(UNFINISHED):
                used[entry] = when
            elif when < time.time() - DEAD_AFTER_S:
                _remove(entry)
    for entry in sorted(used, key=used.__getitem__, reverse=True)[kept:]:
        _remove(entry)


def _remove(entry: Path) -> None:
    if entry.is_dir():
        shutil.rmtree(entry, ignore_errors=True)
    else:
        with suppress(OSError):
            entry.unlink()
