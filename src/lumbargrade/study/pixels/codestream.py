"""The size that a compressed picture itself declares, before a decoder believes it."""

from __future__ import annotations

import struct

_JPEG_FRAMES = frozenset({*range(0xC0, 0xD0), 0xF7}) - {0xC4, 0xC8, 0xCC}
"""Start-of-frame markers of JPEG (all processes) and JPEG-LS."""


def declared_size(frame: bytes) -> tuple[int, int] | None:
    """Return (rows, columns) of a JPEG, JPEG-LS or JPEG 2000 codestream.

    None where the bytes are of another kind or end before they say.
    """
    if frame[:4] == b"\xff\x4f\xff\x51":
        return _jpeg_2000(frame, 4)
    if frame[4:8] == b"jP  ":
        place = frame.find(b"\xff\x4f\xff\x51", 0, 4096)
        return _jpeg_2000(frame, place + 4) if place >= 0 else None
    if frame[:2] == b"\xff\xd8":
        return _jpeg(frame)
    return None


def _jpeg_2000(frame: bytes, place: int) -> tuple[int, int] | None:
    if place + 20 > len(frame):
        return None
    width, height, left, top = struct.unpack_from(">IIII", frame, place + 4)
    return height - top, width - left


def _jpeg(frame: bytes) -> tuple[int, int] | None:
    place = 2
    while place + 9 <= len(frame) and frame[place] == 0xFF:
        marker = frame[place + 1]
        if marker == 0xFF:
            place += 1
            continue
        length, _, rows, columns = struct.unpack_from(">HBHH", frame, place + 2)
        if marker in _JPEG_FRAMES:
            return rows, columns
        place += 2 + length
    return None
