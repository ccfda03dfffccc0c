"""Tracings and their pictures become batches, mirrored with their sides exchanged."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from tests.training.outlines.traced import write_tracings

from lumbargrade.errors import OutlineError
from lumbargrade.morphometry.layers import LAYERS
from lumbargrade.morphometry.tracing import read_tracings
from lumbargrade.study.limits import ReadOptions
from lumbargrade.study.read import read_study
from lumbargrade.training.augment import Random
from lumbargrade.training.outlines.data import (
    is_set_aside,
    load_traced,
    plain_batch,
    training_batch,
)
from lumbargrade.training.outlines.loss import NOT_SAID


def silent(done: int, total: int) -> None:
    assert 0 < done <= total


def test_pictures_lie_under_their_outlines(tmp_path: Path) -> None:
    data = load_traced(read_tracings(write_tracings(tmp_path)), [tmp_path], silent)
    assert data.pictures.shape == (3, 200, 200)
    assert data.aside.tolist() == [False, False, True]
    pictures, target = plain_batch(data, np.array([0, 2]))
    assert pictures.shape == (2, 1, 128, 128)
    sac = target.masks[:, LAYERS.index("sac")] > 0.9
    disc = target.masks[:, LAYERS.index("disc")] > 0.9
    assert float(pictures[:, 0][sac].mean()) > float(pictures[:, 0][disc].mean()) + 0.3


def test_a_mirrored_slice_has_its_sides_exchanged(tmp_path: Path) -> None:
    """The left facet is where the picture's right half is, mirrored or not."""
    data = load_traced(read_tracings(write_tracings(tmp_path)), [tmp_path], silent)
    _, target = training_batch(data, np.zeros(24, dtype=np.int64), Random(2))
    columns = torch.arange(128.0)
    for side, low, high in (("right", 0, 64), ("left", 64, 128)):
        mask = target.masks[:, LAYERS.index(f"facet_{side}")].sum(1)
        middle = (mask * columns).sum(1) / mask.sum(1)
        assert bool(((middle > low) & (middle < high)).all())


def test_a_plane_that_was_not_said_is_not_known(tmp_path: Path) -> None:
    path = write_tracings(tmp_path)
    records = json.loads(path.read_text(encoding="utf-8"))
    del records[0]["plane"]
    path.write_text(json.dumps(records), encoding="utf-8")
    data = load_traced(read_tracings(path), [tmp_path], silent)
    assert data.planes.tolist() == [NOT_SAID, 0, 0]


def test_a_picture_that_is_not_there_is_named(tmp_path: Path) -> None:
    tracings = read_tracings(write_tracings(tmp_path))
    (tmp_path / "B.png").unlink()
    with pytest.raises(OutlineError, match=r"B\.png.*\(it is named by a tracing\)"):
        load_traced(tracings, [tmp_path], silent)


def test_a_picture_that_is_too_small_is_named(tmp_path: Path) -> None:
    tracings = read_tracings(write_tracings(tmp_path))
    Image.fromarray(np.arange(3600, dtype=np.uint8).reshape(60, 60)).save(tmp_path / "B.png")
    with pytest.raises(OutlineError, match=r"B\.png: field of view"):
        load_traced(tracings, [tmp_path], silent)


def test_a_file_of_several_slices_is_no_slice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tracings = read_tracings(write_tracings(tmp_path))
    study = read_study(tmp_path / "A.png", ReadOptions(pixel_spacing_mm=(0.7, 0.7)))
    (series,) = study.series
    many = replace(study, series=(replace(series, slices=series.slices * 3),))
    monkeypatch.setattr("lumbargrade.training.outlines.data.read_study", lambda *given: many)
    with pytest.raises(OutlineError, match=r"A\.png: has 3 slices, and a tracing is of one"):
        load_traced(tracings, [tmp_path], silent)


def test_about_a_quarter_of_the_patients_is_set_aside() -> None:
    share = np.mean([is_set_aside(f"P{number:04d}") for number in range(2000)])
    assert share == pytest.approx(0.25, abs=0.03)
