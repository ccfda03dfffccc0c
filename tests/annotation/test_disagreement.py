"""Every disagreement is found, and nothing else."""

from __future__ import annotations

from hypothesis import given
from tests.annotation.made_up_readings import READERS, histories, reading, readings_of

from lumbargrade.annotation.disagreement import disagreements, first_readings
from lumbargrade.annotation.reading import GivenGrade, current
from lumbargrade.annotation.tables import item_of


@given(readings_of())
def test_the_list_is_complete(given_: list[GivenGrade]) -> None:
    """Against the plainest way to find them."""
    said = {(one.item, one.reader): one for one in given_ if one.says_something}
    expected = {
        item
        for item in {one.item for one in given_}
        for first, second in [[said.get((item, reader)) for reader in READERS]]
        if first and second and first.grade != second.grade
    }
    found = disagreements(given_, READERS)
    assert {item_of(one) for one in found} == expected
    assert len(found) == len(expected)
    for one in found:
        assert list(one.grades) == list(READERS)
        for reader in READERS:
            assert one.grades[reader] == said[item_of(one), reader].grade
            assert one.reasons.get(reader, "") == said[item_of(one), reader].reason


@given(histories())
def test_what_was_superseded_and_repeats_do_not_count(history: list[GivenGrade]) -> None:
    first = [one for one in current(history) if one.round == 1]
    assert disagreements(history, READERS) == disagreements(first, READERS)


def test_cannot_grade_against_a_grade_is_one_and_taken_back_is_none() -> None:
    unreadable = reading(2, "Bob", None, reason="artefact")
    (found,) = disagreements([reading(1, grade=0), unreadable], READERS)
    assert (dict(found.grades), dict(found.reasons)) == (
        {"Ann": 0, "Bob": None},
        {"Bob": "artefact"},
    )
    assert disagreements([reading(1, grade=0), reading(2, "Bob", None)], READERS) == ()
    both = [reading(1, "Ann", None, reason="blurred"), unreadable]
    assert disagreements(both, READERS) == ()


def test_others_are_passed_over_and_readers_come_in_order() -> None:
    given_ = [reading(1, "Bob", 1), reading(2, "Cy", 3), reading(3, "Ann", 1)]
    assert disagreements(given_, READERS) == ()
    ((_, by_reader),) = first_readings(given_, READERS).items()
    assert list(by_reader) == ["Ann", "Bob"]
