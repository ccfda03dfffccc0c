from __future__ import annotations

from dataclasses import replace

import pytest
from tests.made_up_discs import disc

from lumbargrade.grading.columns import columns_of
from lumbargrade.grading.finding import Finding, StudyGrades
from lumbargrade.grading.level import Level
from lumbargrade.grading.system import GRADING_SYSTEMS, Grade, GradingSystem
from lumbargrade.outputs.page.cards import cards_of
from lumbargrade.outputs.page.verdicts import disc_verdicts, number_of, slice_verdict, tone_of
from lumbargrade.outputs.page.words.language import words_of

EN = words_of()
FIVE = GradingSystem(
    code="FIVE",
    name="five steps",
    source="made up",
    per_side=False,
    needs_disc=True,
    grades=tuple(Grade(value, str(value + 1), f"step {value + 1}") for value in range(5)),
)


def test_the_wording_is_the_systems(study_grades: StudyGrades) -> None:
    columns = columns_of(study_grades, GRADING_SYSTEMS)
    for card in cards_of(study_grades, columns, (), EN):
        for verdict, column in zip(card.verdicts, columns, strict=True):
            found = card.slice.finding(column.system.code, column.side)
            assert found is not None
            assert [bar.percent / 100 for bar in verdict.bars] == pytest.approx(found.probabilities)
            if found.grade is None:
                assert (verdict.reason, verdict.bars) == (found.reason, ())
            else:
                assert verdict.help_text == column.system.grades[found.grade].help_text
                assert [bar.value for bar in verdict.bars if bar.chosen] == [found.grade]


def test_a_set_that_its_doubt_says_is_not_said_twice(study_grades: StudyGrades) -> None:
    columns = columns_of(study_grades, GRADING_SYSTEMS)
    cards = cards_of(study_grades, columns, (), EN)
    for verdict in (one for card in cards for one in card.verdicts):
        said = any("cannot be told apart" in one for one in verdict.doubts)
        assert verdict.shown_set == (() if said else verdict.grade_set)


def test_the_worst_of_every_system_has_the_same_colour() -> None:
    assert [tone_of(grade, GRADING_SYSTEMS["LDH"]) for grade in range(4)] == [0, 1, 2, 3]
    assert [tone_of(grade, FIVE) for grade in range(5)] == [0, 1, 2, 2, 3]


def test_a_name_that_is_a_number_is_not_numbered_again() -> None:
    assert number_of(0, FIVE) == ""
    assert number_of(0, GRADING_SYSTEMS["LDH"]) == "0"
    roman = [Grade(value, name, "x") for value, name in enumerate(("I", "II", "grade III"))]
    assert number_of(1, replace(FIVE, grades=tuple(roman))) == ""


def test_the_grades_of_a_disc_are_those_of_its_systems() -> None:
    doubted = Finding("FIVE", None, 3, (0, 0, 0, 1, 0), "", (3,), ("blurred", "cut off"))
    none = Finding("FIVE", None, None, (), "no picture")
    graded = replace(
        disc(Level.L4_L5, doubted, none, Finding("OTHER", None, 1)), warnings=("blurred",)
    )
    first, second = disc_verdicts(graded, {"FIVE": FIVE}, EN)
    assert (first.title, first.grade_in_words, first.in_doubt) == ("FIVE", "4", True)
    assert first.doubts == ("cut off",)  # the other stands with the disc
    assert (second.grade, second.name, second.reason) == (None, "no grade", "no picture")


@pytest.mark.parametrize(("code", "name"), [("en", "not graded"), ("de", "nicht gradiert")])
def test_what_a_model_does_not_grade_is_not_grade_0(
    study_grades: StudyGrades, code: str, name: str
) -> None:
    column = columns_of(study_grades, GRADING_SYSTEMS)[0]
    item = replace(study_grades.slices[0], findings=())
    verdict = slice_verdict(item, column, words_of(code))
    assert (verdict.grade, verdict.name, verdict.bars) == (None, name, ())
    assert verdict.reason
