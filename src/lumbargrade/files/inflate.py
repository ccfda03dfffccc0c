"""Inflate with a cap: 400 kB can hold 400 MB."""

from __future__ import annotations

import zlib

from lumbargrade.errors import LumbargradeError

ZLIB, DEFLATE, GZIP = zlib.MAX_WBITS, -zlib.MAX_WBITS, 16 + zlib.MAX_WBITS
"""What stands around the packed bytes: a short frame, nothing, or that of a .gz."""


def inflate(data: bytes, limit: int, frame: int, what: str, error: type[LumbargradeError]) -> bytes:
    """Return everything that ``data`` holds.

    Parameters
    ----------
    limit : bytes that it may hold.
    frame : :data:`ZLIB`, :data:`DEFLATE` or :data:`GZIP`.
    what : name of such a file, for the message.
    error : what is raised if ``data`` is damaged, cut short or holds more.
    """
    damaged = error(f"damaged {what}: save or export it again")
    inflated, ended = inflate_start(data, limit + 1, frame, damaged)
    if len(inflated) > limit:
        raise error(f"the {what} unpacks to more than {limit / 2**20:.0f} MB: save it uncompressed")
    if not ended:
        raise error(f"truncated {what}: copy or export it again")
    return inflated


def inflate_start(data: bytes, limit: int, frame: int, damaged: Exception) -> tuple[bytes, bool]:
    """Return the first ``limit`` bytes, and whether the end was reached; or raise ``damaged``."""
    engine = zlib.decompressobj(frame)
    try:
        return engine.decompress(data, limit), engine.eof
    except zlib.error:
        raise damaged from None
