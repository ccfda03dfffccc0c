"""The size that a codestream declares."""

from __future__ import annotations

import io

import jpeg_ls
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openjpeg.utils import encode_array
from PIL import Image

from lumbargrade.study.pixels.codestream import declared_size

VALUES = np.arange(37 * 53, dtype=np.uint8).reshape(37, 53)


def jpeg() -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(VALUES).save(buffer, "JPEG")
    return buffer.getvalue()


@pytest.mark.parametrize(
    "frame", [jpeg(), bytes(jpeg_ls.encode_array(VALUES)), bytes(encode_array(VALUES))]
)
def test_rows_and_columns(frame: bytes) -> None:
    assert declared_size(frame) == (37, 53)


@given(st.binary(max_size=60), st.sampled_from([b"", b"\xff\xd8", b"\xff\x4f\xff\x51"]))
def test_other_bytes_declare_nothing_or_a_size(data: bytes, start: bytes) -> None:
    size = declared_size(start + data)
    assert size is None or len(size) == 2
