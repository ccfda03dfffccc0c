"""PNG, TIFF and JPEG: one slice, with the scale from the user."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.study.conftest import axial_slice, picture, save

from lumbargrade.errors import StudyError
from lumbargrade.study.read import ReadOptions, read_study

SPACED = ReadOptions(pixel_spacing_mm=(0.7, 0.8))


def drawn(path: Path, values: np.ndarray) -> Path:
    Image.fromarray(values).save(path)
    return path


@pytest.mark.parametrize("suffix", ["png", "tif"])
def test_sixteen_bits_survive(tmp_path: Path, suffix: str) -> None:
    study = read_study(drawn(tmp_path / f"slice.{suffix}", picture(1)), SPACED)
    one = study.series[0].slices[0]
    np.testing.assert_array_equal(one.load_pixels(), picture(1))
    assert one.geometry.pixel_spacing_mm == (0.7, 0.8)
    assert one.geometry.row_direction == (1.0, 0.0, 0.0)
    assert one.geometry.column_direction == (0.0, 1.0, 0.0)
    assert one.geometry.center_mm == pytest.approx((0, 0, 0), abs=1e-9)


def test_eight_bit_jpeg_and_grey_rgb(tmp_path: Path) -> None:
    values = (picture(1) // 4).astype(np.uint8)
    jpeg = read_study(drawn(tmp_path / "a.jpg", values), SPACED)
    assert float(np.abs(jpeg.series[0].slices[0].load_pixels() - values).mean()) < 6
    grey = read_study(drawn(tmp_path / "b.png", np.stack([values] * 3, axis=-1)), SPACED)
    np.testing.assert_array_equal(grey.series[0].slices[0].load_pixels(), values)


def test_the_same_file_has_the_same_uids(tmp_path: Path) -> None:
    first = read_study(drawn(tmp_path / "a.png", picture(1)), SPACED)
    again = read_study(drawn(tmp_path / "b.png", picture(1)), SPACED)
    other = read_study(drawn(tmp_path / "c.png", picture(2)), SPACED)
    assert first.study_instance_uid == again.study_instance_uid
    assert first.study_instance_uid != other.study_instance_uid
    assert first.study_instance_uid != first.series[0].series_instance_uid


def test_a_turned_photograph_is_set_upright(tmp_path: Path) -> None:
    values = (picture(1) // 4).astype(np.uint8)
    exif = Image.Exif()
    exif[0x0112] = 3  # turned by half
    Image.fromarray(values[::-1, ::-1].copy()).save(tmp_path / "a.png", exif=exif)
    pixels = read_study(tmp_path / "a.png", SPACED).series[0].slices[0].load_pixels()
    np.testing.assert_array_equal(pixels, values)


def fails(path: Path, options: ReadOptions = SPACED) -> str:
    with pytest.raises(StudyError) as caught:
        read_study(path, options)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_without_spacing_the_scale_is_not_known(tmp_path: Path) -> None:
    file = drawn(tmp_path / "a.png", picture(1))
    assert "give --pixel-spacing (mm)" in fails(file, ReadOptions())


def test_a_coloured_picture_is_refused(tmp_path: Path) -> None:
    colours = np.zeros((100, 100, 3), np.uint8)
    colours[..., 0] = 200
    assert "a colour image" in fails(drawn(tmp_path / "a.png", colours))


def test_a_picture_for_print_is_refused(tmp_path: Path) -> None:
    Image.new("CMYK", (100, 100)).save(tmp_path / "a.jpg")
    message = "colour mode CMYK: save the slice as a greyscale image"
    assert message in fails(tmp_path / "a.jpg")


def test_a_truncated_picture_is_refused(tmp_path: Path) -> None:
    file = drawn(tmp_path / "a.png", picture(1))
    file.write_bytes(file.read_bytes()[:-3000])
    assert "damaged or truncated" in fails(file)


def test_an_absurdly_large_picture_is_not_decoded(tmp_path: Path) -> None:
    file = drawn(tmp_path / "a.png", np.zeros((8, 5000), np.uint8))
    assert "implausible size of 5000 x 8 pixels" in fails(file)


def test_a_stack_of_pictures_is_refused(tmp_path: Path) -> None:
    first = Image.fromarray(picture(1))
    first.save(tmp_path / "a.tif", save_all=True, append_images=[Image.fromarray(picture(2))])
    message = "the file holds several images: give one slice at a time"
    assert message in fails(tmp_path / "a.tif")


def test_several_pictures_are_nobodys_study(tmp_path: Path) -> None:
    drawn(tmp_path / "a.png", picture(1))
    drawn(tmp_path / "b.png", picture(2))
    assert "2 images without DICOM headers" in fails(tmp_path)


def test_a_picture_beside_dicom_is_listed(tmp_path: Path) -> None:
    save(axial_slice(1), tmp_path / "0001")
    drawn(tmp_path / "shot.png", picture(1))
    (left,) = read_study(tmp_path, SPACED).not_read
    assert (left.what, left.reason) == (
        "shot.png",
        "a picture beside DICOM files is not graded",
    )
