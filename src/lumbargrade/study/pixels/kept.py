"""Pixels as stored: in memory while there is room, else read once more when they are needed."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b

from lumbargrade.errors import StudyError
from lumbargrade.study.limits import Budget

Again = Callable[[], bytes | memoryview]


class StoredPixels:
    """The value of Pixel Data of one file.

    Parameters
    ----------
    again : reads the value once more; None where it must stay in memory.
    budget : of the study; says whether there is room.
    """

    def __init__(self, data: bytes | memoryview, again: Again | None, budget: Budget) -> None:
        self.size_bytes = len(data)
        fits = budget.keep(self.size_bytes) or again is None
        self._data = data if fits else None
        self._again = None if fits else again
        self._digest = b"" if fits else _digest(data)

    def read(self) -> bytes | memoryview:
        """Return the bytes.

        Raises StudyError if the file cannot be read again, or is another one now.
        """
        if self._data is not None:
            return self._data
        data = b"" if self._again is None else self._again()
        if _digest(data) != self._digest:
            raise StudyError("the file was changed while the study was read: grade it again")
        return data

    def is_same(self, other: StoredPixels) -> bool:
        """Return whether both hold the same bytes, without reading either again."""
        if self.size_bytes != other.size_bytes:
            return False
        if self._data is not None and other._data is not None:
            return self._data == other._data
        return self._known() == other._known()

    def _known(self) -> bytes:
        return self._digest if self._data is None else _digest(self._data)


def _digest(data: bytes | memoryview) -> bytes:
    return blake2b(data, digest_size=16).digest()
