"""Where compiled networks and unpacked bundles are kept between runs."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from platformdirs import user_cache_path


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
    start together never read half a file of each other. None if there is no parent.
    """
    if parent is None or (parent / name).is_dir():
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
