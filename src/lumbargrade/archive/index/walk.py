"""Every entry below a folder, once, without following links and in flat memory."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lumbargrade.archive.index.columns import Reason


@dataclass(frozen=True, slots=True)
class Entry:
    """A file below the archive, or a folder that cannot be listed.

    Attributes
    ----------
    path : relative to the archive, as the bytes that the file system has.
    size_bytes, modified_ns : what tells a changed file from an unchanged one.
    reason : why the entry is not opened; None for regular files.
    """

    path: bytes
    size_bytes: int
    modified_ns: int
    reason: Reason | None = None


def walk(archive: Path) -> Iterator[Entry]:
    """Yield the entries below ``archive``, folder by folder, in no particular order."""
    for path, found in _found(archive):
        yield Entry(path, 0, 0, Reason.FOLDER_UNREADABLE) if found is None else _entry(path, found)


def count_entries(archive: Path) -> int:
    """Return how many entries ``walk`` will yield, without asking for sizes."""
    return sum(1 for _ in _found(archive))


def _found(archive: Path) -> Iterator[tuple[bytes, os.DirEntry[bytes] | None]]:
    """Yield path and entry of all but folders; None for a folder that cannot be listed."""
    root = os.fsencode(archive)
    waiting = [b""]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(os.path.join(root, folder)) as entries:
                for found in entries:
                    path = os.path.join(folder, found.name)
                    if found.is_dir(follow_symlinks=False):
                        waiting.append(path)
                    else:
                        yield path, found
        except OSError:
            yield folder, None


def _entry(path: bytes, found: os.DirEntry[bytes]) -> Entry:
    try:
        status = found.stat(follow_symlinks=False)
    except OSError:
        return Entry(path, 0, 0, Reason.UNREADABLE)
    reason = None
    if stat.S_ISLNK(status.st_mode):
        reason = Reason.LINK
    elif not stat.S_ISREG(status.st_mode):
        reason = Reason.NOT_A_FILE
    return Entry(path, status.st_size, status.st_mtime_ns, reason)
