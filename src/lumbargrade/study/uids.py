"""Identifiers for what has none of its own."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from uuid import UUID

_UID = re.compile(r"[0-9.]{1,64}")


def is_uid(text: str) -> bool:
    """Return whether a text has the characters and the length of a UID."""
    return _UID.fullmatch(text) is not None


def uid_of(data: bytes, role: str = "") -> str:
    """Return a UID under 2.25 that follows from the bytes alone: the same file, the same UID.

    After 2.25 comes the integer of a valid UUID (PS3.5 B.2): the first 16 bytes of a SHA-256
    with the version (4) and variant bits of RFC 4122.
    ``role`` tells the UIDs of one file apart: of the study, the series, the instance.

    Examples
    --------
    >>> uid_of(b"picture", "study")
    '2.25.79891096228413923688642117159969315838'
    """
    said = role.encode() + b"\x00" + data if role else data
    return f"2.25.{UUID(bytes=hashlib.sha256(said).digest()[:16], version=4).int}"


def shared_uid(pictures: Iterable[tuple[str, str, str]]) -> str:
    """Return the first SOP Instance UID that two pictures share; "" where each has its own.

    Where an object refers to a picture by this UID alone, it would not say which one. ``pictures``
    are (Series Instance UID, SOP Instance UID, file); the frames of one file are one picture.

    Examples
    --------
    >>> shared_uid([("1.1", "1.9.1", "a"), ("1.2", "1.9.1", "b"), ("1.2", "1.9.2", "c")])
    '1.9.1'
    """
    count = Counter(sop for _, sop, _ in set(pictures))
    return min((sop for sop, times in count.items() if times > 1), default="")
