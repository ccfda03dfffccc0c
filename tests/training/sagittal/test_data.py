"""Graded discs are cut as they are graded, and people are set aside."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.training.discs.traced import ASIDE
from tests.training.sagittal.graded import EDGE, discs, write_graded

from lumbargrade.errors import OutlineError
from lumbargrade.inference.discs.square import disc_squares
from lumbargrade.spine.tracing import read_disc_tracings
from lumbargrade.training.discs.data import read_sagittal
from lumbargrade.training.heads import MISSING
from lumbargrade.training.sagittal.data import MARGIN_PX, load_graded


def test_discs_with_a_grade_are_packed(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    tracings = read_disc_tracings(write_graded(tmp_path))
    data = load_graded(tracings, ("PFIRRMANN",), [tmp_path], lambda *at: told.append(at))
    assert data.squares.shape == (9, EDGE, EDGE)
    assert data.values.tolist() == [[one] for one in (0, 1, 2, 1, 2, 3, 2, 3, 4)]
    assert data.patients.tolist() == ["A"] * 3 + ["B"] * 3 + [ASIDE] * 3
    assert data.aside.tolist() == [False] * 6 + [True] * 3
    assert not data.simulated.any()
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_a_grade_that_is_not_there_is_missing(tmp_path: Path) -> None:
    tracings = read_disc_tracings(write_graded(tmp_path, ("A",), slips=True))
    both = load_graded(tracings, ("PFIRRMANN", "SLIP"), [tmp_path], lambda *at: None)
    assert both.values.tolist() == [[0, 0], [1, MISSING], [2, MISSING], [MISSING, 1]]
    assert both.systems == ("PFIRRMANN", "SLIP")
    slips = load_graded(tracings, ("SLIP",), [tmp_path], lambda *at: None)
    assert slips.values.tolist() == [[0], [1]]


def test_they_are_cut_as_for_a_grade(tmp_path: Path) -> None:
    tracings = read_disc_tracings(write_graded(tmp_path, ("A",)))
    data = load_graded(tracings, ("PFIRRMANN",), [tmp_path], lambda *at: None)
    item = read_sagittal(tmp_path / "A.png", tracings[0].pixel_spacing_mm)
    corners = np.array(
        [[item.geometry.to_patient(*one) for one in disc] for disc in tracings[0].discs.values()]
    )
    graded = disc_squares(item.load_pixels(), item.geometry, corners).pictures
    inner = slice(MARGIN_PX, -MARGIN_PX)
    np.testing.assert_allclose(data.squares[:, inner, inner], graded[:3], atol=2e-3)


def test_without_a_grade_there_are_no_discs(tmp_path: Path) -> None:
    data = load_graded(
        read_disc_tracings(write_graded(tmp_path)), ("OTHER",), [tmp_path], lambda *at: None
    )
    assert data.squares.shape == (0, EDGE, EDGE)


def test_a_missing_slice_is_named(tmp_path: Path) -> None:
    tracings = read_disc_tracings(write_graded(tmp_path))
    (tmp_path / "B.png").unlink()
    with pytest.raises(OutlineError, match=r"B\.png"):
        load_graded(tracings, ("PFIRRMANN",), [tmp_path], lambda *at: None)


def test_some_of_the_discs() -> None:
    some = discs(6).at(np.array([1, 3]))
    assert some.values.tolist() == [[1], [3]]
    assert some.systems == ("PFIRRMANN",)
    assert some.patients.tolist() == ["P1", "P3"]
