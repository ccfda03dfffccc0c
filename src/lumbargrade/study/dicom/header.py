"""A DICOM header read element by element, quickly and without trust.

pydicom splits a file into raw elements; turning each into a value costs more than
finding it, and a study needs some forty of them from every slice. This reader decodes
just those, and answers "not there" for whatever is malformed.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Set as AbstractSet
from typing import Any, Protocol

from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.multival import MultiValue

MAX_TEXT = 1024
"""Longer header texts are cut: none that is read here may be longer by the standard."""


class Elements(Protocol):
    """What is asked of a pydicom ``Dataset``; ``header_scan`` has one of its own."""

    def __contains__(self, tag: Any, /) -> bool: ...
    def __len__(self) -> int: ...
    def __getitem__(self, tag: Any, /) -> Any: ...
    def get_item(self, tag: Any, /) -> Any:
        """Return the element as stored, with its bytes as ``value``."""

    def keys(self) -> AbstractSet[Any]:
        """Return the tags in the order of the file."""

    def items(self) -> AbstractSet[tuple[Any, Any]]:
        """Return the tags and the elements as stored, in the order of the file."""


class Header:
    """The elements of one dataset (or sequence item), by tag number."""

    def __init__(self, dataset: Elements, little_endian: bool) -> None:
        self._dataset = dataset
        self._order = "<" if little_endian else ">"
        self._little_endian = little_endian

    def __contains__(self, tag: int) -> bool:
        return tag in self._dataset

    def raw(self, tag: int) -> bytes:
        """Return the bytes of an element; empty if it is absent or already decoded."""
        if tag not in self._dataset:
            return b""
        value = self._dataset.get_item(tag).value
        return value if isinstance(value, bytes) else b""

    def vr(self, tag: int) -> str:
        """Return the VR as stored; empty in implicit VR files."""
        return str(self._dataset.get_item(tag).VR or "") if tag in self._dataset else ""

    def text(self, tag: int) -> str:
        """Return a text of one value, without padding and unprintable characters."""
        data = self.raw(tag)[:MAX_TEXT]
        text = data.decode("ascii") if data.isascii() else self._foreign_text(tag)
        text = text.strip(" \x00")
        return text if text.isprintable() else "".join(c if c.isprintable() else "?" for c in text)

    def texts(self, tag: int) -> tuple[str, ...]:
        """Return the values of a text element, upper case for codes is kept as stored."""
        text = self.text(tag)
        return tuple(part.strip() for part in text.split("\\")) if text else ()

    def numbers(self, tag: int, count: int) -> tuple[float, ...] | None:
        """Return ``count`` finite decimals (VR DS, FD or FL), or None."""
        if self.vr(tag) in ("FD", "FL") or self._binary(tag, count):
            values = self._floats(tag)
        else:
            values = _decimals(self.texts(tag))
        if values is None or len(values) < count or not all(map(math.isfinite, values)):
            return None
        return values[:count]

    def number(self, tag: int) -> float | None:
        """Return the first decimal of an element, or None."""
        values = self.numbers(tag, 1)
        return values[0] if values else None

    def whole(self, tag: int) -> int | None:
        """Return an unsigned short (VR US), or None."""
        data = self.raw(tag)
        return int(struct.unpack(self._order + "H", data[:2])[0]) if len(data) >= 2 else None

    def whole_text(self, tag: int) -> int | None:
        """Return an integer string (VR IS), or None."""
        value = self.number(tag)
        return int(value) if value is not None and abs(value) < 2**31 else None

    def items(self, tag: int) -> list[Header]:
        """Return the items of a sequence; empty if it is absent."""
        if tag not in self._dataset:
            return []
        value = self._dataset[tag].value
        return [
            Header(item, self._little_endian) for item in value or () if isinstance(item, Dataset)
        ]

    def item(self, tag: int) -> Header | None:
        """Return the first item of a sequence, or None."""
        items = self.items(tag)
        return items[0] if items else None

    def subset(self, tags: AbstractSet[int]) -> Dataset:
        """Return these elements as stored, without those that are absent; none is decoded yet."""
        return Dataset({tag: one for tag, one in self._dataset.items() if tag in tags})

    def ends_at(self) -> int:
        """Return where the last element of the dataset says that it ends, in bytes."""
        if not len(self._dataset):
            return 0
        last: object = self._dataset.get_item(list(self._dataset.keys())[-1])
        if not isinstance(last, RawDataElement) or last.length == 0xFFFFFFFF:
            return 0
        return int(last.value_tell) + int(last.length)

    def _binary(self, tag: int, count: int) -> bool:
        """Implicit VR: doubles are told from text by their bytes."""
        data = self.raw(tag)
        return not self.vr(tag) and len(data) == 8 * count and not _looks_decimal(data)

    def _floats(self, tag: int) -> tuple[float, ...] | None:
        data, code = self.raw(tag), "f" if self.vr(tag) == "FL" else "d"
        size = struct.calcsize(code)
        if not data or len(data) % size:
            return None
        return struct.unpack(f"{self._order}{len(data) // size}{code}", data)

    def _foreign_text(self, tag: int) -> str:
        """Decode by the file's character set, which only pydicom knows in full."""
        value: object = self._dataset[tag].value
        if isinstance(value, MultiValue):
            return "\\".join(str(part) for part in value)
        return "" if value is None else str(value)


def _looks_decimal(data: bytes) -> bool:
    return all(byte in b"0123456789+-.eE \\\x00" for byte in data)


def _decimals(parts: tuple[str, ...]) -> tuple[float, ...] | None:
    try:
        # float() also takes "1_0", "nan" and "infinity": the first is refused here, the
        # others by the caller's test for finite numbers.
        return tuple(float(part) for part in parts) if not any("_" in p for p in parts) else None
    except ValueError:
        return None
