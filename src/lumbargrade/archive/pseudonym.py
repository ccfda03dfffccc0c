"""Keyed pseudonyms: the same person gets the same one, and only the key leads back.

HMAC-SHA256 (RFC 2104) of the identifier, cut to 128 bits. Patient IDs are short numbers: a
plain hash of them is undone by trying all, a keyed one is not, while the key stays secret.
"""

from __future__ import annotations

import contextlib
import hmac
import os
import re
import stat
from datetime import date
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from lumbargrade.errors import CohortError, OutputError
from lumbargrade.files.write import remove_drafts, write_new

KEY_BYTES = 32
_FORMAT = re.compile(r"lumbargrade-key-1 ([0-9a-f]{64})\n?")
_ID_BYTES = 16
_ORIGIN_SPAN_DAYS = 3650
"""A patient's own day 0 lies somewhere in ten years."""
OLDEST_YEARS = 90
"""Ages from here on are one group, as so few people reach them (HIPAA 164.514(b)(2)(i)(C))."""
_NO_PATIENT = re.compile(
    r"[0x*?._^ -]*|anon\w*|unknown|none|null|n/?a|no ?id|patient|subject|de-?identified",
    re.IGNORECASE,
)
"""What archives write into Patient ID where there is none: many patients share it."""


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

    def of_patient(self, identifier: str, study_uid: str) -> str:
        """Return the pseudonym of a patient: of the Patient ID, without one of the study.

        Empty where ``study_uid`` is empty, too.
        """
        if not _NO_PATIENT.fullmatch(identifier):
            return str(self.of("patient", identifier))
        return str(self.of("patient of study", study_uid)) if study_uid else ""

    def origin_day(self, patient_id: str) -> int:
        """Return how many days to add to the dates of the patient with this pseudonym."""
        digest = self._digest(b"day", patient_id.encode())
        return int.from_bytes(digest[:8], "big") % _ORIGIN_SPAN_DAYS

    def __reduce__(self) -> tuple[type[Pseudonyms], tuple[bytes]]:
        """Travel to another process as the key alone."""
        return Pseudonyms, (self.key,)

    @property
    def check(self) -> str:
        """What an index keeps to know its key again; it tells nothing of the key."""
        return self.of("check", "lumbargrade")

    def _of(self, kind: str, identifier: str) -> str:
        return self._digest(kind.encode(), identifier.encode("utf-8", "surrogateescape")).hex()

    def _digest(self, kind: bytes, identifier: bytes) -> bytes:
        return hmac.digest(self.key, kind + b"\x00" + identifier, "sha256")[:_ID_BYTES]


def full_years(born: date, examined: date) -> int:
    """Return how old somebody is at an examination; negative for one before the birth.

    Examples
    --------
    >>> full_years(date(1950, 3, 2), date(2020, 3, 1))
    69
    """
    return examined.year - born.year - ((examined.month, examined.day) < (born.month, born.day))


def uid_of_pseudonym(pseudonym: str) -> str:
    """Return the UID that stands for a pseudonym of 32 hexadecimal digits where DICOM wants one.

    Its 128 bits as a UUID (PS3.5 B.2), with the version (8, RFC 9562) and variant bits set: who has
    the ``slice_id`` of an index can tell the UID, and nobody the other way round without the index.

    Examples
    --------
    >>> uid_of_pseudonym("00" * 16)
    '2.25.604472133179351442128896'
    """
    number = int(pseudonym, 16)
    number = number & ~(0xF << 76) | 8 << 76
    return f"2.25.{UUID(int=number & ~(0x3 << 62) | 0x2 << 62).int}"


def make_key(path: Path) -> bytes:
    """Write a new random key to ``path`` (mode 0600) and return it.

    Raises OutputError if it is there already, or cannot be written.
    """
    key = os.urandom(KEY_BYTES)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_new(path, f"lumbargrade-key-1 {key.hex()}\n".encode(), mode=0o600)
    except OSError as error:
        raise OutputError(
            f"{path}: the key cannot be written ({error.strerror or error}): "
            "name another file with --key"
        ) from None
    return key


def key_of(path: Path) -> bytes:
    """Return the key of a file that is the caller's own; a new one is written where there is none.

    Raises as :func:`make_key` and :func:`read_key`.
    """
    # A process that was killed while it made the key may have left a copy of it.
    with contextlib.suppress(OSError):
        remove_drafts(path.parent, path.name)
    return read_key(path) if os.path.lexists(path) else make_key(path)


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
