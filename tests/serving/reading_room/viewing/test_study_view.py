from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lumbargrade.cohort.read import CohortSlice
from lumbargrade.inference.engine import Engine
from lumbargrade.serving.reading_room.viewing.boxes import box_to_shown
from lumbargrade.serving.reading_room.viewing.study_view import study_view
from lumbargrade.serving.reading_room.viewing.views import StudyView, pixels_of
from lumbargrade.study.read import read_study

Known = tuple[CohortSlice, ...]


@pytest.fixture(scope="module")
def view(model: Engine, simulated_study: Path, known: Known) -> StudyView:
    """What a reader sees of the simulated patient."""
    return study_view(simulated_study, known, model)


def test_slices_are_numbered_cranial_to_caudal(view: StudyView, known: Known) -> None:
    assert [one.number for one in view.slices] == list(range(1, len(known) + 1))
    heights = [one.stored.center_mm[2] for one in view.slices]
    assert heights == sorted(heights, reverse=True)
    levels = {one.sop_instance_uid: one.level for one in known}
    for one in view.slices:
        assert one.level == levels[one.sop_instance_uid]
        assert one.level_source == "cohort"
        assert one.letters == ("A", "L", "P", "R")


def test_pixels_are_the_stored_ones_as_shown(view: StudyView, simulated_study: Path) -> None:
    study = read_study(simulated_study)
    items = {one.sop_instance_uid: one for own in study.series for one in own.slices}
    for one in view.slices[::5]:
        shown = np.frombuffer(pixels_of(view, one.number), "<u2").reshape(one.rows, one.columns)
        stored = items[one.sop_instance_uid].load_pixels()
        for row, column in ((5, 9), (100, 200), (one.rows - 1, 0)):
            x, y, _ = one.stored.to_pixel(one.shown.to_patient(column, row))
            assert shown[row, column] == stored[round(y), round(x)]
        low, high = one.window
        assert 0 <= low < high <= shown.max()


def test_the_region_is_the_box_that_was_drawn(view: StudyView, known: Known) -> None:
    boxes = {one.sop_instance_uid: one.box_px for one in known}
    for one in view.slices:
        box = boxes[one.sop_instance_uid]
        assert box is not None
        x, y, width, height = box
        shown = box_to_shown(view, one.number, (x + 0.5, y + 0.5, width, height))
        centre = shown[0] + shown[2] / 2, shown[1] + shown[3] / 2
        assert one.region_mm == pytest.approx((*centre, max(shown[2:])))
        assert one.region_source == "drawn box"
        assert one.proposal_mm is not None
        assert one.proposal_mm[2:] == (75, 75)


def test_discs_have_the_names_of_the_slices_through_them(view: StudyView) -> None:
    assert view.sagittal is not None
    assert len(view.sagittal.lines) == len(view.slices)
    for disc in filter(lambda one: one.level, view.sagittal.discs):
        middle = float(np.mean([y for _, y in disc.corners_mm]))
        near = min(view.sagittal.lines, key=lambda one: abs((one.y1 + one.y2) / 2 - middle))
        assert view.slice(near.number).level == disc.level


def test_without_a_word_of_the_cohort_the_sagittal_series_names_levels(
    model: Engine, simulated_study: Path, known: Known
) -> None:
    bare = [replace(one, level=None, box_px=None, center_px=None) for one in known]
    view = study_view(simulated_study, bare, model)
    levels = {one.sop_instance_uid: one.level for one in known}
    assert [one.level for one in view.slices] == [levels[o.sop_instance_uid] for o in view.slices]
    assert {one.level_source for one in view.slices} == {"sagittal"}
    assert {one.region_source for one in view.slices} == {"locator"}
