"""The bytes of a header, read by pydicom under a count of its elements.

pydicom believes whatever a file says: 29 million elements without a value fit into 337 kB
deflated. It reads the head of every element, item and fragment as eight bytes, or as four and four:
these reads are counted where they happen, so that no other parser has to agree with pydicom on
what an element is. An item counts as four.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager

from lumbargrade.errors import StudyError
from lumbargrade.study.limits import Budget

_ITEMS = (b"\xfe\xff\x00\xe0", b"\xff\xfe\xe0\x00")
"""The tag (FFFE,E000), little and big endian."""
HEAD_BYTES = (8, 4)
"""Tag, VR and length of an element or item, or a part of them (PS3.5 7.1)."""
ITEM_COUNTS = 4
"""Elements that an item counts for: pydicom makes a dataset of each, which takes as long."""
VIEW_BYTES = 65_536
"""A longer value is not copied: it is the pixels."""


class CountedBytes(io.BytesIO):
    """A file in memory for pydicom.

    ``read`` raises StudyError where the elements are more than a header may hold. Long
    values come as views of the bytes.
    """

    def __init__(self, data: bytes, most: int) -> None:
        super().__init__(data)
        self._data, self._most = data, most
        self.elements = 0

    def read(self, size: int | None = -1, /) -> bytes:
        """Return the next bytes; values of four or eight bytes count, too."""
        if size in HEAD_BYTES:
            head = super().read(size)
            self.elements += ITEM_COUNTS if head[:4] in _ITEMS else 1
            if self.elements > self._most:
                raise TooManyElementsError(self._most)
            return head
        if size is not None and size > VIEW_BYTES:
            place = self.tell()
            self.seek(min(place + size, len(self._data)))
            return memoryview(self._data)[place : place + size]  # type: ignore[return-value]
        return super().read(size)


@contextmanager
def counted(data: bytes, budget: Budget, place: int = 0) -> Iterator[CountedBytes]:
    """Give ``data`` from ``place`` on as a file for pydicom, and count what was read of it.

    Raises TooManyElementsError if a header has more elements than the options of ``budget`` allow,
    whatever pydicom made of that, and OverBudgetError if the study has.
    """
    most = budget.options.max_elements
    file = CountedBytes(data, most)
    file.seek(place)
    try:
        yield file
    except Exception:
        if file.elements > most:
            raise TooManyElementsError(most) from None
        raise
    finally:
        budget.take_elements(file.elements)


class TooManyElementsError(StudyError):
    """A header holds more elements than any that a scanner writes."""

    def __init__(self, most: int) -> None:
        super().__init__(
            f"the header holds more than {most} elements, which no scanner writes: "
            "export the original DICOM files"
        )
