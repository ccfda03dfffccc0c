"""Random tokens: in a cookie, in a one-time link, and against forged requests."""

from __future__ import annotations

import hashlib
import hmac
import secrets


def new_token() -> str:
    """Return a token that nobody guesses: 256 bits, safe in a URL."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """Return what the database keeps of a token, from which nobody can make the token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def csrf_of(token: str) -> str:
    """Return the word that a page sends along with each change.

    It follows from the cookie's token, which another site can neither read nor choose.
    """
    return hmac.new(token.encode("utf-8", "replace"), b"csrf", hashlib.sha256).hexdigest()


def csrf_is_right(token: str, given: str) -> bool:
    """Whether ``given`` is the word that belongs to a cookie's token."""
    return hmac.compare_digest(csrf_of(token).encode(), given.encode("utf-8", "replace"))
