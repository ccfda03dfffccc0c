"""MetaImage: voxels and place survive, hostile headers do not."""

from __future__ import annotations

import contextlib
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbargrade.errors import StudyError
from lumbargrade.study.limits import DEFAULT_OPTIONS
from lumbargrade.study.volumes.metaimage import load_metaimage

VALUES = np.arange(2 * 3 * 4, dtype="<i2").reshape(2, 3, 4) - 5
LINES = {
    "ObjectType": "Image",
    "NDims": "3",
    "BinaryData": "True",
    "BinaryDataByteOrderMSB": "False",
    "CompressedData": "False",
    "TransformMatrix": "0 1 0 0 0 -1 1 0 0",
    "Offset": "-10 20 -30",
    "ElementSpacing": "0.5 0.75 4",
    "DimSize": "2 3 4",
    "ElementType": "MET_SHORT",
}


def file(values: np.ndarray = VALUES, body: bytes | None = None, **changed: str) -> bytes:
    lines = {**LINES, **changed, "ElementDataFile": changed.get("ElementDataFile", "LOCAL")}
    text = "".join(f"{name} = {value}\n" for name, value in lines.items())
    return text.encode() + (values.tobytes(order="F") if body is None else body)


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("order", ["<", ">"])
def test_voxels_and_place(packed: bool, order: str) -> None:
    raw = VALUES.astype(f"{order}i2").tobytes(order="F")
    data = file(
        body=zlib.compress(raw) if packed else raw,
        CompressedData=str(packed),
        BinaryDataByteOrderMSB=str(order == ">"),
    )
    values, affine = load_metaimage(data, DEFAULT_OPTIONS)
    assert np.array_equal(values, VALUES)
    assert (affine @ [0, 0, 0, 1])[:3] == pytest.approx([-10, 20, -30])
    assert (affine @ [1, 0, 0, 1])[:3] == pytest.approx([-10, 20.5, -30])
    assert (affine @ [0, 1, 0, 1])[:3] == pytest.approx([-10, 20, -30.75])
    assert (affine @ [0, 0, 1, 1])[:3] == pytest.approx([-6, 20, -30])


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"no header", "not a MetaImage: its header has no ElementDataFile"),
        (b"", "not a MetaImage"),
        (file(ElementDataFile="a.raw"), "voxels are in another file: save it as .mha"),
        (file(DimSize="2 3"), "DimSize is '2 3', not 3 numbers: save it as one 3-D volume"),
        (
            file(DimSize="2 3 1e9"),
            r"a MetaImage of implausible size \(2, 3, 1000000000\): save it at its acquired size",
        ),
        (file(DimSize="0 3 4"), "implausible size"),
        (file(DimSize="2000 2000 2000"), "MB is allowed.: crop it"),
        (file(ElementType="MET_LONG_DOUBLE"), "element type 'MET_LONG_DOUBLE'"),
        (file(ElementNumberOfChannels="3"), "save it as one number a voxel"),
        (file(DimSize="2 3 5"), "a truncated MetaImage: copy it again"),
        (file(CompressedData="True"), "its voxels do not unpack"),
        (file(ElementSpacing="0 1 1"), "ElementSpacing is not positive"),
        (file(ElementSpacing="nan 1 1"), "ElementSpacing is 'nan 1 1', not 3 numbers"),
        (
            file(np.full((2, 3, 4), np.nan, "<f4"), ElementType="MET_FLOAT"),
            "values that are not numbers",
        ),
    ],
)
def test_what_is_no_volume_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(StudyError, match=message):
        load_metaimage(data, DEFAULT_OPTIONS)


def test_a_bomb_is_not_unpacked() -> None:
    data = file(body=zlib.compress(bytes(10**8), 1), CompressedData="True")
    values, _ = load_metaimage(data, DEFAULT_OPTIONS)
    assert values.shape == (2, 3, 4)


@given(st.binary(max_size=200), st.integers(0, 300))
def test_any_bytes_give_a_volume_or_a_reason(noise: bytes, place: int) -> None:
    data = file()
    with contextlib.suppress(StudyError):  # anything else would fail the test
        load_metaimage(data[:place] + noise + data[place + len(noise) :], DEFAULT_OPTIONS)
