"""Padding is background, whatever value stands for it and however pixels are stored."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.uid import ExplicitVRBigEndian, RLELossless
from tests.study.conftest import COLUMNS, ROWS, axial_slice, picture

from lumbargrade.errors import StudyError
from lumbargrade.study.pixels.padding import Padding
from lumbargrade.study.read import read_study

Folder = Callable[..., Path]
HOLE = (slice(None, 9), slice(None))
"""Where the pictures below are padded."""


def padded(value: int, stored: int = 16, fill: int | None = None, **elements: Any) -> Dataset:
    """Return a slice whose first rows hold ``fill`` (the padding value)."""
    pixels = picture(1).astype(np.int64)
    pixels[HOLE] = value if fill is None else fill
    signed = value < 0
    dataset = axial_slice(
        PixelData=(pixels & 0xFFFF).astype(np.uint16).tobytes(),
        PixelRepresentation=int(signed),
        BitsStored=stored,
        HighBit=stored - 1,
        **elements,
    )
    dataset.add_new("PixelPaddingValue", "SS" if signed else "US", value)
    return dataset


def expected() -> np.ndarray:
    """The picture with its darkest pixel in the hole."""
    pixels = picture(1).astype(np.float32)
    pixels[HOLE] = picture(1)[9:].min()
    return pixels


def pixels_of(folder: Path) -> np.ndarray:
    return read_study(folder).series[0].slices[0].load_pixels()


@pytest.mark.parametrize(
    ("value", "stored"),
    [(-32768, 16), (-2000, 12), (-1, 16), (0xFFFF, 16), (0xFFFF, 12), (4095, 12), (0, 12)],
)
def test_padding_becomes_background(study_folder: Folder, value: int, stored: int) -> None:
    np.testing.assert_array_equal(pixels_of(study_folder(padded(value, stored))), expected())


def test_padding_is_compared_before_the_rescale(study_folder: Folder) -> None:
    dataset = padded(-32768, RescaleSlope=2, RescaleIntercept=-7)
    np.testing.assert_array_equal(pixels_of(study_folder(dataset)), expected() * 2 - 7)


def test_padding_of_a_monochrome1_picture_is_dark_too(study_folder: Folder) -> None:
    dataset = padded(0xFFFF, PhotometricInterpretation="MONOCHROME1")
    real = picture(1)[9:].astype(np.float32)
    found = pixels_of(study_folder(dataset))
    np.testing.assert_array_equal(found[9:], real.max() - real)
    assert (found[HOLE] == 0).all()


@pytest.mark.parametrize(("value", "limit"), [(60000, 65535), (65535, 60000)])
def test_a_range_of_padding_values(study_folder: Folder, value: int, limit: int) -> None:
    dataset = padded(value, fill=62000)
    dataset.add_new("PixelPaddingRangeLimit", "US", limit)
    np.testing.assert_array_equal(pixels_of(study_folder(dataset)), expected())


def test_padding_of_compressed_and_big_endian_pictures(study_folder: Folder) -> None:
    dataset = padded(0xFFFF)
    dataset.compress(RLELossless, generate_instance_uid=False)
    np.testing.assert_array_equal(pixels_of(study_folder(dataset)), expected())
    dataset = padded(-32768)
    dataset.file_meta.TransferSyntaxUID = ExplicitVRBigEndian
    dataset.PixelData = np.frombuffer(dataset.PixelData, "<u2").astype(">u2").tobytes()
    dataset["PixelData"].VR = "OW"
    np.testing.assert_array_equal(pixels_of(study_folder(dataset)), expected())


def test_a_value_that_no_pixel_has_changes_nothing(study_folder: Folder) -> None:
    dataset = padded(-32768, fill=50)
    pixels = picture(1).astype(np.float32)
    pixels[HOLE] = 50
    np.testing.assert_array_equal(pixels_of(study_folder(dataset)), pixels)


def test_saturated_pixels_are_no_padding_of_more_bits(study_folder: Folder) -> None:
    """4095 of 12 bits is the brightest signal; 0xFFFF never is."""
    dataset = padded(0xFFFF, stored=12, fill=4095)
    assert (pixels_of(study_folder(dataset))[HOLE] == 4095).all()


def test_a_picture_of_nothing_but_padding_cannot_be_decoded(study_folder: Folder) -> None:
    pixels = np.full((ROWS, COLUMNS), 0xFFFF, np.uint16)
    dataset = padded(0xFFFF)
    dataset.PixelData = pixels.tobytes()
    with pytest.raises(StudyError, match="every pixel is padding by its Pixel Padding Value"):
        pixels_of(study_folder(dataset))


def test_both_ends_of_a_range_are_padding() -> None:
    covered = Padding(-2, 1).covers(np.arange(-4, 4, dtype=np.int16))
    assert covered.tolist() == [False, False, True, True, True, True, False, False]
