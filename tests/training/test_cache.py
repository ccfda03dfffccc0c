from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lumbargrade.cohort.read import read_cohort
from lumbargrade.errors import CohortError
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.bundle_json import OUTLINER_FILE
from lumbargrade.inference.engine import Engine
from lumbargrade.inference.grader.inputs import grader_inputs
from lumbargrade.study.patch import PatchSpec, extract_patch
from lumbargrade.study.read import read_study
from lumbargrade.study.squares import RegionRule
from lumbargrade.training.cache import DONE, REFUSED, TODO, CacheSpec, open_cache, pack

SPEC = CacheSpec("mark", PatchSpec(75.0, 32), margin_px=4)


def test_packed_patch_is_the_patch_that_inference_cuts(tiny_cohort: Path, tmp_path: Path) -> None:
    slices = read_cohort(tiny_cohort).slices[:4]
    packed = pack(slices, tmp_path / "cache", SPEC)
    study = read_study([slices[0].file])
    picture = study.series[0].slices[0]
    assert slices[0].center_px is not None
    patch = extract_patch(
        picture.load_pixels(), picture.geometry, slices[0].center_px, SPEC.patch, margin_px=4
    )
    np.testing.assert_allclose(packed.patches[0], patch, atol=2e-3)
    assert packed.patches.shape == (4, 40, 40)
    assert packed.overviews.shape == (4, 128, 128)
    # Centre of 96 x 96 mm is overview (63.5, 63.5); the canal lies at (48, 50) of 1 mm pixels.
    np.testing.assert_allclose(packed.targets[0], [63.5 + 0.25, 63.5 + 1.25], atol=1e-5)
    assert packed.state.tolist() == [DONE] * 4


def test_packing_goes_on_where_it_stopped(tiny_cohort: Path, tmp_path: Path) -> None:
    slices = read_cohort(tiny_cohort).slices[:9]
    folder, told = tmp_path / "cache", []
    pack(slices, folder, SPEC)
    again = open_cache(folder, writable=True)
    again.patches[:] = 0
    again.state[3:6] = TODO
    for rows in (again.patches, again.state):
        assert isinstance(rows, np.memmap)
        rows.flush()
    packed = pack(slices, folder, SPEC, progress=lambda done, total: told.append((done, total)))
    assert told == [(9, 9)]
    changed = [bool(np.any(packed.patches[row])) for row in range(9)]
    assert changed == [False] * 3 + [True] * 3 + [False] * 3


def test_another_specification_packs_anew(tiny_cohort: Path, tmp_path: Path) -> None:
    slices = read_cohort(tiny_cohort).slices[:3]
    pack(slices, tmp_path / "cache", SPEC)
    packed = pack(slices, tmp_path / "cache", replace(SPEC, margin_px=0))
    assert packed.patches.shape == (3, 32, 32)
    assert packed.state.tolist() == [DONE] * 3


def test_a_drawn_box_is_packed_as_it_is_graded(tiny_cohort: Path, tmp_path: Path) -> None:
    boxes = [
        (18.0, 15.0, 60.0, 50.0),
        None,
        (28.0, 18.0, 40.0, 55.0),
        (20.0, 20.0, 0.0, 0.0),
        (60.0, 60.0, 60.0, 60.0),
    ]
    plain = read_cohort(tiny_cohort).slices[:5]
    slices = [replace(one, box_px=box) for one, box in zip(plain, boxes, strict=True)]
    spec = replace(SPEC, rule=RegionRule("drawn", 1.2))
    packed = pack(slices, tmp_path / "cache", spec)
    # Nothing drawn, of no size, and out of the slice: not learned from.
    assert packed.state.tolist() == [DONE, REFUSED, DONE, REFUSED, REFUSED]
    assert packed.squares_mm is not None
    np.testing.assert_allclose(packed.squares_mm[[0, 2]], [72.0, 66.0])
    picture = read_study([slices[0].file]).series[0].slices[0]
    pixels, square = picture.load_pixels(), PatchSpec(72.0, 32)
    patch = extract_patch(pixels, picture.geometry, (48.0, 40.0), square, margin_px=4)
    np.testing.assert_allclose(packed.patches[0], patch, atol=2e-3)
    # The locator learns the middle of the box.
    np.testing.assert_allclose(packed.targets[0], [63.5 + 0.25, 63.5 - 3.75], atol=1e-5)
    assert pack(slices, tmp_path / "cache", SPEC).squares_mm is None


def test_two_workers_pack_the_same(tiny_cohort: Path, tmp_path: Path) -> None:
    slices = read_cohort(tiny_cohort).slices[:12]
    one = pack(slices, tmp_path / "one", SPEC, workers=1)
    two = pack(slices, tmp_path / "two", SPEC, workers=2)
    assert np.array_equal(one.patches, two.patches)
    assert np.array_equal(one.targets, two.targets)


def test_a_square_outside_its_field_of_view_is_refused(tiny_cohort: Path, tmp_path: Path) -> None:
    slices = list(read_cohort(tiny_cohort).slices[:3])
    slices[1] = replace(slices[1], center_px=(2.0, 2.0))
    assert pack(slices, tmp_path / "cache", SPEC).state.tolist() == [DONE, REFUSED, DONE]


def test_a_file_that_is_another_slice_is_an_error(tiny_cohort: Path, tmp_path: Path) -> None:
    slices = [replace(read_cohort(tiny_cohort).slices[0], sop_instance_uid="1.2.3")]
    with pytest.raises(CohortError, match=r"no slice with SOP Instance UID 1\.2\.3"):
        pack(slices, tmp_path / "cache", SPEC)


def test_a_folder_without_a_cache_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CohortError, match="is not a packed cache"):
        open_cache(tmp_path)


def test_a_slice_without_a_centre_is_left_out(tiny_cohort: Path, tmp_path: Path) -> None:
    slices = [*read_cohort(tiny_cohort).slices[:3]]
    slices[1] = replace(slices[1], center_px=None)
    assert pack(slices, tmp_path / "cache", SPEC).state.tolist() == [DONE, REFUSED, DONE]


def test_maps_are_those_that_inference_makes(tiny_cohort: Path, tmp_path: Path) -> None:
    slices = list(read_cohort(tiny_cohort).slices[:4])
    slices[1] = replace(slices[1], center_px=None)
    bundle = load_bundle()
    spec = replace(SPEC, outliner=(str(bundle.folder), bundle.manifest.files[OUTLINER_FILE]))
    packed = pack(slices, tmp_path / "cache", spec)
    assert packed.maps is not None
    assert packed.maps.shape == (4, 5, 40, 40)
    assert packed.maps.dtype == np.uint8
    assert packed.state.tolist() == [DONE, REFUSED, DONE, DONE]
    pictures = {
        one.sop_instance_uid: one
        for series in read_study([item.file for item in slices[:3]]).series
        for one in series.slices
    }
    placed = []
    for item in (slices[0], slices[2]):
        picture = pictures[item.sop_instance_uid]
        assert item.center_px is not None
        placed.append((picture.load_pixels(), picture.geometry, item.center_px))
    wanted = grader_inputs(Engine(bundle), placed, SPEC.patch, 4, outlines=True)[:, 1:]
    np.testing.assert_allclose(packed.maps[[0, 2]] / 255, wanted, atol=0.51 / 255)
    assert not packed.maps[1].any()
    # Two workers use a thread each, and still draw the same.
    two = pack(slices, tmp_path / "two", spec, workers=2)
    assert two.maps is not None
    assert np.abs(two.maps.astype(int) - packed.maps).max() <= 1


def test_another_outline_network_packs_anew(tiny_cohort: Path, tmp_path: Path) -> None:
    slices, folder = read_cohort(tiny_cohort).slices[:3], tmp_path / "cache"
    bundle = load_bundle()
    drawn = replace(SPEC, outliner=(str(bundle.folder), bundle.manifest.files[OUTLINER_FILE]))
    assert pack(slices, folder, SPEC).maps is None
    told: list[int] = []
    pack(slices, folder, drawn, progress=lambda done, _: told.append(done))
    assert told == [3]
    elsewhere = replace(SPEC, outliner=("/somewhere/else", bundle.manifest.files[OUTLINER_FILE]))
    pack(slices, folder, elsewhere, progress=lambda done, _: told.append(done))
    assert told == [3]
    assert pack(slices, folder, SPEC).maps is None


def test_a_cache_takes_its_room_before_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hole in a file that is mapped would kill the process where the disk is full."""
    allocate: Callable[[int, int, int], None] = os.posix_fallocate
    taken: list[int] = []

    def counting(descriptor: int, offset: int, size: int) -> None:
        taken.append(size)
        allocate(descriptor, offset, size)

    monkeypatch.setattr(os, "posix_fallocate", counting)
    assert pack((), tmp_path, replace(SPEC, bent_rows=2)).state.tolist() == [0, 0]
    sizes = {file.stat().st_size for file in tmp_path.glob("*.npy")}
    assert sizes == set(taken)
    assert min(sizes) > 100
