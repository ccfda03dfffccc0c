"""Drawings find their slices by their place in the patient, however the volume lies."""

from __future__ import annotations

import gzip
import itertools
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.archive.archive import COLUMNS, GEOMETRIES, HIGH, LOW, ROWS, ras_affine, save_mask, stack

from lumbargrade.cohort.imports.masks import Mask, drawn_planes, load_mask
from lumbargrade.errors import CohortError
from lumbargrade.study.limits import DEFAULT_OPTIONS

TO_LPS = np.diag([-1.0, -1.0, 1.0, 1.0])
ORDERS = list(itertools.permutations(range(3)))


def lying(values: np.ndarray, affine: np.ndarray, order: int, flips: tuple[bool, ...]) -> Mask:
    """The same drawing with its axes permuted and flipped, geometry kept."""
    turned = np.eye(4)[[*ORDERS[order], 3]].T
    values = values.transpose(ORDERS[order])
    for axis, flip in enumerate(flips):
        if flip:
            mirror = np.eye(4)
            mirror[axis, axis], mirror[axis, 3] = -1, values.shape[axis] - 1
            values, turned = np.flip(values, axis), turned @ mirror
    return Mask(Path("x.nii"), values != 0, TO_LPS @ affine @ turned)


@given(
    order=st.integers(0, 5),
    flips=st.tuples(st.booleans(), st.booleans(), st.booleans()),
    tilt=st.floats(-35, 35),
    turn=st.floats(-20, 20),
    number=st.integers(0, 2),
    corner=st.tuples(st.integers(0, 30), st.integers(0, 25)),
)
def test_a_box_comes_back_from_any_axis_order_flip_and_angle(
    order: int,
    flips: tuple[bool, ...],
    tilt: float,
    turn: float,
    number: int,
    corner: tuple[int, int],
) -> None:
    geometries = stack(tilt, turn, (-20.0, -15.0, 3.0))
    values = np.zeros((COLUMNS, ROWS, 3))
    x, y = corner
    values[x : x + 11, y : y + 7, number] = 5
    (plane,) = drawn_planes(
        lying(values, ras_affine(geometries), order, flips), [*HIGH, *geometries]
    )
    assert plane.slices[-1] == len(HIGH) + number
    assert plane.boxes[-1] == pytest.approx((x - 0.5, y - 0.5, 11, 7), abs=1e-6)


def test_a_saved_drawing_is_read_with_its_flipped_rows(tmp_path: Path) -> None:
    path = save_mask(tmp_path / "case.voi", LOW, {0: (4, 6, 10, 8), 2: (20, 3, 5, 9)})
    first, second = drawn_planes(load_mask(path), GEOMETRIES)
    assert (first.slices, second.slices) == ((0,), (2,))
    assert first.boxes[0] == pytest.approx((3.5, 5.5, 10, 8), abs=1e-3)  # NIfTI keeps float32
    assert second.boxes[0] == pytest.approx((19.5, 2.5, 5, 9), abs=1e-3)


def test_left_and_right_are_not_swapped(tmp_path: Path) -> None:
    """A box on the patient's left (large x in LPS) must come out at large columns here."""
    path = save_mask(tmp_path / "case.nii", LOW, {1: (38, 10, 6, 6)})
    (plane,) = drawn_planes(load_mask(path), LOW)
    x, y, width, height = plane.boxes[0]
    assert LOW[1].to_patient(x + width / 2, y + height / 2)[0] > LOW[1].center_mm[0]


def test_another_stack_is_parallel_to_no_slice(tmp_path: Path) -> None:
    (plane,) = drawn_planes(load_mask(save_mask(tmp_path / "a.nii", LOW, {1: (4, 6, 10, 8)})), HIGH)
    assert plane.slices == ()
    assert plane.nearest_mm == float("inf")


def test_a_plane_between_two_slices_is_none_of_them() -> None:
    values = np.zeros((COLUMNS, ROWS, 3))
    values[4:9, 4:9, 1] = 1
    moved = ras_affine(LOW)
    moved[:3, 3] += moved[:3, 2] * 0.5
    (plane,) = drawn_planes(Mask(Path("x.nii"), values != 0, TO_LPS @ moved), LOW)
    assert plane.slices == ()
    assert plane.nearest_mm == pytest.approx(2.2, abs=1e-3)


def test_finer_pixels_of_the_drawing_give_the_same_box() -> None:
    values = np.zeros((COLUMNS * 2, ROWS * 2, 3))
    values[20:40, 10:30, 1] = 1  # columns 10-19, rows 5-14 of the slice
    fine = ras_affine(LOW)
    fine[:3, 3] -= fine[:3, 0] / 4 + fine[:3, 1] / 4
    fine[:3, :2] /= 2
    (plane,) = drawn_planes(Mask(Path("x.nii"), values != 0, TO_LPS @ fine), LOW)
    assert plane.boxes[0] == pytest.approx((9.5, 4.5, 10, 10), abs=1e-6)


def test_what_is_no_drawing_is_refused(tmp_path: Path) -> None:
    old = tmp_path / "old.voi"
    old.write_bytes(b"\x05\x00\x0c\x00" * 200)
    with pytest.raises(CohortError, match=r"old\.voi: is a \.voi without geometry .*save it as"):
        load_mask(old)
    empty = save_mask(tmp_path / "empty.nii", LOW, {})
    with pytest.raises(CohortError, match=r"empty\.nii: nothing is drawn in it"):
        load_mask(empty)
    with pytest.raises(CohortError, match=r"none\.nii: cannot be read \(No such file"):
        load_mask(tmp_path / "none.nii")
    broken = tmp_path / "broken.voi"
    broken.write_bytes(gzip.compress(b"no nifti"))
    with pytest.raises(CohortError, match=r"broken\.voi: the NIfTI file is damaged"):
        load_mask(broken)
    bomb = tmp_path / "bomb.voi"
    bomb.write_bytes(gzip.compress(bytes(300 * 1024 * 1024), 1))
    with pytest.raises(CohortError, match="unpacks to more than 256 MB"):
        load_mask(bomb)


def test_a_mask_without_a_place_or_of_absurd_size_is_refused(tmp_path: Path) -> None:
    import nibabel

    values = np.ones((4, 4, 2), np.uint8)
    image = nibabel.Nifti1Image(values, np.diag([1e-6, 1.0, 1.0, 1.0]))
    image.to_filename(tmp_path / "flat.nii")
    with pytest.raises(CohortError, match=r"flat\.nii: has no usable affine: save it with"):
        load_mask(tmp_path / "flat.nii")
    with pytest.raises(CohortError, match=r"flat\.nii: is too large for a mask: crop it"):
        load_mask(tmp_path / "flat.nii", replace(DEFAULT_OPTIONS, max_file_bytes=10))
