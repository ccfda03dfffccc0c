"""Passwords, kept as argon2 hashes."""

from __future__ import annotations

import functools
import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 10
LONGEST = 200

AT_ONCE = 2
"""Hashes being computed: each takes 64 MB, and anybody can ask for one."""

_HASHER = PasswordHasher()
_TURNS = threading.BoundedSemaphore(AT_ONCE)


def hashed(password: str) -> str:
    """Return what is kept of a password."""
    with _TURNS:
        return _HASHER.hash(password)


@functools.cache
def _of_nobody() -> str:
    """Compared with where there is no account, so that the time taken does not tell."""
    return hashed("nobody has this password")


def is_right(password: str, kept: str | None) -> bool:
    """Whether a password is the one that ``kept`` was made of; None is right for nobody."""
    known = _of_nobody() if kept is None else kept
    with _TURNS:
        try:
            right = _HASHER.verify(known, password)
        except (VerificationError, InvalidHashError):
            return False
    return right and kept is not None


def fault_of(password: str, again: str, name: str) -> str:
    """Return what is wrong with a new password, in a sentence; empty where nothing is.

    Examples
    --------
    >>> fault_of("short", "short", "Ann")
    'The password has 5 characters: take 10 or more.'
    """
    if password != again:
        return "The two entries differ: type the same password twice."
    if len(password) < SHORTEST:
        return f"The password has {len(password)} characters: take {SHORTEST} or more."
    if len(password) > LONGEST:
        return f"The password has more than {LONGEST} characters: take fewer."
    if len(set(password)) < 4 or password.casefold() == name.casefold():
        return "The password is easily guessed: take several words."
    return ""
