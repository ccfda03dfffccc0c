"""Changes of the pixels and of how a file holds them."""

from __future__ import annotations

import copy
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.tag import Tag
from pydicom.uid import ImplicitVRLittleEndian, RLELossless
from scipy.ndimage import zoom

from benchmarks.changed.change import Files, change, set_pixels

ENCODING, PICTURE = "how pixels are encoded", "what pixels show"

Grey = NDArray[np.generic]


def _each(files: Files, edit: Callable[[Dataset], None]) -> Files:
    out = {name: copy.deepcopy(one) for name, one in files.items()}
    for one in out.values():
        edit(one)
    return out


def _padding(value: int) -> Callable[[Dataset], None]:
    def edit(one: Dataset) -> None:
        middle = one.Rows / 2
        down, across = np.mgrid[: one.Rows, : one.Columns]
        pixels = one.pixel_array.astype(np.int32)
        pixels[(down - middle) ** 2 + (across - middle) ** 2 > (0.98 * middle) ** 2] = value
        one.BitsStored, one.HighBit, one.PixelRepresentation = 16, 15, int(value < 0)
        one.add_new(Tag("PixelPaddingValue"), "SS" if value < 0 else "US", value)
        set_pixels(one, pixels)

    return edit


@change("padding of -32768 outside a circle", ENCODING)
def _(files: Files) -> Files:
    return _each(files, _padding(-32768))


@change("padding of 65535 outside a circle", ENCODING)
def _(files: Files) -> Files:
    return _each(files, _padding(65535))


@change("a rescale of 2 x + 100", ENCODING)
def _(files: Files) -> Files:
    def edit(one: Dataset) -> None:
        one.RescaleSlope, one.RescaleIntercept, one.RescaleType = "2", "100", "US"

    return _each(files, edit)


@change("white is zero (MONOCHROME1)", ENCODING)
def _(files: Files) -> Files:
    def edit(one: Dataset) -> None:
        one.PhotometricInterpretation = "MONOCHROME1"
        pixels = one.pixel_array
        set_pixels(one, int(pixels.max()) - pixels.astype(np.int32))

    return _each(files, edit)


@change("run-length encoding", ENCODING)
def _(files: Files) -> Files:
    return _each(files, lambda one: one.compress(RLELossless, generate_instance_uid=False))


@change("implicit value representations", ENCODING)
def _(files: Files) -> Files:
    def edit(one: Dataset) -> None:
        one.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian

    return _each(files, edit)


@change("eight bits", ENCODING)
def _(files: Files) -> Files:
    def edit(one: Dataset) -> None:
        pixels = one.pixel_array.astype(np.float64)
        top = float(np.quantile(pixels, 0.999))
        one.BitsAllocated = one.BitsStored = 8
        one.HighBit = 7
        one.PixelData = np.clip(pixels / top * 255, 0, 255).round().astype(np.uint8).tobytes()

    return _each(files, edit)


@change("decimal commas", ENCODING)
def _(files: Files) -> Files:
    def edit(one: Dataset) -> None:
        for keyword in ("ImagePositionPatient", "PixelSpacing"):
            text = "\\".join(str(value).replace(".", ",") for value in one[keyword].value).encode()
            text += b" " * (len(text) % 2)
            tag = Tag(keyword)
            one[tag] = RawDataElement(tag, "DS", len(text), text, 0, False, True)

    return _each(files, edit)


@change("one file cut off", ENCODING)
def _(files: Files) -> Files:
    name = sorted(files)[4]
    one = copy.deepcopy(files[name])
    one.PixelData = one.PixelData[: len(one.PixelData) // 2]
    return {**files, name: one}


@change("one slice blank", PICTURE)
def _(files: Files) -> Files:
    name = sorted(files)[4]
    one = copy.deepcopy(files[name])
    set_pixels(one, np.zeros_like(one.pixel_array))
    return {**files, name: one}


def _resampled(spacing_mm: float) -> Callable[[Dataset], None]:
    def edit(one: Dataset) -> None:
        factor = float(one.PixelSpacing[0]) / spacing_mm
        pixels = zoom(one.pixel_array.astype(np.float64), factor, order=1)
        one.PixelSpacing = [f"{float(one.PixelSpacing[0]) * one.Rows / pixels.shape[0]:.6f}"] * 2
        set_pixels(one, np.clip(pixels, 0, None).round())

    return edit


@change("pixels of 0.35 mm", PICTURE)
def _(files: Files) -> Files:
    return _each(files, _resampled(0.35))


@change("pixels of 1.4 mm", PICTURE)
def _(files: Files) -> Files:
    return _each(files, _resampled(1.4))


@change("pixels of 2.2 mm", PICTURE)
def _(files: Files) -> Files:
    return _each(files, _resampled(2.2))


@change("noise of 3 % of fat", PICTURE)
def _(files: Files) -> Files:
    rng = np.random.default_rng(7)

    def edit(one: Dataset) -> None:
        pixels = one.pixel_array.astype(np.float64)
        noise = 0.03 * float(np.quantile(pixels, 0.98)) * rng.standard_normal(pixels.shape)
        set_pixels(one, np.clip(pixels + noise, 0, None).round())

    return _each(files, edit)


@change("twice as bright at the back", PICTURE)
def _(files: Files) -> Files:
    def edit(one: Dataset) -> None:
        gain = np.linspace(1.0, 2.0, one.Rows)[:, None]
        set_pixels(one, np.clip(one.pixel_array * gain, 0, 65535).round())

    return _each(files, edit)


@change("a field of 110 mm", PICTURE)
def _(files: Files) -> Files:
    def edit(one: Dataset) -> None:
        edge = int(110 / float(one.PixelSpacing[0])) // 2
        row, column = one.Rows // 2, one.Columns // 2
        _crop(one, (row - edge, row + edge), (column - edge, column + edge))

    return _each(files, edit)


def _crop(one: Dataset, rows: tuple[int, int], columns: tuple[int, int]) -> None:
    """Cut the picture and move its corner along."""
    orientation = np.array([float(value) for value in one.ImageOrientationPatient])
    down, across = (float(value) for value in one.PixelSpacing)
    place = np.array([float(value) for value in one.ImagePositionPatient])
    place = place + orientation[:3] * columns[0] * across + orientation[3:] * rows[0] * down
    one.ImagePositionPatient = [f"{value:.6f}" for value in place]
    set_pixels(one, one.pixel_array[rows[0] : rows[1], columns[0] : columns[1]])


@change("black rows above and below", PICTURE)
def _(files: Files) -> Files:
    def edit(one: Dataset) -> None:
        pixels = one.pixel_array.copy()
        pixels[: one.Rows // 10] = 0
        pixels[-one.Rows // 10 :] = 0
        set_pixels(one, pixels)

    return _each(files, edit)


@change("inverted greys", PICTURE)
def _(files: Files) -> Files:
    return _each(
        files,
        lambda one: set_pixels(one, int(one.pixel_array.max()) - one.pixel_array.astype(np.int32)),
    )


@change("mirrored, header as before", PICTURE)
def _(files: Files) -> Files:
    return _each(files, lambda one: set_pixels(one, one.pixel_array[:, ::-1]))
