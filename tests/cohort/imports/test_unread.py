"""Slices that are still to be read: those that would be graded, with levels that can be told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from lumbargrade.cohort.imports.assembly import StudyDrafts
from lumbargrade.cohort.imports.studies import ReadStudy, StudySource, read_material
from lumbargrade.cohort.imports.unread import UnreadSlices
from lumbargrade.grading.level import Level
from lumbargrade.readings.faults import Faults
from lumbargrade.study.series.kind import plane_of


@pytest.fixture(scope="module")
def phantom(simulated_study: Path) -> ReadStudy:
    """A simulated patient with axial T2 and sagittal series."""
    return read_material(StudySource("case1", simulated_study))


def drafts_of(read: ReadStudy) -> StudyDrafts:
    return StudyDrafts(read.material, {}, Faults())


def test_every_slice_that_would_be_graded_is_taken_in(phantom: ReadStudy) -> None:
    unread, drafts = UnreadSlices("t2"), drafts_of(phantom)
    selection = unread.take_in(drafts, phantom)
    assert selection is not None
    assert drafts.drafts.keys() == {one.sop_instance_uid for one in selection.slices}
    assert {draft.candidate.contrast for draft in drafts.drafts.values()} == {"t2"}
    assert not any(draft.has_region or draft.grades for draft in drafts.drafts.values())
    assert unread.notes() == []


def test_levels_are_counted_on_the_sagittal_series(phantom: ReadStudy) -> None:
    unread = UnreadSlices("t2")
    selection = unread.take_in(drafts_of(phantom), phantom)
    assert selection is not None
    levels = unread.levels(phantom, selection)
    assert {*levels.values()} <= {*Level, None}
    assert Level.L4_L5 in levels.values()
    known = sum(level is not None for level in levels.values())
    assert unread.notes() == [
        f"the level of {known} slices was counted on a sagittal series by the packaged model: "
        "readers should check it"
    ]


def test_without_a_sagittal_series_only_the_users_word_names_levels(phantom: ReadStudy) -> None:
    planes = {one: plane_of(one.slices[0].geometry.normal) for one in phantom.study.series}
    axial = tuple(one for one, plane in planes.items() if plane == "axial")
    bare = replace(phantom, study=replace(phantom.study, series=axial))
    for lowest, named in ((None, False), (Level.L5_S1, True)):
        unread = UnreadSlices("t2", lowest)
        selection = unread.take_in(drafts_of(bare), bare)
        assert selection is not None
        found = unread.levels(bare, selection)
        assert any(level is not None for level in found.values()) is named


def test_a_study_without_such_a_slice_is_listed(phantom: ReadStudy) -> None:
    unread, drafts = UnreadSlices("t1"), drafts_of(phantom)
    assert unread.take_in(drafts, phantom) is None
    assert drafts.drafts == {}
    (note,) = unread.notes()
    assert note.startswith("1 studies have slices that cannot be read, which were left out:\n")
    assert "case1: " in note


def test_multi_frame_files_are_listed_and_left_out(phantom: ReadStudy) -> None:
    candidates = phantom.material.candidates
    doubled = replace(phantom.material, candidates=(*candidates, *candidates))
    unread, drafts = UnreadSlices("t2"), StudyDrafts(doubled, {}, Faults())
    assert unread.take_in(drafts, phantom) is not None
    assert drafts.drafts == {}
    assert (
        "multi-frame files, which cannot be imported: save one picture a file"
        in (unread.refused[0])
    )
