from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from lumbargrade.grading.finding import NotGraded
from lumbargrade.grading.level import Level, LevelAssignment
from lumbargrade.inference.cutting import chosen as room
from lumbargrade.inference.cutting.candidates import Candidate, not_graded
from lumbargrade.inference.cutting.chosen import ChosenSlices, choose_slices
from lumbargrade.inference.engine import Engine
from lumbargrade.inference.sagittal.discs import SpineDisc, SpineDiscs
from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.graded import SagittalPicture
from lumbargrade.study.model import Study
from lumbargrade.study.read import read_study
from lumbargrade.study.series.select import select_axial

PICTURE = SagittalPicture(
    "1.2.2",
    "1.3.9",
    1,
    "sag.dcm",
    SliceGeometry((0, 0, 0), (0, 1, 0), (0, 0, -1), (1, 1), 4, 4),
    np.zeros((4, 4), dtype=np.float32),
    "",
)
Choose = Callable[[set[str]], ChosenSlices]


@pytest.fixture
def study(tiny: ModuleType, tmp_path: Path) -> Study:
    """Series 1 and 2 show the same three places."""
    files = []
    for number in (1, 2):
        for place in range(3):
            one = tiny.axial(place)
            one.SeriesNumber, one.SeriesInstanceUID = number, f"1.2.{number}"
            one.SOPInstanceUID = one.file_meta.MediaStorageSOPInstanceUID = f"1.3.{number}.{place}"
            files.append(one)
    return read_study(tiny.write_study(tmp_path / "study", files))


@pytest.fixture
def choose(engine: Engine, study: Study, monkeypatch: pytest.MonkeyPatch) -> Choose:
    """Return what is chosen if these series lie turned."""

    def run(turned: set[str]) -> ChosenSlices:
        def leave_out(
            _: Engine, given: list[Candidate], refused: list[NotGraded], doubts: list[str]
        ) -> list[Candidate]:
            for one in given:
                if one.slice.series_instance_uid in turned:
                    refused.append(not_graded(one.slice, "turned"))
            return [one for one in given if one.slice.series_instance_uid not in turned]

        monkeypatch.setattr(room, "not_turned", leave_out)
        return choose_slices(engine, study, select_axial, None, check_turns=True)

    return run


def test_the_better_series_stands_for_both(choose: Choose) -> None:
    found = choose(set())
    assert {one.slice.series_instance_uid for one in found.candidates} == {"1.2.1"}
    assert {one.series_instance_uid for one in found.refused} == {"1.2.2"}
    assert all("at the same place as" in one.reason for one in found.refused)


def test_a_turned_series_gives_way_to_the_other(choose: Choose) -> None:
    found = choose({"1.2.1"})
    assert [one.slice.series_instance_uid for one in found.candidates] == ["1.2.2"] * 3
    assert [one.reason for one in found.refused] == ["turned"] * 3


def test_where_both_are_useless_both_are_named(choose: Choose) -> None:
    found = choose({"1.2.1", "1.2.2"})
    assert found.candidates == []
    assert {one.series_instance_uid for one in found.refused} == {"1.2.1", "1.2.2"}
    assert len(found.refused) == 6


def test_levels_are_named_by_the_discs_that_are_given(engine: Engine, study: Study) -> None:
    corners = [(0.0, y, z) for y, z in ((-17, 4), (17, 4), (17, -4), (-17, -4))]
    frame = study.series[0].slices[0].frame_of_reference_uid
    spine = SpineDiscs((SpineDisc(np.array(corners), 1, 0.9),), frame, "series 9")
    named = choose_slices(engine, study, select_axial, None, check_turns=False, spine=spine)
    assert [one.level.level for one in named.candidates] == [Level.L4_L5] * 3
    assert named.levels.warnings == ("the lowest disc with slices is L4/L5 by the sagittal series",)
    plain = choose_slices(engine, study, select_axial, None, check_turns=False)
    assert [one.level for one in plain.candidates] == [LevelAssignment()] * 3


def test_a_series_that_was_read_for_the_levels_says_so(engine: Engine, study: Study) -> None:
    spine = SpineDiscs(picture=PICTURE)
    found = choose_slices(engine, study, select_axial, None, check_turns=False, spine=spine)
    reasons = {one.reason for one in found.refused if one.series_instance_uid == "1.2.2"}
    assert reasons
    assert all(reason.endswith("; its discs were read for the levels") for reason in reasons)
    plain = choose_slices(engine, study, select_axial, None, check_turns=False)
    assert not any("discs were read" in one.reason for one in plain.refused)
