"""Write a file so that its path is whole or absent, also if the machine stops in the middle."""

from __future__ import annotations

import contextlib
import glob
import json
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

UNFINISHED = ".unfinished"
"""Ending of a file that is being written; a process that was killed may leave one behind."""


@contextlib.contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Yield a path beside ``path``: the file written there becomes ``path`` if the block ends well.

    Raises OSError if it cannot be written; what was at ``path`` is then still there.
    """
    with _draft_of(path) as draft:
        yield draft
        with draft.open("rb+") as file:
            os.fsync(file.fileno())
        draft.replace(path)


@contextlib.contextmanager
def _draft_of(path: Path) -> Iterator[Path]:
    """Yield a path beside ``path``, at which nothing is left."""
    # The name is cut, since a name at the limit of the disk would get too long.
    draft = path.with_name(f".{path.name[:40]}.{secrets.token_hex(8)}{UNFINISHED}")
    try:
        yield draft
    finally:
        with contextlib.suppress(OSError):
            draft.unlink()


def remove_drafts(folder: Path, name: str = "") -> None:
    """Remove what killed processes left of files in ``folder``: of the file ``name``, or of all.

    Nobody else may be writing these files. A folder that is not there has none.
    """
    for draft in folder.glob(f".{glob.escape(name[:40])}*{UNFINISHED}"):
        if draft.is_file():
            draft.unlink(missing_ok=True)


def write_new(path: Path, data: bytes, mode: int = 0o666) -> None:
    """Write bytes to a path that must not exist, with permissions that the umask may narrow.

    Raises FileExistsError if it does, OSError if it cannot be written.
    """
    with _draft_of(path) as draft:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)


def write_bytes(path: Path, data: bytes) -> None:
    """Write bytes; raises as :func:`whole`."""
    with whole(path) as draft:
        draft.write_bytes(data)


def write_text(path: Path, text: str) -> None:
    """Write text as UTF-8, its line ends as they are; raises as :func:`whole`."""
    write_bytes(path, text.encode())


def write_json(path: Path, content: Any, indent: int = 1) -> None:
    """Write plain data as JSON that every reader takes.

    Raises
    ------
    ValueError
        If a number is not finite, which JSON has no sign for.
    OSError
        As :func:`whole`.
    """
    write_text(path, json.dumps(content, indent=indent, allow_nan=False) + "\n")
