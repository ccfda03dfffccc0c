from __future__ import annotations

from lumbargrade.grading.columns import columns_of
from lumbargrade.grading.finding import StudyGrades
from lumbargrade.grading.system import GRADING_SYSTEMS
from lumbargrade.outputs.page.cards import cards_of
from lumbargrade.outputs.page.words.language import words_of
from lumbargrade.study.graded import SlicePicture

EN = words_of()


def test_each_measure_stands_on_the_card_once(measured_grades: StudyGrades) -> None:
    columns = columns_of(measured_grades, GRADING_SYSTEMS)
    card = cards_of(measured_grades, columns, (), EN)[0]
    beside = {
        column.title: verdict.measures
        for column, verdict in zip(columns, card.verdicts, strict=True)
    }
    assert [row.value for row in beside["LNRC left"]] == ["5.5 mm", "1.5 mm", "0.0 mm"]
    assert [row.value for row in beside["LNRC right"]] == ["2.9 mm", "0.2 mm", "1.4 mm"]
    assert "spinal canal area" in [row.title for row in card.measures]


def test_slices_keep_their_numbers_and_have_their_pictures(
    study_grades: StudyGrades, pictures: tuple[SlicePicture, ...]
) -> None:
    columns = columns_of(study_grades, GRADING_SYSTEMS)
    cards = cards_of(study_grades, columns, pictures[:2], EN)
    assert [card.number for card in cards] == [1, 2, 3, 4, 5]
    assert [card.views is not None for card in cards] == [True, True, False, False, False]
    assert cards[4].level == "unknown"
