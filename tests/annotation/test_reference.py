"""The reference standard follows from its rule, per system and side, and says how."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.annotation.made_up_readings import (
    ADJUDICATOR,
    READERS,
    reading,
    readings_of,
)

from lumbargrade.annotation.reading import GivenGrade
from lumbargrade.annotation.reference import Origin, ReferenceValue, reference_standard
from lumbargrade.annotation.tables import item_of
from lumbargrade.errors import ReadingError
from lumbargrade.grading.finding import Side


@given(readings_of())
def test_agreement_else_the_adjudicator(given_: list[GivenGrade]) -> None:
    said = {(one.item, one.reader): one for one in given_ if one.says_something}
    found = {item_of(one): one for one in reference_standard(given_, READERS, ADJUDICATOR)}
    assert set(found) == {item for item, reader in said if reader in READERS}
    for item, value in found.items():
        ann, bob, lee = (said.get((item, name)) for name in (*READERS, ADJUDICATOR))
        if ann is None or bob is None:
            assert (value.grade, value.origin) == (None, Origin.SINGLE)
        elif ann.grade == bob.grade:
            assert value.grade == ann.grade
            agreed = Origin.UNREADABLE if ann.grade is None else Origin.AGREEMENT
            assert (value.origin, value.readers) == (agreed, READERS)
        elif lee is None:
            assert (value.grade, value.origin) == (None, Origin.OPEN)
        else:
            assert value.grade == lee.grade
            settled = Origin.UNREADABLE if lee.grade is None else Origin.ADJUDICATOR
            assert (value.origin, value.readers) == (settled, (ADJUDICATOR,))
        assert value.is_settled == (value.origin not in (Origin.OPEN, Origin.SINGLE))


@given(readings_of())
def test_without_an_adjudicator_nothing_is_settled(given_: list[GivenGrade]) -> None:
    blind = [one for one in given_ if one.reader != ADJUDICATOR]
    assert reference_standard(given_, READERS) == reference_standard(blind, READERS, ADJUDICATOR)


def only(*given_: GivenGrade, readers: tuple[str, ...] = READERS) -> ReferenceValue:
    (value,) = reference_standard(given_, readers, ADJUDICATOR)
    return value


def test_sides_are_settled_apart() -> None:
    left = {"system": "LNRC", "side": Side.LEFT}
    right = {"system": "LNRC", "side": Side.RIGHT}
    given_ = [
        *(reading(1, "Ann", 1, **left), reading(2, "Bob", 1, **left)),
        *(reading(3, "Ann", 0, **right), reading(4, "Bob", 2, **right)),
        reading(5, ADJUDICATOR, 3, **right),
        reading(6, ADJUDICATOR, 3, **left),
    ]
    first, second = reference_standard(given_, READERS, ADJUDICATOR)
    assert (first.side, first.grade, first.origin) == (Side.LEFT, 1, Origin.AGREEMENT)
    assert (second.side, second.grade, second.origin) == (Side.RIGHT, 3, Origin.ADJUDICATOR)


def test_a_value_says_what_each_reader_said() -> None:
    ann, bob = reading(1, "Ann", 2), reading(2, "Bob", None, reason="artefact")
    assert only(ann, bob).note == "Ann 2, Bob cannot grade (artefact)"
    assert only(ann, bob, reading(3, ADJUDICATOR, 1)).note == "Ann 2, Bob cannot grade (artefact)"
    hopeless = reading(3, ADJUDICATOR, None, reason="truly")
    assert only(ann, bob, hopeless).note == "Ann 2, Bob cannot grade (artefact); Lee: truly"
    assert only(ann).note == "Ann 2"
    assert only(ann, reading(2, "Bob", 2)).note == ""


def test_of_three_readers_one_who_differs_is_enough() -> None:
    three = (reading(1, "Ann", 2), reading(2, "Bob", 2), reading(3, "Cy", 1))
    assert only(*three, readers=("Ann", "Bob", "Cy")).origin is Origin.OPEN
    assert only(*three[:2], readers=("Ann", "Bob", "Cy")).readers == ("Ann", "Bob")


def test_the_readings_of_an_only_reader_stand() -> None:
    value = only(reading(1, "Ann", 2), readers=("Ann",))
    assert (value.grade, value.origin, value.is_settled) == (2, Origin.SINGLE, True)
    unreadable = only(reading(1, "Ann", None, reason="artefact"), readers=("Ann",))
    assert unreadable.origin is Origin.UNREADABLE


def test_nobody_settles_their_own_disagreement() -> None:
    with pytest.raises(ReadingError, match="Bob is a reader and the adjudicator: let somebody"):
        reference_standard([], READERS, "Bob")
    with pytest.raises(ReadingError, match="readers none: name each reader once"):
        reference_standard([], ())
    with pytest.raises(ReadingError, match="readers Ann, Ann: name each reader once"):
        reference_standard([], ("Ann", "Ann"))
