from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.made_up_discs import SAGITTAL, sagittal

from lumbargrade.grading.level import Level, LevelAssignment, LevelSource
from lumbargrade.inference.sagittal.discs import SpineDisc, SpineDiscs
from lumbargrade.serving.reading_room.viewing.spine import sagittal_view
from lumbargrade.study.model import Slice, Study
from lumbargrade.study.read import read_study

CORNERS = np.array([(2.0, -40, 4), (2, -5, 4), (2, -5, -4), (2, -40, -4)])
NAMES = [LevelAssignment(one, LevelSource.SAGITTAL) for one in (Level.L5_S1, Level.L4_L5, None)]


def _spine(frame: str = "") -> SpineDiscs:
    discs = [SpineDisc(CORNERS + np.array((0, 0, 35 * n)), n, 0.9) for n in range(3)]
    return SpineDiscs(tuple(discs), frame, "series 3", (), sagittal(frame))


def _slices(study: Study) -> list[Slice]:
    return [one for series in study.series for one in series.slices][:2]


def test_discs_and_lines_are_where_they_lie(simulated_study: Path) -> None:
    study = read_study(simulated_study)
    first, second = _slices(study)
    axial = replace(SAGITTAL, position_mm=(-80, -80, 10), row_direction=(1, 0, 0),
                    column_direction=(0, 1, 0), rows=120, columns=160)  # fmt: skip
    here = replace(first, geometry=axial, frame_of_reference_uid="1.7")
    other = replace(second, geometry=axial, frame_of_reference_uid="1.8")
    view = sagittal_view(study, _spine("1.7"), NAMES, [(4, here), (5, other)])
    assert view is not None
    assert [one.level for one in view.discs] == [None, Level.L4_L5, Level.L5_S1]
    assert view.discs[2].corners_mm[0] == pytest.approx((60.5, 136.5))
    (line,) = view.lines
    assert line.number == 4
    assert line.y1 == pytest.approx(130.5)
    assert view.letters == ("H", "P", "F", "A")
    assert len(view.pixels) == 2 * 280 * 200
    left, top, width, height = view.view_box
    assert 0 <= left < 60 < left + width <= view.width_mm
    assert 0 <= top < 90 < top + height <= view.height_mm


def test_without_discs_the_middle_slice_is_shown_whole(simulated_study: Path) -> None:
    view = sagittal_view(read_study(simulated_study), SpineDiscs(), (), [])
    assert view is not None
    assert (view.discs, view.lines) == ((), ())
    assert view.view_box == (0, 0, view.width_mm, view.height_mm)


def test_without_names_by_slices_the_series_names_its_discs(simulated_study: Path) -> None:
    spine = _spine()
    view = sagittal_view(read_study(simulated_study), spine, (), [])
    assert view is not None
    assert [one.level for one in view.discs] == ["L3/L4", "L4/L5", "L5/S1"]
    unknown = replace(spine, discs=tuple(replace(one, above_sacrum=None) for one in spine.discs))
    view = sagittal_view(read_study(simulated_study), unknown, (), [])
    assert view is not None
    assert [one.level for one in view.discs] == [None, None, None]


def test_without_a_sagittal_series_there_is_nothing(simulated_study: Path) -> None:
    study = read_study(simulated_study)
    assert sagittal_view(replace(study, series=()), SpineDiscs(), (), []) is None
