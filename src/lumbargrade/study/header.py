"""A DICOM header read element by element, quickly and without trust.

pydicom splits a file into raw elements; turning each into a value costs more than
finding it, and a study needs some forty of them from every slice. This reader decodes
just those, and answers "not there" for whatever is malformed.
"""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import Any, Final, Protocol

from pydicom.charset import default_encoding
from pydicom.datadict import keyword_dict
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.filereader import read_sequence
from pydicom.multival import MultiValue

from lumbargrade.study.counted import counted
from lumbargrade.study.limits import DEFAULT_OPTIONS, Budget

TAGS: Final[Mapping[str, int]] = keyword_dict
"""Keyword -> tag, by the dictionary of the standard."""

MAX_TEXT = 1024
"""Longer header texts are cut: none that is read here may be longer by the standard."""

_LOOSE = re.compile(r"([+-]?(?:[0-9]+[.,]?[0-9]*|[.,][0-9]+)(?:[eE][+-]?[0-9]+)?)\s*(?:mm|ms)?")
"""One decimal as some exports write it: with a comma, or with the unit that the standard means.
A comma beside a point, or two commas, say nothing certain and are not read."""


_SEQUENCE = ("SQ", None)
"""VR of a sequence; implicit VR files name none."""


class Elements(Protocol):
    """What is asked of a pydicom ``Dataset``; ``dicom.scan`` has one of its own."""

    def __getitem__(self, tag: Any, /) -> Any:
        """Return the element with its value decoded."""

    def get_item(self, tag: Any, /) -> Any:
        """Return the element as stored, with its bytes as ``value``; None if it is absent."""

    def items(self) -> Collection[tuple[Any, Any]]:
        """Return the tags and the elements as stored, in the order of the file."""


class Header:
    """The elements of one dataset (or sequence item), by their keywords in the dictionary.

    ``budget`` is that of the study, for the elements of sequences, which are read when they are
    asked for.
    """

    def __init__(
        self, dataset: Elements, little_endian: bool, budget: Budget | None = None
    ) -> None:
        self._dataset = dataset
        self._order = "<" if little_endian else ">"
        self._little_endian = little_endian
        self._budget = budget
        self._items: dict[str, list[Header]] = {}

    def __contains__(self, keyword: str) -> bool:
        return self._dataset.get_item(TAGS[keyword]) is not None

    def raw(self, keyword: str) -> bytes:
        """Return the bytes of an element; empty if it is absent or already decoded."""
        element = self._dataset.get_item(TAGS[keyword])
        value = None if element is None else element.value
        return value if isinstance(value, bytes) else b""

    def raws(self, tags: Iterable[int]) -> tuple[bytes, ...]:
        """Return the bytes of many elements, each as :meth:`raw` does."""
        found = map(self._dataset.get_item, tags)
        values = (b"" if one is None else one.value for one in found)
        return tuple(one if isinstance(one, bytes) else b"" for one in values)

    def bulk(self, keyword: str) -> bytes | memoryview:
        """As :meth:`raw`, of values of any length: long ones are views of the file."""
        element = self._dataset.get_item(TAGS[keyword])
        value = None if element is None else element.value
        return value if isinstance(value, bytes | memoryview) else b""

    def vr(self, keyword: str) -> str:
        """Return the VR as stored; empty in implicit VR files."""
        element = self._dataset.get_item(TAGS[keyword])
        return "" if element is None else str(element.VR or "")

    def text(self, keyword: str) -> str:
        """Return a text of one value, without padding and unprintable characters."""
        data = self.raw(keyword)[:MAX_TEXT]
        text = data.decode("ascii") if data.isascii() else self._foreign_text(keyword)
        text = text.strip(" \x00")
        return text if text.isprintable() else "".join(c if c.isprintable() else "?" for c in text)

    def texts(self, keyword: str) -> tuple[str, ...]:
        """Return the values of a text element, upper case for codes is kept as stored."""
        text = self.text(keyword)
        return tuple(part.strip() for part in text.split("\\")) if text else ()

    def numbers(self, keyword: str, count: int) -> tuple[float, ...] | None:
        """Return ``count`` finite decimals (VR DS, FD or FL), or None.

        A decimal comma and a unit of the standard behind the number are read, though no header
        may have them: :meth:`loosely_written` tells of them.
        """
        vr, data = self.vr(keyword), self.raw(keyword)
        # Without a VR, doubles are known from text by their bytes.
        bare_doubles = not vr and len(data) == 8 * count and not _looks_decimal(data)
        if bare_doubles or vr in ("FD", "FL"):
            values = self._floats(data, "f" if vr == "FL" else "d")
        else:
            values = _decimals(self.texts(keyword))
        if values is None or len(values) < count or not all(map(math.isfinite, values)):
            return None
        return values[:count]

    def loosely_written(self, keyword: str) -> bool:
        """Return whether decimals have a decimal comma, or a unit behind the number."""
        if self.vr(keyword) in ("FD", "FL"):
            return False
        return any(_LOOSE.fullmatch(part) and not _is_plain(part) for part in self.texts(keyword))

    def number(self, keyword: str) -> float | None:
        """Return the first decimal of an element, or None."""
        values = self.numbers(keyword, 1)
        return values[0] if values else None

    def whole(self, keyword: str, signed: bool = False) -> int | None:
        """Return a short (VR US, or SS where ``signed``), or None."""
        data, code = self.raw(keyword), "h" if signed else "H"
        return int(struct.unpack(self._order + code, data[:2])[0]) if len(data) >= 2 else None

    def whole_text(self, keyword: str) -> int | None:
        """Return an integer string (VR IS), or None."""
        value = self.number(keyword)
        return int(value) if value is not None and abs(value) < 2**31 else None

    def items(self, keyword: str) -> list[Header]:
        """Return the items of a sequence; empty if it is absent.

        Raises StudyError if it holds more elements than a header may.
        """
        if keyword not in self._items:
            self._items[keyword] = [
                Header(item, self._little_endian, self._budget)
                for item in self._sequence(keyword)
                if isinstance(item, Dataset)
            ]
        return self._items[keyword]

    def _sequence(self, keyword: str) -> Iterable[object]:
        element = self._dataset.get_item(TAGS[keyword])
        stored = self.bulk(keyword)
        if not isinstance(element, RawDataElement) or not stored or element.VR not in _SEQUENCE:
            return () if keyword not in self else self._dataset[TAGS[keyword]].value or ()
        charset = getattr(self._dataset, "original_character_set", default_encoding)
        # What pydicom does with such bytes, under a count.
        budget = self._budget or Budget(DEFAULT_OPTIONS)
        with counted(bytes(stored), budget) as file:
            return read_sequence(
                file, element.is_implicit_VR, element.is_little_endian, len(stored), charset
            )

    def item(self, keyword: str) -> Header | None:
        """Return the first item of a sequence, or None."""
        items = self.items(keyword)
        return items[0] if items else None

    def subset(self, tags: AbstractSet[int]) -> Dataset:
        """Return these elements as stored, without those that are absent; none is decoded yet."""
        return Dataset({tag: one for tag, one in self._dataset.items() if tag in tags})

    def ends_at(self) -> int:
        """Return where the last element of the dataset says that it ends, in bytes."""
        elements = list(self._dataset.items())
        last: object = elements[-1][1] if elements else None
        if not isinstance(last, RawDataElement) or last.length == 0xFFFFFFFF:
            return 0
        return int(last.value_tell) + int(last.length)

    def _floats(self, data: bytes, code: str) -> tuple[float, ...] | None:
        count, rest = divmod(len(data), struct.calcsize(code))
        return None if rest or not count else struct.unpack(f"{self._order}{count}{code}", data)

    def _foreign_text(self, keyword: str) -> str:
        """Decode by the file's character set, which only pydicom knows in full."""
        value: object = self._dataset[TAGS[keyword]].value
        if isinstance(value, MultiValue):
            return "\\".join(str(part) for part in value)
        return "" if value is None else str(value)


def _looks_decimal(data: bytes) -> bool:
    return all(byte in b"0123456789+-.,eE \\\x00ms" for byte in data)


def _decimals(parts: tuple[str, ...]) -> tuple[float, ...] | None:
    try:
        # float() also takes "1_0", "nan" and "infinity": the first is refused here, the
        # others by the caller's test for finite numbers.
        return tuple(float(part) for part in parts) if not any("_" in p for p in parts) else None
    except ValueError:
        loose = [_LOOSE.fullmatch(part) for part in parts]
        return (
            tuple(float(one[1].replace(",", ".")) for one in loose if one) if all(loose) else None
        )


def _is_plain(part: str) -> bool:
    return part.isascii() and "," not in part and not part.endswith(("m", "s"))
