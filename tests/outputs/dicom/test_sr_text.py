"""Sentences in a structured report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pydicom
from hypothesis import given
from hypothesis import strategies as st
from pydicom.dataset import Dataset

from lumbargrade.grading.finding import NotGraded, StudyGrades, UserWord
from lumbargrade.outputs.dicom import sr as dicom_sr
from lumbargrade.outputs.dicom import sr_codes as codes
from lumbargrade.outputs.dicom.sr_text import NO_NOTES, containers, notes_of, printable
from lumbargrade.study.graded import GradedStudy


def _texts(path: Path, concept: str) -> list[str]:
    def found() -> Iterator[Dataset]:
        for item in pydicom.dcmread(path).ContentSequence:
            if item.ConceptNameCodeSequence[0].CodeValue == concept:
                yield from item.ContentSequence

    return [str(item.TextValue) for item in found()]


def test_warnings_the_users_word_and_what_was_not_graded_stand_in_the_report(
    graded: GradedStudy, tmp_path: Path
) -> None:
    grades = replace(graded.grades, user_word=UserWord(contrast="t2"))
    path = dicom_sr.write(replace(graded, grades=grades), tmp_path)
    assert _texts(path, codes.WARNINGS.value) == [
        "level names are assumed",
        "slice 2 (1.2.3.2): region reaches over the edge of the slice",
    ]
    assert _texts(path, codes.USER_WORD.value) == ["contrast t2"]
    assert _texts(path, codes.NOT_GRADED.value) == [
        "sagittal/0001.dcm: sagittal, not axial",
        "sagittal/0002.dcm: sagittal, not axial",
        "notes.txt: not an image",
    ]


def test_where_there_is_nothing_to_say_there_is_no_container(study_grades: StudyGrades) -> None:
    assert list(containers(NO_NOTES)) == []
    silent = replace(
        study_grades,
        warnings=(),
        not_graded=(NotGraded("a", "b"),),
        slices=study_grades.slices[:1],
    )
    (only,) = containers(notes_of(silent))
    assert only.name.value == codes.NOT_GRADED.value


@given(st.text())
def test_a_printable_text_can_be_written_and_keeps_what_is_printed(text: str) -> None:
    found = printable(text + "\udcff\n\x00")
    found.encode("utf-8")
    assert found.isprintable()
    assert len(found) == len(text) + 3
