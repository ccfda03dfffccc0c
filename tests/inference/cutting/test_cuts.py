from __future__ import annotations

from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from lumbargrade.errors import StudyError
from lumbargrade.grading.finding import NotGraded
from lumbargrade.grading.level import LevelAssignment
from lumbargrade.inference.cutting import cuts as room
from lumbargrade.inference.cutting.candidates import Candidate, decoded
from lumbargrade.inference.cutting.cuts import cut_regions
from lumbargrade.inference.cutting.places import Given
from lumbargrade.inference.engine import Engine
from lumbargrade.study.read import read_study

CENTER = (70.0, 95.0)
BOX = (40.0, 65.0, 60.0, 60.0)


@pytest.fixture
def given(tiny: ModuleType, tmp_path: Path) -> list[Candidate]:
    files = [tiny.axial(number, CENTER) for number in range(3)]
    (series,) = read_study(tiny.write_study(tmp_path / "study", files)).series
    return decoded(series.slices, [LevelAssignment()] * 3, [])


def test_regions_are_cut_where_the_locator_looks(engine: Engine, given: list[Candidate]) -> None:
    refused: list[NotGraded] = []
    found = cut_regions(engine, given, Given(), refused, [])
    assert [one.candidate.slice for one in found] == [one.slice for one in given]
    assert all(np.hypot(*np.subtract(one.region.center_px, CENTER)) < 2 for one in found)
    assert not refused


def test_a_box_is_never_rotated(engine: Engine, given: list[Candidate]) -> None:
    askew = [Candidate(one.slice, one.level, one.pixels, rotation_deg=30.0) for one in given]
    found = cut_regions(engine, askew, Given(box_px=BOX), [], [])
    assert {one.region.angle_deg for one in found} == {0.0}
    assert {one.warnings for one in found} == {()}


def test_an_angle_is_undone_until_nothing_remains(
    engine: Engine, given: list[Candidate], monkeypatch: pytest.MonkeyPatch
) -> None:
    left = iter([20.0, 0.0])
    monkeypatch.setattr(room, "remaining_rotation", lambda *_: next(left))
    found = cut_regions(engine, given, Given(), [], [])
    assert {one.candidate.rotation_deg for one in found} == {20.0}
    assert all("rotated by about 20 degrees" in one.warnings[-1] for one in found)


def test_what_lies_too_far_from_upright_was_turned(
    engine: Engine, given: list[Candidate], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "remaining_rotation", lambda *_: 90.0)
    refused: list[NotGraded] = []
    assert cut_regions(engine, given, Given(), refused, []) == []
    assert len(refused) == len(given)


def test_a_box_beyond_the_slice_is_an_error(engine: Engine, given: list[Candidate]) -> None:
    with pytest.raises(StudyError, match="extends beyond the slice"):
        cut_regions(engine, given, Given(box_px=(150, 10, 90, 30)), [], [])
