"""JPEG lossless against an encoder written from the standard, and against GDCM."""

from __future__ import annotations

import contextlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.study.conftest import axial_slice, jpeg_lossless, picture, save

from lumbargrade.study.pixels.jpeg_lossless import JpegError, decode_jpeg_lossless
from lumbargrade.study.read import read_study

WILD = np.random.default_rng(11).integers(0, 65536, (9, 14)).astype(np.uint16)


@pytest.mark.parametrize("predictor", range(1, 8))
@pytest.mark.parametrize("restart_rows", [0, 2])
def test_every_predictor_with_and_without_restarts(predictor: int, restart_rows: int) -> None:
    stream = jpeg_lossless(WILD, 16, predictor, restart_rows)
    np.testing.assert_array_equal(decode_jpeg_lossless(stream), WILD)


@pytest.mark.parametrize("bits", [8, 12, 16])
def test_every_precision(bits: int) -> None:
    values = WILD >> (16 - bits)
    np.testing.assert_array_equal(decode_jpeg_lossless(jpeg_lossless(values, bits)), values)


def test_streams_of_another_encoder(tmp_path: Path) -> None:
    gdcm = pytest.importorskip("gdcm", reason="python-gdcm is not installed")
    reader = gdcm.ImageReader()
    reader.SetFileName(str(save(axial_slice(), tmp_path / "raw")))
    assert reader.Read()
    change = gdcm.ImageChangeTransferSyntax()
    change.SetTransferSyntax(gdcm.TransferSyntax(gdcm.TransferSyntax.JPEGLosslessProcess14_1))
    change.SetInput(reader.GetImage())
    assert change.Change()
    writer = gdcm.ImageWriter()
    writer.SetFileName(str(tmp_path / "packed"))
    writer.SetFile(reader.GetFile())
    writer.SetImage(change.GetOutput())
    assert writer.Write()
    (slice_,) = read_study(tmp_path / "packed").series[0].slices
    np.testing.assert_array_equal(slice_.load_pixels(), picture(1))


@pytest.mark.parametrize("kept", [1, 20, 45, 60, 0.5, 0.99])
def test_a_stream_cut_short_is_refused(kept: float) -> None:
    stream = jpeg_lossless(picture(1))
    with pytest.raises(JpegError):
        decode_jpeg_lossless(stream[: int(kept if kept >= 1 else kept * len(stream))])


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (b"\xff\xc3", b"\xff\xc0", "marker 0xc0"),
        (b"\xff\xd8", b"\xff\xd9", "not a JPEG stream"),
        (b"\xff\xda\x00\x08\x01\x01\x00\x01", b"\xff\xda\x00\x08\x01\x01\x00\x09", "impossible"),
        (b"\xff\xda\x00\x08\x01\x01\x00\x01", b"\xff\xda\x00\x08\x01\x01\x10\x01", "no Huffman"),
        (b"\x00\x00\x00\x00\x11", b"\x03\x00\x00\x00\x0e", "table is impossible"),
        (b"\x00\x00\x00\x00\x11", b"\x00\x00\x00\x00\x12", "table is damaged"),
    ],
)
def test_impossible_streams_are_refused(old: bytes, new: bytes, reason: str) -> None:
    stream = jpeg_lossless(picture(1))
    assert old in stream
    with pytest.raises(JpegError, match=reason):
        decode_jpeg_lossless(stream.replace(old, new, 1))


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), min_size=1, max_size=4))
def test_damage_gives_pixels_or_the_one_error(changes: list[tuple[int, int]]) -> None:
    stream = bytearray(jpeg_lossless(WILD))
    for place, value in changes:
        stream[place % len(stream)] = value
    with contextlib.suppress(JpegError):
        assert decode_jpeg_lossless(bytes(stream)).dtype == np.uint16
