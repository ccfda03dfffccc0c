"""How often a study was begun and not finished: what kills its process is not tried for ever.

A process that dies tells nobody, and Dask suspects every study that waited at it. So each
study leaves a small file while it is graded, on the disk that all processes share.
"""

from __future__ import annotations

import hashlib
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

MOST_TRIES = 2
"""A study that ended its process as often as this is put into quarantine."""


@dataclass(frozen=True)
class Tries:
    """The files of the studies that are under way in one run: a byte for each time it was begun.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     tries = Tries(Path(place, "tries"))
    ...     tries.clear()
    ...     tries.begin("A"), tries.begin("A"), tries.begin("B"), tries.end("B")
    ...     tries.begun("A"), tries.begun("B")
    (None, None, None, None)
    (2, 0)
    """

    folder: Path

    def clear(self) -> None:
        """Make the folder anew: what an earlier run left behind was stopped, and proves nothing.

        Raises OSError if the folder cannot be written.
        """
        self.remove()
        self.folder.mkdir()

    def remove(self) -> None:
        """Leave nothing behind."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def begun(self, name: str) -> int:
        """Return how often a study was begun and not ended."""
        try:
            return self._file(name).stat().st_size
        except FileNotFoundError:
            return 0

    def begin(self, name: str) -> None:
        """Note that a study is begun; raises OSError if that cannot be written."""
        with self._file(name).open("ab") as file:
            file.write(b"1")

    def end(self, name: str) -> None:
        """Note that a study is done, whatever came of it."""
        with suppress(OSError):  # one try too many is noted, and no study is lost by it
            self._file(name).unlink(missing_ok=True)

    def _file(self, name: str) -> Path:
        # A name may have more characters than a file's name may have bytes.
        return self.folder / hashlib.sha256(name.encode()).hexdigest()[:32]
