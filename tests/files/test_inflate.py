"""Packed bytes: whole, damaged, cut short, and bombs that are not inflated."""

from __future__ import annotations

import contextlib
import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbargrade.errors import StudyError
from lumbargrade.files.inflate import DEFLATE, GZIP, ZLIB, inflate, inflate_start

FRAMES = pytest.mark.parametrize("frame", [ZLIB, DEFLATE, GZIP])


def packed(data: bytes, frame: int) -> bytes:
    engine = zlib.compressobj(wbits=frame)
    return engine.compress(data) + engine.flush()


@FRAMES
@pytest.mark.parametrize("content", [b"", b"a", bytes(100_000)], ids=len)
def test_what_fits_is_inflated(content: bytes, frame: int) -> None:
    data = packed(content, frame)
    assert inflate(data, len(content), frame, "file", StudyError) == content
    assert inflate_start(data, len(content) + 1, frame, StudyError("x")) == (content, True)


@FRAMES
def test_one_byte_beyond_the_cap_is_refused(frame: int) -> None:
    data = packed(bytes(2**20 + 1), frame)
    with pytest.raises(StudyError, match=r"^the gzip file unpacks to more than 1 MB: save it unc"):
        inflate(data, 2**20, frame, "gzip file", StudyError)
    assert inflate_start(data, 10, frame, StudyError("x")) == (bytes(10), False)


@FRAMES
def test_what_is_cut_short_is_not_taken_for_whole(frame: int) -> None:
    data = packed(b"something", frame)[:-1]
    with pytest.raises(StudyError, match=r"^truncated gzip file: copy or export it again$"):
        inflate(data, 100, frame, "gzip file", StudyError)


@FRAMES
def test_damage_is_said(frame: int) -> None:
    with pytest.raises(StudyError, match=r"^damaged gzip file: save or export it again$"):
        inflate(b"\xff" * 20, 100, frame, "gzip file", StudyError)
    with pytest.raises(StudyError, match="of the caller"):
        inflate_start(b"\xff" * 20, 100, frame, StudyError("of the caller"))


def test_a_bomb_takes_no_memory() -> None:
    bomb = packed(bytes(50_000_000), ZLIB)
    tracemalloc.start()
    with pytest.raises(StudyError, match="more than 0 MB"):
        inflate(bomb, 1000, ZLIB, "file", StudyError)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000


@given(st.binary(max_size=200), st.sampled_from([ZLIB, DEFLATE, GZIP]))
def test_any_bytes_are_inflated_or_refused(data: bytes, frame: int) -> None:
    with contextlib.suppress(StudyError):
        assert len(inflate(data, 1000, frame, "file", StudyError)) <= 1000
