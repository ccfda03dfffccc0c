"""DICOM RLE (PS3.5 annex G): byte planes, each packed in runs.

Decoded here because the fast decoder at hand panics on damaged frames, and the other
goes on with a warning where a plane is longer than its picture.
"""

from __future__ import annotations

import struct

import numpy as np
from numpy.typing import NDArray

_HEADER_BYTES = 64
_MOST_PLANES = 15


class RleError(ValueError):
    """The frame is damaged, or holds more or less than its picture."""


def decode_rle(frame: bytes, pixels: int, bytes_per_pixel: int) -> NDArray[np.uint32]:
    """Return the pixels of one frame as unsigned numbers, in order.

    Raises RleError if the frame does not hold exactly one byte plane per byte of a pixel, each of
    ``pixels`` bytes.
    """
    if len(frame) < _HEADER_BYTES:
        raise RleError("the frame ends within its header")
    planes, *offsets = struct.unpack_from(f"<{1 + _MOST_PLANES}I", frame)
    if planes != bytes_per_pixel:
        raise RleError(f"{planes} byte planes where {bytes_per_pixel} belong")
    ends = [*offsets[1:planes], len(frame)]
    values = np.zeros(pixels, dtype=np.uint32)
    for start, end in zip(offsets[:planes], ends, strict=True):
        if not _HEADER_BYTES <= start <= end <= len(frame):
            raise RleError("a byte plane lies outside of the frame")
        # The most significant plane comes first.
        values <<= np.uint32(8)
        values |= np.frombuffer(_unpack(frame[start:end], pixels), dtype=np.uint8)
    return values


def _unpack(packed: bytes, size: int) -> bytes:
    """Unpack runs until ``size`` bytes are there; nothing but padding may follow."""
    out = bytearray()
    place, end = 0, len(packed)
    while len(out) < size and place < end:
        head = packed[place]
        if head < 128:
            out += packed[place + 1 : place + 2 + head]
            place += 2 + head
        elif head > 128:
            out += packed[place + 1 : place + 2] * (257 - head)
            place += 2
        else:
            place += 1
    if len(out) != size:
        raise RleError(f"a byte plane holds {len(out)} bytes where {size} belong")
    if packed[place:].strip(b"\x00\x80"):
        raise RleError("a byte plane goes on after its image")
    return bytes(out)
