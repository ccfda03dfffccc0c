"""A lock on a folder, which ends with the process that holds it, however that ends."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from lumbargrade.errors import OutputError

LOCK = "lock"

_HELD = {errno.EAGAIN, errno.EACCES}
_NO_LOCKS = {errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP}
"""What file systems without locks answer, as some network mounts are."""


@contextmanager
def locked(folder: Path, where: Path) -> Iterator[bool]:
    """Make a folder and hold its lock; the file and the folder, if empty, go away afterwards.

    Yields whether the lock is a real one: False on a file system that has none. ``where`` is named
    in the message. Raises OutputError if another process holds the lock, OSError if the folder
    cannot be made.
    """
    descriptor, real = _taken(folder, where)
    try:
        yield real
    finally:
        # Before the lock is let go, so that nobody else is in there.
        with suppress(OSError):
            (folder / LOCK).unlink()
            folder.rmdir()
        os.close(descriptor)


def _taken(folder: Path, where: Path) -> tuple[int, bool]:
    import fcntl  # POSIX only, as the walk of an archive is

    while True:
        folder.mkdir(exist_ok=True)
        try:
            descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o666)
        except FileNotFoundError:  # its last holder has just removed the folder
            continue
        real = True
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in _HELD | _NO_LOCKS:
                os.close(descriptor)
                raise
            if error.errno in _HELD:
                raise _held(descriptor, where) from None
            real = False
        if os.fstat(descriptor).st_nlink == 0:  # its last holder has just removed the file
            os.close(descriptor)
            continue
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"process {os.getpid()} on {socket.gethostname()}".encode(), 0)
        return descriptor, real


def _held(descriptor: int, where: Path) -> OutputError:
    holder = os.pread(descriptor, 200, 0).decode(errors="replace")
    os.close(descriptor)
    return OutputError(
        f"{where}: another lumbargrade is writing there ({holder or 'just started'}): wait until "
        "it is done, or choose another folder with -o"
    )
