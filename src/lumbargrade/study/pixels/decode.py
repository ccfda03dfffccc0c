"""From the bytes of Pixel Data to intensities, decoded only when somebody asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom import uid as syntaxes
from pydicom.encaps import encapsulate, get_frame, parse_fragments
from pydicom.pixels.decoders.base import get_decoder
from pydicom.uid import UID

from lumbargrade.errors import StudyError
from lumbargrade.study.header import Header
from lumbargrade.study.limits import ReadOptions
from lumbargrade.study.model import FloatImage
from lumbargrade.study.pixels.codestream import declared_size
from lumbargrade.study.pixels.jpeg_lossless import decode_jpeg_lossless
from lumbargrade.study.pixels.padding import Padding, read_padding, without_padding
from lumbargrade.study.pixels.rle import decode_rle

_DECODERS = {
    syntaxes.JPEGBaseline8Bit: "pillow",
    syntaxes.JPEGLSLossless: "pyjpegls",
    syntaxes.JPEGLSNearLossless: "pyjpegls",
    syntaxes.JPEG2000Lossless: "pylibjpeg",
    syntaxes.JPEG2000: "pylibjpeg",
    syntaxes.HTJ2KLossless: "pylibjpeg",
    syntaxes.HTJ2KLosslessRPCL: "pylibjpeg",
}
"""The outside decoder of each syntax. GDCM (ends the process) and the RLE decoder of pylibjpeg
(panics) are left out: both fail on damaged files in a way that cannot be caught."""

_EXPORT_ORIGINAL = "export the original DICOM files"

_LARGEST_STORED, _LARGEST_INTENSITY = 2.0**32, 1e30
"""Stored values of 32 bits, and what a rescale may make of them: float32 ends at 3e38."""

_MOST_FRAGMENTS = 4_000_000
"""Fragments times frames: pydicom walks over the fragments for every frame."""

_OWN_DECODERS = (syntaxes.RLELossless, syntaxes.JPEGLossless, syntaxes.JPEGLosslessSV1)


@dataclass(frozen=True)
class PixelFormat:
    """How the pixels of a file are stored."""

    syntax: UID
    rows: int
    columns: int
    frames: int
    bits_allocated: int
    bits_stored: int
    signed: bool
    inverted: bool
    swapped_bytes: bool = False
    padding: Padding | None = None

    @property
    def frame_bytes(self) -> int:
        """Size of one decoded frame."""
        return self.rows * self.columns * self.bits_allocated // 8


@dataclass(frozen=True)
class Rescale:
    """Stored value * slope + intercept = intensity."""

    slope: float = 1.0
    intercept: float = 0.0


def read_format(header: Header, syntax: UID, options: ReadOptions) -> PixelFormat:
    """Check how pixels are stored, before a byte of them is touched.

    Raises StudyError if the picture is not a grey one, absurdly large, or not stored in whole
    bytes.
    """
    if syntax.is_compressed and syntax not in (*_DECODERS, *_OWN_DECODERS):
        raise StudyError(f"{syntax.name} is not supported: export the study uncompressed")
    rows, columns = header.whole("Rows"), header.whole("Columns")
    if not rows or not columns:
        raise StudyError("no Rows or Columns in the header: the file is damaged; export it again")
    if max(rows, columns) > options.max_edge_px:
        raise StudyError(
            f"implausible size of {columns} x {rows} pixels ({options.max_edge_px} is allowed): "
            f"{_EXPORT_ORIGINAL}"
        )
    if rows * columns > options.max_slice_pixels:
        raise StudyError(
            f"implausible size of {columns} x {rows} pixels: no scanner writes more than "
            f"{options.max_slice_pixels / 1e6:.1f} million; {_EXPORT_ORIGINAL}"
        )
    frames = header.whole_text("NumberOfFrames") or 1
    if not 1 <= frames <= options.max_frames:
        raise StudyError(
            f"implausible number of {frames} frames ({options.max_frames} is allowed): "
            f"{_EXPORT_ORIGINAL}"
        )
    photometric = header.text("PhotometricInterpretation") or "MONOCHROME2"
    if (header.whole("SamplesPerPixel") or 1) != 1 or not photometric.startswith("MONOCHROME"):
        raise StudyError(
            f"a colour image ({photometric}), not a magnitude MR slice: {_EXPORT_ORIGINAL}"
        )
    allocated = header.whole("BitsAllocated") or 16
    stored = header.whole("BitsStored") or allocated
    high_bit = header.whole("HighBit")
    if allocated not in (8, 16, 32) or not 1 <= stored <= allocated:
        raise StudyError(
            f"{stored} of {allocated} bits a pixel are not supported: {_EXPORT_ORIGINAL}"
        )
    if high_bit is not None and high_bit != stored - 1:
        raise StudyError(
            f"high bit {high_bit} with {stored} bits stored is not supported: {_EXPORT_ORIGINAL}"
        )
    signed = header.whole("PixelRepresentation") == 1
    return PixelFormat(
        syntax=syntax,
        rows=rows,
        columns=columns,
        frames=frames,
        bits_allocated=allocated,
        bits_stored=stored,
        signed=signed,
        inverted=photometric == "MONOCHROME1",
        swapped_bytes=not syntax.is_little_endian
        and (allocated > 8 or header.vr("PixelData") == "OW"),
        padding=read_padding(header, signed),
    )


def whole_frames(data: bytes | memoryview, stored: PixelFormat) -> int:
    """Return how many frames Pixel Data holds; of compressed ones only decoding tells.

    Raises StudyError if not one is there, or compressed frames are in more pieces than any
    writer makes.
    """
    needed = stored.frame_bytes * stored.frames
    if stored.swapped_bytes:
        needed += needed % 2  # the last pixel lies behind its padding
    if stored.syntax.is_compressed and stored.frames * _fragments(data) > _MOST_FRAGMENTS:
        raise StudyError(f"implausible number of fragments: {_EXPORT_ORIGINAL}")
    if stored.syntax.is_compressed or len(data) >= needed:
        return stored.frames
    if len(data) < stored.frame_bytes or stored.frames == 1:
        raise StudyError(
            f"truncated: {len(data)} bytes of pixel data instead of {needed}: "
            "copy or export the file again"
        )
    return len(data) // stored.frame_bytes


def _fragments(data: bytes | memoryview) -> int:
    try:
        return parse_fragments(bytes(data))[0]
    except Exception:  # damaged: its frames say so one by one
        return 1


def decode(
    data: bytes | memoryview, stored: PixelFormat, frame: int, rescale: Rescale
) -> FloatImage:
    """Return one frame as (rows, columns) float32 after the rescale; bright is signal.

    ``frame`` counts from 0. A MONOCHROME1 picture is turned over at its brightest value, so that no
    signal is 0. Padding becomes background. Raises StudyError if the pixel data are damaged, do not
    fit the header, or are nothing but padding.
    """
    compressed = stored.syntax.is_compressed
    cells = _compressed(data, stored, frame) if compressed else _native(data, stored, frame)
    values = cells if compressed else _as_stored(cells, stored)
    image = values.astype(np.float32)
    if rescale != Rescale():
        image = image * np.float32(rescale.slope) + np.float32(rescale.intercept)
    if stored.inverted:
        image = -image
    if stored.padding is not None:
        # A padding value may need more bits than are stored: 0xFFFF of 12 bits, for example.
        padded = stored.padding.covers(values) | stored.padding.covers(cells)
        image = without_padding(image, padded)
    return image - image.min() if stored.inverted else image


def read_rescale(header: Header | None) -> Rescale:
    """Return the rescale of a slice; the identity where the header says nothing.

    Raises StudyError if the slope is 0 or a value is not a number or absurdly large.
    """
    if header is None or not header.raw("RescaleSlope").strip():
        return Rescale()
    slope, intercept = header.number("RescaleSlope"), header.number("RescaleIntercept") or 0.0
    if not slope or not abs(slope) * _LARGEST_STORED + abs(intercept) < _LARGEST_INTENSITY:
        raise StudyError(
            f"Rescale Slope is 0, not a number or implausibly large: {_EXPORT_ORIGINAL}"
        )
    return Rescale(slope, intercept)


def _native(data: bytes | memoryview, stored: PixelFormat, frame: int) -> NDArray[np.integer]:
    size, offset = stored.frame_bytes, frame * stored.frame_bytes
    if stored.swapped_bytes and stored.bits_allocated == 8:
        data, offset = _swap_pairs(data[offset - offset % 2 : offset + size + 2]), offset % 2
    order = ">" if stored.swapped_bytes and stored.bits_allocated > 8 else "<"
    kind = f"{order}{'i' if stored.signed else 'u'}{stored.bits_allocated // 8}"
    pixels = np.frombuffer(data, dtype=kind, count=size // np.dtype(kind).itemsize, offset=offset)
    pixels = pixels.astype(pixels.dtype.newbyteorder("="), copy=False)
    return pixels.reshape(stored.rows, stored.columns)


def _as_stored(pixels: NDArray[np.integer], stored: PixelFormat) -> NDArray[np.integer]:
    """Give pixels their sign, and drop what lies above the stored bits."""
    kind = np.dtype(f"{'i' if stored.signed else 'u'}{stored.bits_allocated // 8}")
    pixels = pixels.astype(kind, copy=False)
    unused = stored.bits_allocated - stored.bits_stored
    # Old files keep overlays in the unused bits; the shift also restores the sign.
    return (pixels << unused) >> unused if unused else pixels


def _swap_pairs(data: bytes | memoryview) -> bytes:
    even = data[: len(data) - len(data) % 2]
    return np.frombuffer(even, dtype="<u2").byteswap().tobytes()


def _compressed(data: bytes | memoryview, stored: PixelFormat, frame: int) -> NDArray[np.integer]:
    try:
        encoded = get_frame(bytes(data), frame, number_of_frames=stored.frames)
        _check_encoded(encoded, stored)
        if stored.syntax in _OWN_DECODERS:
            return _own_decoded(encoded, stored)
        pixels, _ = get_decoder(stored.syntax).as_array(
            encapsulate([encoded]),
            index=0,
            decoding_plugin=_DECODERS.get(stored.syntax, ""),
            **_decode_options(stored),
        )
    except StudyError:
        raise
    except Exception as error:  # decoders raise anything on damaged bytes
        raise StudyError(
            f"the compressed pixel data are damaged or truncated ({type(error).__name__}): "
            "copy or export the file again"
        ) from None
    if pixels.shape != (stored.rows, stored.columns):
        raise StudyError(
            f"the compressed image differs in size from its header: {_EXPORT_ORIGINAL}"
        )
    return np.asarray(pixels)


def _own_decoded(encoded: bytes, stored: PixelFormat) -> NDArray[np.integer]:
    if stored.syntax == syntaxes.RLELossless:
        values = decode_rle(encoded, stored.rows * stored.columns, stored.bits_allocated // 8)
        return _as_stored(values.reshape(stored.rows, stored.columns), stored)
    return _as_stored(decode_jpeg_lossless(encoded), stored)


def _decode_options(stored: PixelFormat) -> dict[str, Any]:
    """Return what pydicom's decoders want to know beside the bytes."""
    return {
        "rows": stored.rows,
        "columns": stored.columns,
        "number_of_frames": 1,
        "samples_per_pixel": 1,
        "photometric_interpretation": "MONOCHROME2",
        "bits_allocated": stored.bits_allocated,
        "bits_stored": stored.bits_stored,
        "pixel_representation": int(stored.signed),
        "pixel_keyword": "PixelData",
    }


def _check_encoded(encoded: bytes, stored: PixelFormat) -> None:
    """Refuse a codestream that would decode to something else than the header says."""
    if stored.syntax == syntaxes.RLELossless:
        return  # declares no size; its decoder stops where the picture is full
    size = declared_size(encoded)
    if size != (stored.rows, stored.columns):
        says = "no size" if size is None else f"{size[1]} x {size[0]} pixels"
        raise StudyError(
            f"the compressed image declares {says}, its header "
            f"{stored.columns} x {stored.rows}: the file is damaged; export it again"
        )
