"""Traced sagittal slices become batches whose corners stay on what they mark."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import torch
from tests.inference.conftest import tiny
from tests.training.discs.traced import (
    ASIDE,
    COLUMNS,
    ROWS,
    SPACING_MM,
    corners_px,
    write_tracings,
)

from lumbargrade.errors import OutlineError
from lumbargrade.inference.sagittal.square import FINDER_SQUARE
from lumbargrade.spine.tracing import read_disc_tracings
from lumbargrade.training.augment import Random
from lumbargrade.training.discs.augment import random_maps
from lumbargrade.training.discs.data import (
    MOST_DISCS,
    PACKED,
    TracedDiscs,
    _sampled,
    load_discs,
    plain_batch,
    read_sagittal,
    training_batch,
)

__all__ = ["tiny"]


def silent(done: int, total: int) -> None:
    assert 0 < done <= total


def dotted(count: int, disc: int, corner: int) -> TracedDiscs:
    """Black pictures with a bright dot at one corner of a disc."""
    corners = np.full((MOST_DISCS, 4, 2), np.nan, dtype=np.float32)
    box = np.array([[-18, -5], [18, -4], [18, 4], [-18, 5]])
    for number in range(5):
        corners[number] = np.add(box, [10.0, 60.0 - 33 * number])
    u, v = corners[disc, corner] / PACKED.spacing_mm + (PACKED.pixels - 1) / 2
    y, x = np.mgrid[0 : PACKED.pixels, 0 : PACKED.pixels]
    dot = np.exp(-((x - u) ** 2 + (y - v) ** 2) / (2 * 1.5**2)).astype(np.float16)
    return TracedDiscs(
        np.repeat(dot[None], count, axis=0),
        np.repeat(corners[None], count, axis=0),
        np.ones(count, dtype=bool),
        np.array(["A"] * count),
        np.zeros(count, dtype=bool),
    )


def test_corners_are_in_mm_from_the_middle_and_go_upward(tmp_path: Path) -> None:
    tracings = read_disc_tracings(write_tracings(tmp_path))
    data = load_discs(tracings, [tmp_path], silent)
    assert data.pictures.shape == (3, PACKED.pixels, PACKED.pixels)
    assert data.patients.tolist() == ["A", "B", ASIDE]
    assert data.aside.tolist() == [False, False, True]
    assert data.on_sacrum.tolist() == [True] * 3
    middle = np.array([(COLUMNS - 1) / 2, (ROWS - 1) / 2])
    for number, corners in enumerate(corners_px().values()):
        wanted = (corners - middle) * SPACING_MM
        np.testing.assert_allclose(data.corners_mm[0, number], wanted, atol=0.01)
    assert np.isnan(data.corners_mm[:, 5:]).all()


def test_pictures_lie_under_their_corners(tmp_path: Path) -> None:
    """A disc is darker than the bodies above and below it."""
    data = load_discs(read_disc_tracings(write_tracings(tmp_path)), [tmp_path], silent)
    pictures, target = plain_batch(data, np.array([0, 1]))
    edge = FINDER_SQUARE.pixels
    assert pictures.shape == (2, 1, edge, edge)
    for row in range(2):
        for x, y in (target.middles_mm[row, :5] / 1.5 + (edge - 1) / 2).tolist():
            disc, body = (float(pictures[row, 0, round(v), round(x)]) for v in (y, y - 12))
            assert disc < 0.7 * body


@pytest.mark.parametrize(("disc", "corner"), [(0, 0), (2, 1), (4, 3)])
def test_a_dot_at_a_corner_stays_under_it(disc: int, corner: int) -> None:
    count = 40
    matrix, shift = random_maps(count, Random(7))
    pictures, target = _sampled(dotted(count, disc, corner), np.arange(count), matrix, shift)
    edge = FINDER_SQUARE.pixels
    seen = 0
    for picture, (x, y) in zip(pictures[:, 0], target.corners_mm[:, disc, corner], strict=True):
        u, v = (float(value) / FINDER_SQUARE.spacing_mm + (edge - 1) / 2 for value in (x, y))
        if not (6 < u < edge - 6 and 6 < v < edge - 6):
            continue
        seen += 1
        rows, columns = np.mgrid[0:edge, 0:edge]
        weights = picture.numpy() / picture.sum().item()
        assert abs((columns * weights).sum() - u) < 1.5
        assert abs((rows * weights).sum() - v) < 1.5
    assert seen > 20


def test_a_batch_is_of_its_key_alone_and_finite(tmp_path: Path) -> None:
    data = load_discs(read_disc_tracings(write_tracings(tmp_path)), [tmp_path], silent)
    rows = np.array([0, 1, 1, 0])
    (one, first), (again, _), (other, _) = (
        training_batch(data, rows, Random(seed)) for seed in (5, 5, 6)
    )
    torch.testing.assert_close(one, again, atol=0, rtol=0)
    assert not torch.equal(one, other)
    assert bool(torch.isfinite(one).all())
    assert one.shape == (4, 1, FINDER_SQUARE.pixels, FINDER_SQUARE.pixels)
    assert bool(torch.isfinite(first.corners_mm[:, :5]).all())


def test_simulated_people_are_never_set_aside() -> None:
    data = replace(dotted(2, 0, 0), patients=np.array([ASIDE] * 2))
    assert data.aside.tolist() == [True, True]
    assert replace(data, simulated=np.array([True, False])).aside.tolist() == [False, True]


def test_the_lowest_disc_is_on_the_sacrum_only_where_it_is_said_and_named(tmp_path: Path) -> None:
    path = write_tracings(tmp_path)
    records = json.loads(path.read_text(encoding="utf-8"))
    records[0]["sacrum_seen"] = False
    del records[1]["discs"]["L5/S1"]
    path.write_text(json.dumps(records), encoding="utf-8")
    data = load_discs(read_disc_tracings(path), [tmp_path], silent)
    assert data.on_sacrum.tolist() == [False, False, True]
    assert np.isfinite(data.corners_mm[1, :, 0, 0]).sum() == 4


def test_pictures_may_lie_in_another_folder(tmp_path: Path) -> None:
    path = write_tracings(tmp_path / "made")
    tracings = read_disc_tracings(path)
    assert len(load_discs(tracings, [tmp_path, path.parent], silent).pictures) == 3
    with pytest.raises(OutlineError, match=r"A\.png.*\(it is named by a tracing\)"):
        load_discs(tracings, [tmp_path], silent)


def test_a_picture_shows_the_front_on_its_left_and_the_head_at_its_top(tmp_path: Path) -> None:
    write_tracings(tmp_path)
    item = read_sagittal(tmp_path / "A.png", SPACING_MM)
    assert item.geometry.row_direction == (0.0, 1.0, 0.0)
    assert item.geometry.column_direction == (0.0, 0.0, -1.0)
    assert item.geometry.pixel_spacing_mm == (SPACING_MM, SPACING_MM)
    assert (item.geometry.rows, item.geometry.columns) == (ROWS, COLUMNS)


def test_a_picture_without_spacing_is_refused(tmp_path: Path) -> None:
    write_tracings(tmp_path, ("A",))
    with pytest.raises(OutlineError, match=r"spacing.*\(it is named by a tracing\)"):
        read_sagittal(tmp_path / "A.png", None)


def test_several_slices_and_axial_ones_are_refused(tiny: ModuleType, tmp_path: Path) -> None:
    tiny.write_study(tmp_path, [tiny.axial(0), tiny.axial(1)])
    with pytest.raises(OutlineError, match="has 2 slices, and a tracing is of one: split it"):
        read_sagittal(tmp_path, None)
    with pytest.raises(OutlineError, match=r"0000\.dcm: is axial: mark discs on sagittal slices"):
        read_sagittal(tmp_path / "0000.dcm", None)
