from __future__ import annotations

from dataclasses import replace

from tests.made_up_discs import disc

from lumbargrade.grading.columns import columns_of
from lumbargrade.grading.finding import Finding, StudyGrades
from lumbargrade.grading.level import Level
from lumbargrade.grading.system import GRADING_SYSTEMS
from lumbargrade.outputs.page.cards import cards_of
from lumbargrade.outputs.page.findings import head_line
from lumbargrade.outputs.page.levels import level_rows
from lumbargrade.outputs.page.refusals import refusals_of
from lumbargrade.outputs.page.text_report import text_report
from lumbargrade.outputs.page.words.language import words_of


def _text(grades: StudyGrades, language: str = "en") -> tuple[str, str]:
    words = words_of(language)
    systems = {code: words.system(system) for code, system in GRADING_SYSTEMS.items()}
    columns = columns_of(grades, systems)
    rows = level_rows(grades, columns, cards_of(grades, columns, (), words), systems, words)
    found = head_line(rows, words), rows, refusals_of(grades, words)
    return text_report(grades, [("Patient", grades.patient_id)], found, words)


def test_findings_come_first_then_levels_and_limits_last(study_grades: StudyGrades) -> None:
    first, last = _text(study_grades)
    parts = [first.index(one) for one in ("Patient: P00001.", "FINDINGS", "BY LEVEL")]
    assert parts == sorted(parts)
    assert last.startswith("LIMITS\n")
    assert last.endswith("Research use only. Not a medical device.\n")
    assert "Level names are assumed." in last
    assert "Not graded: 2 items (sagittal, not axial)." in last
    assert "Not graded: notes.txt (not an image)." in last


def test_each_level_has_all_its_grades_and_doubts(study_grades: StudyGrades) -> None:
    doubted = Finding("LCCS", None, 2, (0, 0.4, 0.6, 0), "", (1, 2), ("1 or 2: so", "blurred"))
    none = Finding("LDH", None, None, (), "no disc in the plane of this slice")
    item = replace(study_grades.slices[0], findings=(doubted, none))
    shown = disc(Level.L5_S1, Finding("LDH", None, 1, (0.2, 0.8, 0, 0), "", (1,), ("tilted",)))
    first, last = _text(replace(study_grades, slices=(item,), discs=(shown,)))
    (level,) = [line for line in first.splitlines() if line.startswith("L5/S1: LDH")]
    assert "LDH: no grade (no disc in the plane of this slice)" in level
    assert "LCCS 2 moderate (60 %, grade 1 or 2, slice 1) (review needed, in doubt)" in level
    assert "LDH 1 up to half-way (80 %) (in doubt)" in level
    assert "In doubt, L5/S1 LCCS: 1 or 2: so; blurred." in last
    assert "In doubt, L5/S1 LDH: tilted." in last


def test_what_steers_a_terminal_is_not_copied(study_grades: StudyGrades) -> None:
    first, last = _text(replace(study_grades, patient_id="P\x1b[31m", warnings=("a\u202eb",)))
    assert "P?[31m" in first
    assert "A?b." in last


def test_the_text_speaks_another_language(study_grades: StudyGrades) -> None:
    first, last = _text(study_grades, "de")
    assert "NACH HÖHE" in first
    assert last.startswith("GRENZEN\n")
