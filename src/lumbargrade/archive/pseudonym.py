"""Keyed pseudonyms: the same person gets the same one, and only the key leads back.

HMAC-SHA256 (RFC 2104) of the identifier, cut to 128 bits. Patient IDs are short numbers: a
plain hash of them is undone by trying all, a keyed one is not, while the key stays secret.
"""

from __future__ import annotations

import hmac
import os
import re
import stat
from functools import lru_cache
from pathlib import Path

from lumbargrade.errors import CohortError, OutputError
from lumbargrade.files.write import remove_drafts, write_new

KEY_BYTES = 32
_FORMAT = re.compile(r"lumbargrade-key-1 ([0-9a-f]{64})\n?")
_ID_BYTES = 16
_ORIGIN_SPAN_DAYS = 3650
"""A patient's own day 0 lies somewhere in ten years."""


class Pseudonyms:
    """All pseudonyms of one key. Each kind has a domain of its own."""

    def __init__(self, key: bytes) -> None:
        self.key = key
        self.of = lru_cache(maxsize=4096)(self._of)
        """``of(kind, identifier)``: 32 hexadecimal digits."""

    def of_path(self, path: bytes) -> bytes:
        """Return the pseudonym of a file's path below the archive, as 16 bytes."""
        return self._digest(b"file", path)

    def of_slice(self, uid: str) -> str:
        """Return the pseudonym of a SOP Instance UID; they are many and not remembered."""
        return self._of("slice", uid)

    def origin_day(self, patient_id: str) -> int:
        """Return how many days to add to the dates of the patient with this pseudonym."""
        digest = self._digest(b"day", patient_id.encode())
        return int.from_bytes(digest[:8], "big") % _ORIGIN_SPAN_DAYS

    @property
    def check(self) -> str:
        """What an index keeps to know its key again; it tells nothing of the key."""
        return self.of("check", "lumbargrade")

    def _of(self, kind: str, identifier: str) -> str:
        return self._digest(kind.encode(), identifier.encode("utf-8", "surrogateescape")).hex()

    def _digest(self, kind: bytes, identifier: bytes) -> bytes:
        return hmac.digest(self.key, kind + b"\x00" + identifier, "sha256")[:_ID_BYTES]


def make_key(path: Path) -> bytes:
    """Write a new random key to ``path`` (mode 0600) and return it.

    Raises OutputError if it is there already, or cannot be written.
    """
    key = os.urandom(KEY_BYTES)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        remove_drafts(path.parent, path.name)
        write_new(path, f"lumbargrade-key-1 {key.hex()}\n".encode(), mode=0o600)
    except OSError as error:
        raise OutputError(
            f"{path}: the key cannot be written ({error.strerror or error}): "
            "name another file with --key"
        ) from None
    return key


def read_key(path: Path) -> bytes:
    """Read a key. Raises CohortError if it cannot be read, is none, or can be read by others."""
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="ascii")
    except (OSError, UnicodeError) as error:
        raise CohortError(
            f"{path}: the key cannot be read ({getattr(error, 'strerror', None) or 'not text'}): "
            "give the key that the index was made with, with --key"
        ) from None
    found = _FORMAT.fullmatch(text)
    if found is None:
        raise CohortError(f"{path}: is not a key of lumbargrade: give another file with --key")
    if stat.S_IMODE(mode) & 0o077:
        raise CohortError(f"{path}: others can read this key: run  chmod 600 {path}")
    return bytes.fromhex(found[1])
