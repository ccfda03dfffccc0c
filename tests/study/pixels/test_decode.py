"""Stored pixels to intensities: every transfer syntax, sign, rescale and turn."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jpeg_ls
import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
)
from tests.study.conftest import COLUMNS, ROWS, axial_slice, fails, jpeg_lossless, picture

from lumbargrade.errors import StudyError
from lumbargrade.study.model import FloatImage, Study
from lumbargrade.study.pixels import decode as module
from lumbargrade.study.read import ReadOptions, read_study

Folder = Callable[..., Path]


def pixels_of(study: Study, frame: int = 0) -> FloatImage:
    return study.series[0].slices[frame].load_pixels()


def compressed(syntax: str) -> Dataset:
    dataset = axial_slice()
    if syntax == JPEGLSLossless:
        frame = bytes(jpeg_ls.encode_array(picture(1)))
    elif syntax == JPEGLosslessSV1:
        frame = jpeg_lossless(picture(1))
    else:
        dataset.compress(syntax, generate_instance_uid=False)
        return dataset
    dataset.PixelData = encapsulate([frame])
    dataset["PixelData"].is_undefined_length = True
    dataset.file_meta.TransferSyntaxUID = UID(syntax)
    return dataset


def test_uncompressed(study_folder: Folder) -> None:
    pixels = pixels_of(read_study(study_folder(axial_slice())))
    assert pixels.dtype == np.float32
    np.testing.assert_array_equal(pixels, picture(1))


@pytest.mark.parametrize("syntax", [RLELossless, JPEG2000Lossless, JPEGLSLossless, JPEGLosslessSV1])
def test_compressed_pixels_come_back_identical(study_folder: Folder, syntax: str) -> None:
    np.testing.assert_array_equal(
        pixels_of(read_study(study_folder(compressed(syntax)))), picture(1)
    )


@pytest.mark.parametrize(
    "syntax", [ImplicitVRLittleEndian, DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian]
)
def test_uncompressed_syntaxes(study_folder: Folder, syntax: str) -> None:
    dataset = axial_slice()
    dataset.file_meta.TransferSyntaxUID = UID(syntax)
    if syntax == ExplicitVRBigEndian:
        dataset.PixelData = picture(1).astype(">u2").tobytes()
        dataset["PixelData"].VR = "OW"
    folder = study_folder(dataset)
    study = read_study(folder)
    np.testing.assert_array_equal(pixels_of(study), picture(1))
    assert study.series[0].slices[0].geometry.pixel_spacing_mm == (1.2, 1.25)


def test_big_endian_bytes_in_words_are_swapped(study_folder: Folder) -> None:
    values = (picture(1) % 256).astype(np.uint8)
    dataset = axial_slice(BitsAllocated=8, BitsStored=8, HighBit=7)
    dataset.PixelData = values.reshape(-1).view("<u2").byteswap().tobytes()
    dataset["PixelData"].VR = "OW"
    dataset.file_meta.TransferSyntaxUID = ExplicitVRBigEndian
    np.testing.assert_array_equal(pixels_of(read_study(study_folder(dataset))), values)


def test_signed_pixels_with_rescale(study_folder: Folder) -> None:
    values = picture(1).astype(np.int16) - 300
    dataset = axial_slice(
        PixelRepresentation=1,
        BitsStored=16,
        HighBit=15,
        RescaleSlope=2,
        RescaleIntercept=-7,
        PixelData=values.tobytes(),
    )
    np.testing.assert_array_equal(
        pixels_of(read_study(study_folder(dataset))), values.astype(np.float32) * 2 - 7
    )


def test_an_empty_rescale_slope_says_nothing(study_folder: Folder) -> None:
    dataset = axial_slice(RescaleSlope="", RescaleIntercept="")
    assert "RescaleSlope" in dataset
    np.testing.assert_array_equal(pixels_of(read_study(study_folder(dataset))), picture(1))


def test_the_sign_of_twelve_bits_is_restored(study_folder: Folder) -> None:
    values = picture(1).astype(np.int16) - 300
    dataset = axial_slice(
        PixelRepresentation=1, PixelData=(values & 0x0FFF).astype(np.uint16).tobytes()
    )
    np.testing.assert_array_equal(pixels_of(read_study(study_folder(dataset))), values)


def test_overlay_bits_above_the_stored_ones_are_dropped(study_folder: Folder) -> None:
    dataset = axial_slice(PixelData=(picture(1) | 0x8000).tobytes())
    np.testing.assert_array_equal(pixels_of(read_study(study_folder(dataset))), picture(1))


def test_monochrome1_is_turned_over(study_folder: Folder) -> None:
    values = picture(1)
    dataset = axial_slice(PhotometricInterpretation="MONOCHROME1", PixelData=values.tobytes())
    np.testing.assert_array_equal(
        pixels_of(read_study(study_folder(dataset))), values.max() - values.astype(np.float32)
    )


@pytest.mark.parametrize("syntax", [RLELossless, JPEG2000Lossless, JPEGLSLossless, JPEGLosslessSV1])
def test_damaged_compressed_pixels_are_one_line(study_folder: Folder, syntax: str) -> None:
    dataset = compressed(syntax)
    frame = dataset.PixelData
    dataset.PixelData = frame[:40] + bytes(len(frame) - 48) + frame[-8:]
    with pytest.raises(StudyError) as caught:
        pixels_of(read_study(study_folder(dataset)))
    assert "\n" not in str(caught.value)
    assert "damaged" in str(caught.value)


def test_a_codestream_that_claims_another_size_is_not_decoded(study_folder: Folder) -> None:
    dataset = compressed(JPEGLSLossless)
    size, bomb = struct.pack(">HH", ROWS, COLUMNS), struct.pack(">HH", 60000, 60000)
    dataset.PixelData = dataset.PixelData.replace(size, bomb, 1)
    with pytest.raises(StudyError, match="declares 60000 x 60000 pixels, its header 80 x 96"):
        pixels_of(read_study(study_folder(dataset)))


def test_a_decoder_that_gives_another_size_is_not_believed(
    study_folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The decoders in use raise first, so the test puts in one that does not."""

    class Careless:
        def as_array(self, *_: object, **__: object) -> tuple[np.ndarray, dict[str, Any]]:
            return np.zeros((ROWS, COLUMNS, 3)), {}

    monkeypatch.setattr("lumbargrade.study.pixels.decode.get_decoder", lambda _: Careless())
    with pytest.raises(StudyError, match="the compressed image differs in size from its header"):
        pixels_of(read_study(study_folder(compressed(JPEGLSLossless))))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"Rows": 65535, "Columns": 65535}, r"implausible size of 65535 x 65535 pixels"),
        ({"NumberOfFrames": 1_000_000}, r"implausible number of 1000000 frames"),
        ({"Rows": 288}, r"truncated: 15360 bytes of pixel data instead of 46080"),
        ({"BitsAllocated": 64}, r"12 of 64 bits a pixel are not supported"),
        ({"HighBit": 15}, r"high bit 15 with 12 bits stored is not supported"),
        ({"PhotometricInterpretation": "RGB", "SamplesPerPixel": 3}, r"a colour image \(RGB\)"),
        ({"RescaleSlope": 0, "RescaleIntercept": 0}, r"Rescale Slope is 0"),
        ({"RescaleSlope": "1e300", "RescaleIntercept": 0}, r"Rescale Slope .* implausibly large"),
        ({"Rows": None}, r"no Rows or Columns in the header"),
    ],
)
def test_impossible_pixel_descriptions_are_refused(
    study_folder: Folder, change: dict[str, Any], reason: str
) -> None:
    with pytest.raises(StudyError, match=reason):
        read_study(study_folder(axial_slice(**change)))


def test_the_last_of_an_odd_number_of_swapped_bytes_may_be_missing(study_folder: Folder) -> None:
    values = np.arange(95 * 79, dtype=np.uint32).astype(np.uint8).reshape(95, 79)
    dataset = axial_slice(BitsAllocated=8, BitsStored=8, HighBit=7, Rows=95, Columns=79)
    swapped = np.append(values.reshape(-1), np.uint8(0)).view("<u2").byteswap().tobytes()
    dataset.PixelData = swapped
    dataset["PixelData"].VR = "OW"
    dataset.file_meta.TransferSyntaxUID = ExplicitVRBigEndian
    folder = study_folder(dataset)
    np.testing.assert_array_equal(pixels_of(read_study(folder)), values)
    file = folder / "0000"
    data = file.read_bytes()
    file.write_bytes(data.replace(struct.pack(">I", 7506), struct.pack(">I", 7505))[:-1])
    assert "truncated: 7505 bytes of pixel data instead of 7506: copy or" in fails(folder)


def test_more_pixels_than_a_scanner_writes_and_more_fragments(
    study_folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = ReadOptions(max_slice_pixels=ROWS * COLUMNS - 1)
    assert "implausible size of 80 x 96 pixels: no scanner" in fails(
        study_folder(axial_slice()), options
    )
    monkeypatch.setattr(module, "_MOST_FRAGMENTS", 0)
    folder = study_folder(compressed(str(RLELossless)))
    assert "implausible number of fragments: export the original" in fails(folder)
