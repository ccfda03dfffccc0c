"""Five discs by name on every sagittal slice, whatever the finder saw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lumbargrade.cohort.read import CohortSlice
from lumbargrade.errors import StudyError
from lumbargrade.grading.level import Level
from lumbargrade.grading.system import Unit
from lumbargrade.inference.engine import Engine
from lumbargrade.inference.levels.stack import NamedLevels
from lumbargrade.inference.sagittal.find import NOTHING, find_spine
from lumbargrade.serving.reading_room.viewing.discs import NO_SERIES, disc_views
from lumbargrade.serving.reading_room.viewing.study_view import study_view
from lumbargrade.serving.reading_room.viewing.views import StudyView
from lumbargrade.study.model import FloatImage, Series, Slice, Study
from lumbargrade.study.read import read_study
from lumbargrade.study.series.kind import plane_of
from lumbargrade.study.series.sagittal import SAGITTAL

BOTH = frozenset(Unit)
UNNAMED = NamedLevels((), ())


@pytest.fixture(scope="module")
def view(model: Engine, simulated_study: Path, known: tuple[CohortSlice, ...]) -> StudyView:
    """What a reader of slices and discs sees of the simulated patient."""
    return study_view(simulated_study, known, model, BOTH)


@pytest.fixture(scope="module")
def sagittal(simulated_study: Path) -> Sequence[Slice]:
    """The sagittal slices, the patient's right to left."""
    found = [
        item
        for one in read_study(simulated_study).series
        for item in one.slices
        if plane_of(item.geometry.normal) == SAGITTAL
    ]
    return sorted(found, key=lambda item: float(item.geometry.center_mm[0]))


def test_discs_follow_on_the_slices(view: StudyView) -> None:
    first = len(view.slices) + 1
    assert [one.number for one in view.discs] == list(range(first, first + 5))
    assert [one.level for one in view.discs] == list(Level)
    heights = [one.region_mm[1] for one in view.discs]
    assert heights == sorted(heights)


def test_a_disc_is_where_the_sagittal_picture_has_it(view: StudyView) -> None:
    assert view.sagittal is not None
    marks = {one.level: one.corners_mm for one in view.sagittal.discs}
    for disc in view.discs:
        assert disc.is_found
        middle = np.mean(marks[disc.level], axis=0)
        assert disc.region_mm[:2] == pytest.approx(middle, abs=3)


def test_planes_are_all_sagittal_slices_from_right_to_left(
    view: StudyView, sagittal: Sequence[Slice]
) -> None:
    assert len(view.planes) == len(sagittal)
    for plane, item in zip(view.planes, sagittal, strict=True):
        shown = np.frombuffer(plane.pixels, "<u2").reshape(plane.rows, plane.columns)
        assert np.sort(shown, axis=None).tolist() == np.sort(item.load_pixels(), axis=None).tolist()
        assert plane.letters[0::2] == ("H", "F")
    middle = (len(sagittal) + 1) / 2
    assert all(abs(one.plane - middle) <= 1.5 for one in view.discs)


def test_discs_alone_are_numbered_from_one(
    model: Engine, simulated_study: Path, known: tuple[CohortSlice, ...]
) -> None:
    alone = study_view(simulated_study, known, model, frozenset({Unit.DISC}))
    assert (len(alone.slices), [one.number for one in alone.discs]) == (0, [1, 2, 3, 4, 5])
    assert alone.sagittal is not None
    assert alone.sagittal.lines == ()
    data = alone.to_json()
    assert {one["unit"] for one in data["discs"]} == {"disc"}
    assert len(data["planes"]) == len(alone.planes)


def test_a_disc_that_was_not_found_is_read_all_the_same(sagittal: Sequence[Slice]) -> None:
    found = disc_views(Study("1", "P", (_series(sagittal),)), NOTHING, UNNAMED, 1)
    assert [one.level for one in found.discs] == list(Level)
    assert not any(one.is_found for one in found.discs)
    plane = found.planes[found.discs[0].plane - 1]
    assert found.discs[0].region_mm[:2] == (plane.width_mm / 2, plane.height_mm / 2)
    assert found.doubts == (
        "Not found, look on the whole picture (− zooms out): L1/L2, L2/L3, L3/L4, L4/L5, L5/S1.",
    )


def test_discs_of_a_study_without_a_sagittal_series_are_asked_for_all_the_same() -> None:
    found = disc_views(Study("1", "P", ()), NOTHING, UNNAMED, 1)
    assert [one.level for one in found.discs] == list(Level)
    assert (len(found.planes), found.doubts) == (1, (NO_SERIES,))


def test_names_that_the_series_belies_are_told(
    model: Engine, simulated_study: Path, known: tuple[CohortSlice, ...]
) -> None:
    """The cohort calls the lowest disc L4/L5, the sacrum is seen below it."""
    shifted = dict(zip(reversed(Level), [*reversed(Level)][1:], strict=False))
    other = [replace(one, level=shifted.get(one.level) if one.level else None) for one in known]
    view = study_view(simulated_study, other, model, BOTH)
    assert any("but the sagittal series" in one for one in view.doubts)
    right = study_view(simulated_study, known, model, BOTH)
    assert not any("the user's word" in one for one in right.doubts)


def test_without_axial_slices_the_sagittal_series_names_its_discs(
    model: Engine, sagittal: Sequence[Slice]
) -> None:
    study = Study("1", "P", (_series(sagittal),))
    found = disc_views(study, find_spine(model, study), UNNAMED, 1)
    assert all(one.is_found for one in found.discs)


def test_a_plane_that_cannot_be_decoded_is_left_out_and_told(sagittal: Sequence[Slice]) -> None:
    def fails() -> FloatImage:
        raise StudyError("ZPATIENT/1.dcm: damaged")

    broken = replace(sagittal[0], load_pixels=fails)
    series = _series([broken, *sagittal[1:]])
    found = disc_views(Study("1", "P", (series,)), NOTHING, UNNAMED, 1)
    assert len(found.planes) == len(sagittal) - 1
    assert found.doubts[0] == "Sagittal slice 1 is damaged and not shown."
    assert "ZPATIENT" not in " ".join(found.doubts)
    none = disc_views(Study("1", "P", (_series([broken]),)), NOTHING, UNNAMED, 1)
    assert len(none.discs) == 5
    assert none.doubts[0] == NO_SERIES


def _series(slices: Sequence[Slice]) -> Series:
    return Series("1.2", 1, slices[0].acquisition, tuple(slices))
