"""NIfTI volumes as slices in patient coordinates (RAS to LPS)."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import nibabel
import numpy as np
import pytest

from lumbargrade.errors import StudyError
from lumbargrade.study.patch import PatchSpec, extract_patch
from lumbargrade.study.read import ReadOptions, read_study
from lumbargrade.study.series.select import select_axial
from lumbargrade.study.volumes.nifti import load_nifti

SHAPE = (120, 130, 9)


def volume(path: Path, affine: np.ndarray, shape: tuple[int, ...] = SHAPE) -> Path:
    """Write a volume that is bright at the patient's left, dark at the right."""
    place = np.stack(np.meshgrid(*(np.arange(n) for n in shape[:3]), indexing="ij"), axis=-1)
    left = -(place @ affine[:3, :3].T + affine[:3, 3])[..., 0]
    values = (300 + 2 * left + 40 * (place[..., 2] % 3)).astype(np.float32)
    nibabel.save(nibabel.Nifti1Image(values.reshape(shape), affine), path)
    return path


def axial_affine(signs: tuple[int, int]) -> np.ndarray:
    affine = np.diag([0.9 * signs[0], 0.9 * signs[1], 4.0, 1.0])
    affine[:3, 3] = -affine[:3, :3] @ (np.array(SHAPE) / 2)
    return affine


@pytest.mark.parametrize("signs", [(1, 1), (-1, 1), (1, -1), (-1, -1)])
def test_left_stays_left_whatever_the_storage(tmp_path: Path, signs: tuple[int, int]) -> None:
    study = read_study(volume(tmp_path / "a.nii.gz", axial_affine(signs)))
    selection = select_axial(study)
    assert len(selection.slices) == 9
    assert selection.blocks == (None,) * 9
    assert "as given by the user" in selection.warnings[0]
    one = selection.slices[4]
    pixels = one.load_pixels()
    assert pixels.shape == (130, 120)
    column, row, _ = one.geometry.to_pixel(np.array([20.0, 0.0, 0.0]))
    opposite, _, _ = one.geometry.to_pixel(np.array([-20.0, 0.0, 0.0]))
    assert pixels[round(row), round(column)] > pixels[round(row), round(opposite)] + 50
    middle = one.geometry.to_pixel(np.array([0.0, 0.0, 0.0]))[:2]
    patch = extract_patch(pixels, one.geometry, middle, PatchSpec())
    assert patch.shape == (128, 128)


def test_places_agree_with_nibabel(tmp_path: Path) -> None:
    affine = axial_affine((-1, 1))
    file = volume(tmp_path / "a.nii", affine)
    one = read_study(file).series[0].slices[3]
    stored = nibabel.load(file)
    assert isinstance(stored, nibabel.Nifti1Image)
    expected = nibabel.affines.apply_affine(stored.affine, [7, 11, 3]) * [-1, -1, 1]
    assert one.geometry.to_patient(7, 11) == pytest.approx(expected, abs=1e-4)
    assert one.frame_number == 4


def test_a_sagittal_volume_is_cut_as_it_was_acquired_and_refused(tmp_path: Path) -> None:
    affine = np.array([[0, 0, 4.0, 0], [0.9, 0, 0, 0], [0, 0.9, 0, 0], [0, 0, 0, 1]])
    study = read_study(volume(tmp_path / "a.nii", affine))
    with pytest.raises(StudyError, match="sagittal, not axial"):
        select_axial(study)


def fails(path: Path, options: ReadOptions | None = None) -> str:
    with pytest.raises(StudyError) as caught:
        read_study(path, options or ReadOptions())
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_time_series_is_refused(tmp_path: Path) -> None:
    nibabel.save(nibabel.Nifti1Image(np.zeros((4, 4, 4, 2)), np.eye(4)), tmp_path / "a.nii")
    assert "give one 3-D volume" in fails(tmp_path / "a.nii")


def test_a_sheared_volume_is_refused(tmp_path: Path) -> None:
    affine = axial_affine((1, 1))
    affine[0, 1] = 0.4
    message = fails(volume(tmp_path / "a.nii", affine))
    assert "a.nii: invalid geometry: rows and columns of the image are not at a right" in message
    assert message.endswith("; save it without shear")


def test_truncated_and_damaged_files(tmp_path: Path) -> None:
    file = volume(tmp_path / "a.nii", axial_affine((1, 1)))
    data = file.read_bytes()
    file.write_bytes(data[:4000])
    assert "damaged or truncated" in fails(file)
    packed = gzip.compress(data)
    (tmp_path / "b.nii.gz").write_bytes(packed[:-500])
    assert "truncated gzip" in fails(tmp_path / "b.nii.gz")
    (tmp_path / "c.nii.gz").write_bytes(packed[:100] + bytes(400) + packed[500:])
    assert "gzip" in fails(tmp_path / "c.nii.gz")


def test_a_gzip_bomb_is_not_inflated(tmp_path: Path) -> None:
    (tmp_path / "a.nii.gz").write_bytes(gzip.compress(bytes(5_000_000)))
    message = fails(tmp_path / "a.nii.gz", ReadOptions(max_inflated_bytes=1024 * 1024))
    assert "unpacks to more than 1 MB" in message


def written(folder: Path, qform: np.ndarray | None, sform: np.ndarray | None) -> Path:
    """A volume with these affines; None: the code says that there is none."""
    image = nibabel.Nifti1Image(np.ones(SHAPE, np.float32), None)
    image.header.set_zooms((0.9, 0.9, 4.0))
    image.set_qform(qform, 0 if qform is None else 1)
    image.set_sform(sform, 0 if sform is None else 2)
    nibabel.save(image, folder / "a.nii")
    return folder / "a.nii"


STRAIGHT, MIRRORED = axial_affine((1, 1)), axial_affine((-1, 1))
SWAPPED = STRAIGHT[:, [1, 0, 2, 3]]


@pytest.mark.parametrize(
    ("qform", "sform", "doubt"),
    [
        (None, None, "no orientation (qform_code and sform_code are 0)"),
        (STRAIGHT, MIRRORED, "the sform and the qform of the NIfTI file give different"),
        (STRAIGHT, SWAPPED, "the sform and the qform of the NIfTI file give different"),
        (STRAIGHT, None, ""),
        (None, MIRRORED, ""),
        (MIRRORED, MIRRORED, ""),
    ],
)
def test_sides_are_known_where_the_file_gives_one_orientation(
    tmp_path: Path, qform: np.ndarray | None, sform: np.ndarray | None, doubt: str
) -> None:
    (series,) = read_study(written(tmp_path, qform, sform)).series
    for one in series.slices:
        assert bool(one.sides_doubt) is bool(doubt)
        assert doubt in one.sides_doubt
        assert not doubt or one.sides_doubt.startswith("left and right are not known")


def test_affines_that_differ_by_a_registration_give_one_orientation(tmp_path: Path) -> None:
    cosine, sine = np.cos(0.3), np.sin(0.3)
    registered = np.array([[cosine, -sine, 0, 5], [sine, cosine, 0, 9], [0, 0, 1, 2], [0, 0, 0, 1]])
    (series,) = read_study(written(tmp_path, STRAIGHT, registered @ STRAIGHT)).series
    assert {one.sides_doubt for one in series.slices} == {""}


@pytest.mark.parametrize("kind", ["<i2", ">i2", "<u1", "<f4", "<f8"])
def test_a_slice_is_scaled_as_nibabel_scales_the_volume(tmp_path: Path, kind: str) -> None:
    values = np.random.default_rng(1).integers(0, 250, (80, 90, 5)).astype(kind)
    header = nibabel.Nifti1Header(endianness=kind[0] if kind[0] == ">" else "<")
    header.set_data_dtype(np.dtype(kind))
    image = nibabel.Nifti1Image(values, axial_affine((-1, -1)), header)
    image.header.set_slope_inter(0.37, 11.0)
    nibabel.save(image, tmp_path / "a.nii.gz")
    stored: Any = nibabel.load(tmp_path / "a.nii.gz")
    expected = np.asarray(stored.dataobj, dtype=np.float32)
    slices = read_study(tmp_path / "a.nii.gz").series[0].slices
    for index, one in enumerate(slices):
        np.testing.assert_array_equal(one.load_pixels(), expected[:, :, index].T)
    np.testing.assert_array_equal(
        load_nifti((tmp_path / "a.nii.gz").read_bytes(), ReadOptions()).values, expected
    )


def test_a_volume_beyond_the_caps_is_refused(tmp_path: Path) -> None:
    path = volume(tmp_path / "a.nii.gz", axial_affine((-1, -1)))
    words = "implausible size of"
    (tmp_path / "b.nii").write_bytes(gzip.decompress(path.read_bytes()))
    large = fails(tmp_path / "b.nii", ReadOptions(max_inflated_bytes=100))
    assert "MB (0 MB is allowed): save it as 16-bit numbers, or crop it" in large
    assert words in fails(path, ReadOptions(max_voxels=10))
    options = ReadOptions(max_small_bytes=10, max_unpacked_ratio=1)
    assert "the gzip file unpacks to more than 0 MB" in fails(path, options)
