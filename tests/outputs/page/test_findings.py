from __future__ import annotations

from dataclasses import replace

import pytest

from lumbargrade.grading.columns import columns_of
from lumbargrade.grading.finding import Finding, Measure, Side, SliceGrades, StudyGrades
from lumbargrade.grading.level import Level, LevelAssignment, LevelSource
from lumbargrade.grading.system import GRADING_SYSTEMS
from lumbargrade.outputs.page.cards import cards_of
from lumbargrade.outputs.page.findings import HeadLine, head_line
from lumbargrade.outputs.page.levels import level_rows
from lumbargrade.outputs.page.words.language import words_of

LOWER = LevelAssignment(Level.L5_S1, LevelSource.SAGITTAL, 0)
UPPER = LevelAssignment(Level.L4_L5, LevelSource.SAGITTAL, 1)


def _head(
    grades: StudyGrades, *slices: SliceGrades, language: str = "en", renamed: bool = False
) -> HeadLine:
    words, systems = words_of(language), dict(GRADING_SYSTEMS)
    if renamed:
        steps = [replace(one, name=f"own {one.value}") for one in systems["LCCS"].grades]
        systems["LCCS"] = replace(systems["LCCS"], grades=tuple(steps))
    systems = {code: words.system(system) for code, system in systems.items()}
    study = replace(grades, slices=slices)
    columns = columns_of(study, systems)
    cards = cards_of(study, columns, (), words)
    return head_line(level_rows(study, columns, cards, systems, words), words)


def _said(head: HeadLine) -> list[tuple[str, list[str]]]:
    return [(one.level, [each.text for each in one.statements]) for one in head.levels]


def _slice(grades: StudyGrades, level: LevelAssignment, *found: Finding) -> SliceGrades:
    identity = f"1.{level.block}"
    return replace(grades.slices[0], findings=found, level=level, sop_instance_uid=identity)


def test_marked_grades_are_said_the_worst_first_cranial_to_caudal(
    study_grades: StudyGrades,
) -> None:
    lower = _slice(study_grades, LOWER, Finding("LDH", None, 3), Finding("LCCS", None, 1))
    apex = Measure("displacement_apex_mm", None, 5.0)
    upper = _slice(study_grades, UPPER, Finding("LDH", None, 2), Finding("LCCS", None, 3))
    head = _head(study_grades, replace(lower, measures=(apex,)), upper)
    assert _said(head) == [
        ("L4/L5", ["severe central stenosis", "medium-sized herniation"]),
        ("L5/S1", ["large herniation, beyond the intra-facet line, left"]),
    ]
    assert (head.note, head.first) == ("Everything else that was graded is grade 0 or 1.", True)


@pytest.mark.parametrize(
    ("apex_mm", "side"), [(5.0, "left"), (-5.0, "right"), (2.9, "central"), (-2.9, "central")]
)
def test_the_side_of_a_herniation_is_that_of_its_apex(
    study_grades: StudyGrades, apex_mm: float, side: str
) -> None:
    apex = Measure("displacement_apex_mm", None, apex_mm)
    item = _slice(study_grades, LOWER, Finding("LDH", None, 2))
    head = _head(study_grades, replace(item, measures=(apex,)))
    assert _said(head) == [("L5/S1", [f"medium-sized herniation, {side}"])]


@pytest.mark.parametrize(
    ("level", "side", "said"),
    [
        (UPPER, Side.LEFT, "left L5 root compressed"),
        (LOWER, Side.RIGHT, "right S1 root compressed"),
        (LOWER, None, "S1 root compressed"),
        (LevelAssignment(), Side.LEFT, "left traversing root compressed"),
    ],
)
def test_the_root_is_named_with_the_patients_side(
    study_grades: StudyGrades, level: LevelAssignment, side: Side | None, said: str
) -> None:
    item = _slice(study_grades, level, Finding("LNRC", side, 3, (0, 0, 0, 1)))
    (one,) = _head(study_grades, item).levels
    assert said in [each.text for each in one.statements]


def test_without_marked_grades_the_slight_ones_are_said(study_grades: StudyGrades) -> None:
    slight = _slice(study_grades, LOWER, Finding("LCCS", None, 1), Finding("LDH", None, 0))
    head = _head(study_grades, slight)
    assert _said(head) == [("L5/S1", ["mild central stenosis"])]
    assert head.note.startswith("No grade of 2 or 3")
    none = _head(study_grades, _slice(study_grades, LOWER, Finding("LCCS", None, 0)))
    assert (none.levels, none.note) == ((), "No finding: everything that was graded is grade 0.")


def test_a_low_grade_that_needs_review_does_not_pass_for_healthy(
    study_grades: StudyGrades,
) -> None:
    unsure = Finding("LCCS", None, 0, (0.9, 0, 0, 0.1), "", (0, 1, 2, 3), ("0 to 3",))
    head = _head(study_grades, _slice(study_grades, LOWER, unsure))
    assert head.note.endswith("is grade 0. Review needed all the same: L5/S1 LCCS.")


def test_what_has_no_grade_is_said_with_its_reason(study_grades: StudyGrades) -> None:
    missing = Finding("LDH", None, None, (), "no disc in the plane of this slice")
    head = _head(study_grades, _slice(study_grades, LOWER, missing, Finding("LCCS", None, 0)))
    (one,) = head.levels
    assert one.ungraded == "not graded: LDH (no disc in the plane of this slice)"
    nothing = _head(study_grades, _slice(study_grades, LOWER, missing))
    assert nothing.note == "Nothing was graded."


def test_marks_are_those_of_the_level(study_grades: StudyGrades) -> None:
    doubted = Finding("LCCS", None, 2, (0, 0.4, 0.6, 0), "", (1, 2), ("1 or 2", "blurred"))
    (one,) = _head(study_grades, _slice(study_grades, LOWER, doubted)).levels
    (said,) = one.statements
    assert (said.review, said.in_doubt, said.number) == (True, True, 1)
    assert said.percent == pytest.approx(60)


def test_a_models_own_wording_is_not_overruled(study_grades: StudyGrades) -> None:
    item = _slice(study_grades, LOWER, Finding("LCCS", None, 3))
    assert _said(_head(study_grades, item, renamed=True)) == [("L5/S1", ["LCCS 3 own 3"])]


def test_the_head_line_speaks_another_language(study_grades: StudyGrades) -> None:
    found = (Finding("LCCS", None, 3), Finding("LNRC", Side.LEFT, 3, (0, 0, 0, 1)))
    head = _head(study_grades, _slice(study_grades, UPPER, *found), language="de")
    assert _said(head) == [
        ("L4/L5", ["hochgradige zentrale Stenose", "Wurzel L5 links komprimiert"])
    ]
