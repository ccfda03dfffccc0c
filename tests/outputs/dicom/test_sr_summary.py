"""Levels and the study in a structured report."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from lumbargrade.grading.level import DiscPlace, Level, LevelAssignment, LevelSource, Through
from lumbargrade.grading.summary import ONLY_BONE, level_summaries, study_summary
from lumbargrade.outputs.dicom import sr as dicom_sr
from lumbargrade.outputs.dicom.sr_summary import SrSummary, summaries_of
from lumbargrade.study.graded import GradedStudy


def _without_block(one: SrSummary) -> SrSummary:
    if one.level is None:
        return one
    return replace(one, level=LevelAssignment(one.level.level, one.level.source))


def test_summaries_are_read_back(report: Path, graded: GradedStudy) -> None:
    written = summaries_of(graded)
    assert dicom_sr.read_summaries(report) == [_without_block(one) for one in written]
    assert len(written) == (3 + 1) * 4  # three discs and the study; LDH, LCCS, LNRC by side
    levels = {(one.level.level, one.level.source) for one in written if one.level is not None}
    assert (Level.L5_S1, LevelSource.STACK) in levels
    assert (None, LevelSource.UNKNOWN) in levels
    assert any(one.doubts for one in written)


def test_they_are_those_of_the_other_outputs(graded: GradedStudy) -> None:
    written = summaries_of(graded)
    expected = [one for level in level_summaries(graded.grades) for one in level.worst]
    expected += study_summary(graded.grades)
    shown = [one for one in expected if one.system != "LNRC" or one.side is not None]
    assert [(one.system, one.side, one.grade, one.doubts) for one in written] == [
        (one.system, one.side, one.grade, one.doubts) for one in shown
    ]


def test_a_level_without_a_grade_says_so(graded: GradedStudy, tmp_path: Path) -> None:
    third = graded.grades.slices[2]  # has no disc, so LCCS alone
    path = dicom_sr.write(replace(graded, grades=replace(graded.grades, slices=(third,))), tmp_path)
    found = {(one.system, one.level is None): one.grade for one in dicom_sr.read_summaries(path)}
    assert found["LDH", False] is None
    assert found["LDH", True] is None
    assert found["LCCS", True] is not None


def test_a_level_of_bone_alone_has_no_grade_and_says_why(
    graded: GradedStudy, tmp_path: Path
) -> None:
    place = DiscPlace(12.0, 3.0, Through.BONE)
    bone = LevelAssignment(Level.L4_L5, LevelSource.SAGITTAL, 0, place)
    slices = tuple(replace(item, level=bone) for item in graded.grades.slices[:1])
    path = dicom_sr.write(replace(graded, grades=replace(graded.grades, slices=slices)), tmp_path)
    found = dicom_sr.read_summaries(path)
    assert {(one.grade, one.reason, one.doubts) for one in found} == {(None, ONLY_BONE, ())}
    assert {one.level for one in found} == {
        None,
        LevelAssignment(Level.L4_L5, LevelSource.SAGITTAL),
    }
