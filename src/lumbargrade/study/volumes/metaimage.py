"""A three-dimensional MetaImage (.mha): the one format of ITK that public sets use.

Text header, then voxels, raw or zlib. Patient coordinates are DICOM's (LPS).
Source: https://itk.org/Wiki/ITK/MetaIO/Documentation
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lumbargrade.errors import StudyError
from lumbargrade.files.inflate import ZLIB, inflate_start
from lumbargrade.study.limits import MEGABYTE, ReadOptions

_TYPES = {
    "MET_CHAR": "i1",
    "MET_UCHAR": "u1",
    "MET_SHORT": "i2",
    "MET_USHORT": "u2",
    "MET_INT": "i4",
    "MET_UINT": "u4",
    "MET_FLOAT": "f4",
    "MET_DOUBLE": "f8",
}
_LONGEST_HEADER = 64 * 1024


def load_metaimage(
    data: bytes, options: ReadOptions
) -> tuple[NDArray[np.generic], NDArray[np.float64]]:
    """Return the voxels (i, j, k), i fastest in the file, and the 4 x 4 affine into LPS mm.

    Raises StudyError if the file is damaged, not three-dimensional, keeps its voxels elsewhere, or
    is absurdly large. The message does not name it.
    """
    fields, body = _header(data)
    shape = tuple(int(n) for n in _numbers(fields, "DimSize", 3))
    if min(shape) < 1 or max(shape) > options.max_edge_px:
        raise StudyError(f"a MetaImage of implausible size {shape}: save it at its acquired size")
    kind = _TYPES.get(fields.get("ElementType", ""))
    if kind is None or fields.get("ElementNumberOfChannels", "1") != "1":
        raise StudyError(
            f"a MetaImage of element type {fields.get('ElementType', 'none')!r}: save it as one "
            "number a voxel"
        )
    big = fields.get("BinaryDataByteOrderMSB", fields.get("ElementByteOrderMSB", "False"))
    dtype = np.dtype(kind).newbyteorder(">" if big.lower() == "true" else "<")
    size = int(np.prod(shape)) * dtype.itemsize
    if np.prod(shape) > options.max_voxels or size > options.max_inflated_bytes:
        raise StudyError(
            f"a MetaImage of {size / MEGABYTE:.0f} MB ({options.max_inflated_bytes / MEGABYTE:.0f} "
            "MB is allowed): crop it"
        )
    if fields.get("CompressedData", "False").lower() == "true":
        fault = StudyError("a damaged MetaImage: its voxels do not unpack; copy it again")
        body, _ = inflate_start(body, size, ZLIB, fault)
    if len(body) < size:
        raise StudyError("a truncated MetaImage: copy it again")
    values = np.frombuffer(body[:size], dtype).reshape(shape, order="F")
    if not np.isfinite(values).all():
        raise StudyError("the MetaImage holds values that are not numbers: save it again")
    return values.astype(dtype.newbyteorder("=")), _affine(fields)


def _header(data: bytes) -> tuple[dict[str, str], bytes]:
    fields: dict[str, str] = {}
    place = 0
    while place < min(len(data), _LONGEST_HEADER):
        end = data.find(b"\n", place, _LONGEST_HEADER)
        if end < 0:
            break
        name, sign, value = data[place:end].decode("ascii", "replace").partition("=")
        place = end + 1
        if not sign:
            break
        fields[name.strip()] = value.strip()
        if name.strip() == "ElementDataFile":
            if value.strip() != "LOCAL":
                raise StudyError("a MetaImage whose voxels are in another file: save it as .mha")
            return fields, data[place:]
    raise StudyError("not a MetaImage: its header has no ElementDataFile; give a .mha file")


def _numbers(fields: dict[str, str], name: str, count: int) -> tuple[float, ...]:
    try:
        values = tuple(float(part) for part in fields[name].split())
    except (KeyError, ValueError):
        values = ()
    if len(values) != count or not np.isfinite(values).all():
        raise StudyError(
            f"a MetaImage whose {name} is {fields.get(name, 'missing')!r}, not {count} numbers: "
            "save it as one 3-D volume"
        )
    return values


def _affine(fields: dict[str, str]) -> NDArray[np.float64]:
    """TransformMatrix holds the direction of one axis after the other."""
    directions = "1 0 0 0 1 0 0 0 1"
    fields = {"TransformMatrix": directions, "Offset": "0 0 0", **fields}
    spacing = np.array(_numbers(fields, "ElementSpacing", 3))
    if min(spacing) <= 0:
        raise StudyError("a MetaImage whose ElementSpacing is not positive: save it again")
    affine = np.eye(4)
    axes = np.array(_numbers(fields, "TransformMatrix", 9)).reshape(3, 3)
    affine[:3, :3] = axes.T * spacing
    affine[:3, 3] = _numbers(fields, "Offset", 3)
    return affine
