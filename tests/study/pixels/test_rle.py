"""DICOM RLE against pydicom's encoder, and what damaged frames say."""

from __future__ import annotations

import contextlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.encaps import generate_frames
from tests.study.conftest import COLUMNS, ROWS, axial_slice, picture

from lumbargrade.study.pixels.rle import RleError, decode_rle


def packed(**changes: Any) -> bytes:
    dataset = axial_slice(**changes)
    dataset.compress("1.2.840.10008.1.2.5", generate_instance_uid=False)
    return next(generate_frames(dataset.PixelData, number_of_frames=1))


FRAME = packed()
PIXELS = ROWS * COLUMNS


def test_two_byte_planes() -> None:
    np.testing.assert_array_equal(decode_rle(FRAME, PIXELS, 2), picture(1).ravel())


def test_long_and_short_runs() -> None:
    values = np.repeat(np.arange(40), 192)[:PIXELS].astype(np.uint8)
    values[::97] = 200
    frame = packed(BitsAllocated=8, BitsStored=8, HighBit=7, PixelData=values.tobytes())
    np.testing.assert_array_equal(decode_rle(frame, PIXELS, 1), values)


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        (FRAME[:40], "ends within its header"),
        (b"\x03" + FRAME[1:], "3 byte planes where 2 belong"),
        (FRAME[:4] + b"\xff\xff\xff\x7f" + FRAME[8:], "outside of the frame"),
        (FRAME[:-200], "a byte plane holds"),
        (FRAME + b"\x01\x02\x03", "goes on after its image"),
    ],
)
def test_damaged_frames(frame: bytes, reason: str) -> None:
    with pytest.raises(RleError, match=reason):
        decode_rle(frame, PIXELS, 2)


def test_a_bomb_stops_at_the_size_of_the_picture() -> None:
    bomb = FRAME[:64] + b"\x81\x00" * 5_000_000
    with pytest.raises(RleError):
        decode_rle(bomb, PIXELS, 2)


@given(st.binary(max_size=80), st.integers(0, 100))
def test_any_bytes_give_pixels_or_the_one_error(data: bytes, keep: int) -> None:
    with contextlib.suppress(RleError):
        assert decode_rle(FRAME[:keep] + data, 10, 2).shape == (10,)
