"""JPEG lossless (ITU-T T.81, process 14), the commonest compressed syntax in archives.

Decoded here because the C++ decoder at hand ends the whole process on some damaged
streams, and returns garbage without a word on others. A Huffman code can begin at any
bit; so the length of the code that would begin there is looked up for *every* bit at
once, and only the short walk from code to code is a loop.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Differences = NDArray[np.int64]

_SOF3, _DHT, _SOS, _DRI = 0xC3, 0xC4, 0xDA, 0xDD
_SKIPPED = frozenset({*range(0xE0, 0xF0), 0xFE, 0xDB})
"""Application data, comments and quantisation tables say nothing to this process."""
_INVALID = 255


class JpegError(ValueError):
    """The stream is damaged or not JPEG lossless with one component."""


@dataclass(frozen=True)
class _Scan:
    rows: int
    columns: int
    precision: int
    predictor: int
    shift: int
    restart_rows: int
    table: bytes
    start: int


def decode_jpeg_lossless(stream: bytes) -> NDArray[np.uint16]:
    """Return (rows, columns) uint16 of a JPEG lossless stream.

    Raises JpegError if the stream is damaged, ends too early or is of another process.
    """
    try:
        scan = _headers(stream)
    except (struct.error, IndexError):
        raise JpegError("the stream ends within its headers") from None
    sizes, lengths = _lookup(scan.table)
    first = 1 << (scan.precision - scan.shift - 1)
    parts = []
    segments = _segments(stream, scan.start)
    for row in range(0, scan.rows, scan.restart_rows):
        rows = min(scan.restart_rows, scan.rows - row)
        if not segments:
            raise JpegError("the stream ends too early")
        differences = _differences(segments.pop(0), rows * scan.columns, sizes, lengths)
        parts.append(_predicted(differences.reshape(rows, scan.columns), scan.predictor, first))
    pixels = np.concatenate(parts) << scan.shift
    return (pixels & 0xFFFF).astype(np.uint16)


def _markers(stream: bytes) -> Iterator[tuple[int, bytes, int]]:
    """Yield each marker segment before the entropy-coded data: kind, content, its end."""
    place = 2
    while stream[place] == 0xFF:
        marker = stream[place + 1]
        if marker == 0xFF:
            place += 1
            continue
        (length,) = struct.unpack_from(">H", stream, place + 2)
        body = stream[place + 4 : place + 2 + length]
        place += 2 + length
        yield marker, body, place
    raise JpegError("a marker is missing")


def _headers(stream: bytes) -> _Scan:
    """Read the markers up to the start of the entropy-coded data."""
    if stream[:2] != b"\xff\xd8":
        raise JpegError("not a JPEG stream")
    tables: dict[int, bytes] = {}
    frame: tuple[int, int, int] | None = None
    restart = 0
    for marker, body, end in _markers(stream):
        if marker == _SOS:
            return _scan(body, frame, tables, restart, end)
        if marker == _SOF3:
            frame = _frame(body)
        elif marker == _DHT:
            tables.update(_tables(body))
        elif marker == _DRI:
            (restart,) = struct.unpack_from(">H", body)
        elif marker not in _SKIPPED:
            raise JpegError(f"marker {marker:#x} does not belong to JPEG lossless")
    raise JpegError("the stream has no scan")


def _frame(body: bytes) -> tuple[int, int, int]:
    """Return precision, rows and columns of a start-of-frame segment."""
    precision, rows, columns, components = struct.unpack_from(">BHHB", body)
    if components != 1 or not 2 <= precision <= 16 or not rows or not columns:
        raise JpegError("not one grey component of 2 to 16 bits")
    return precision, rows, columns


def _tables(body: bytes) -> dict[int, bytes]:
    """Return 16 counts and the values of each Huffman table in a DHT segment."""
    found = {}
    while body:
        size = 17 + sum(body[1:17])
        if size > len(body) or size < 18:
            raise JpegError("a Huffman table is damaged")
        found[body[0] & 0x0F] = body[1:size]
        body = body[size:]
    return found


def _scan(
    body: bytes,
    frame: tuple[int, int, int] | None,
    tables: dict[int, bytes],
    restart: int,
    start: int,
) -> _Scan:
    count, _, table, predictor, _, shift = struct.unpack_from(">BBBBBB", body)
    if frame is None or count != 1 or table >> 4 not in tables:
        raise JpegError("the scan has no frame or no Huffman table")
    precision, rows, columns = frame
    shift &= 0x0F
    if not 1 <= predictor <= 7 or shift >= precision or restart % columns:
        raise JpegError("impossible predictor, point transform or restart interval")
    return _Scan(
        rows=rows,
        columns=columns,
        precision=precision,
        predictor=predictor,
        shift=shift,
        restart_rows=restart // columns or rows,
        table=tables[table >> 4],
        start=start,
    )


def _lookup(table: bytes) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return, for every 16 bits that may follow, the size category and the code length."""
    sizes = np.full(1 << 16, _INVALID, dtype=np.uint8)
    lengths = np.zeros(1 << 16, dtype=np.uint8)
    code, place = 0, 16
    for length in range(1, 17):
        for _ in range(table[length - 1]):
            low, high = code << (16 - length), (code + 1) << (16 - length)
            if high > 1 << 16 or table[place] > 16:
                raise JpegError("a Huffman table is impossible")
            sizes[low:high], lengths[low:high] = table[place], length
            code, place = code + 1, place + 1
        code <<= 1
    return sizes, lengths


def _segments(stream: bytes, start: int) -> list[bytes]:
    """Return the entropy-coded data between restart markers, without stuffed zeros."""
    segments, begin, place = [], start, start
    while True:
        place = stream.find(b"\xff", place)
        if place < 0 or place + 1 >= len(stream):
            segments.append(stream[begin:])
            break
        marker = stream[place + 1]
        if marker in (0x00, 0xFF):  # a stuffed zero, or fill before a marker
            place += 2 if marker == 0 else 1
            continue
        segments.append(stream[begin:place])
        if not 0xD0 <= marker <= 0xD7:
            break
        place += 2
        begin = place
    return [segment.replace(b"\xff\x00", b"\xff") for segment in segments]


def _differences(
    data: bytes, count: int, sizes: NDArray[np.uint8], lengths: NDArray[np.uint8]
) -> Differences:
    """Decode ``count`` differences of one segment."""
    octets = np.frombuffer(data + bytes(8), dtype=np.uint8).astype(np.uint32)
    words = octets[:-3] << 24 | octets[1:-2] << 16 | octets[2:-1] << 8 | octets[3:]
    starts = words[:, None] >> np.arange(16, 8, -1, dtype=np.uint32)
    windows = (starts & 0xFFFF).astype(np.uint16).ravel()
    size_at = sizes[windows]
    extra = np.where(size_at == 16, 0, size_at)
    # A step of 0 marks an impossible code: the walk would stand still there.
    step_at = np.where(size_at == _INVALID, 0, lengths[windows] + extra).astype(np.uint8)
    begins = _walk(step_at.tobytes(), count, 8 * len(data))
    size = size_at[begins].astype(np.int64)
    value_at = begins + lengths[windows[begins]]
    bits = words[value_at >> 3].astype(np.int64)
    mask = (1 << size) - 1
    raw = (bits >> (32 - (value_at & 7) - np.minimum(size, 16))) & mask
    half = np.where(size > 0, 1 << np.maximum(size - 1, 0), 0)
    difference = np.where(raw >= half, raw, raw - mask)
    return np.where(size == 16, 1 << 15, difference)


def _walk(steps: bytes, count: int, end: int) -> NDArray[np.int64]:
    """Return where each of ``count`` codes begins, in bits."""
    begins, place = [0] * count, 0
    for index in range(count):
        if place >= end:
            raise JpegError("the stream ends too early")
        begins[index] = place
        step = steps[place]
        if not step:
            raise JpegError("a code that is not in the Huffman table")
        place += step
    if place > end:
        raise JpegError("the stream ends too early")
    return np.array(begins, dtype=np.int64)


def _predicted(differences: Differences, predictor: int, first: int) -> Differences:
    """Add the prediction (T.81 table H.1) to the differences of one restart interval."""
    pixels = differences.copy()
    pixels[0, 0] += first
    if predictor == 1:
        pixels[:, 0] = np.cumsum(pixels[:, 0])
        return np.cumsum(pixels, axis=1) & 0xFFFF
    pixels[0] = np.cumsum(pixels[0])
    if predictor == 2:
        return np.cumsum(pixels, axis=0) & 0xFFFF
    pixels[0] &= 0xFFFF
    for row in range(1, len(pixels)):
        pixels[row] = _next_row(pixels[row - 1], differences[row], predictor)
    return pixels


def _next_row(above: Differences, differences: Differences, predictor: int) -> Differences:
    row = differences.copy()
    row[0] += above[0]
    if predictor == 3:
        row[1:] += above[:-1]
    elif predictor == 4:
        row[1:] += np.diff(above)
        row = np.cumsum(row)
    elif predictor == 5:
        row[1:] += np.diff(above) >> 1
        row = np.cumsum(row)
    else:
        return _slow_row(above.tolist(), row.tolist(), predictor)
    return row & 0xFFFF


def _slow_row(above: list[int], row: list[int], predictor: int) -> Differences:
    """Predictors 6 and 7 halve what was just decoded: nothing can be summed at once."""
    left = row[0] = row[0] & 0xFFFF
    for column in range(1, len(row)):
        if predictor == 6:
            guess = above[column] + ((left - above[column - 1]) >> 1)
        else:
            guess = (left + above[column]) >> 1
        left = row[column] = (row[column] + guess) & 0xFFFF
    return np.array(row, dtype=np.int64)
