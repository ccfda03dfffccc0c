"""A reading is superseded and never lost; what breaks a history is found."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.annotation.made_up_readings import histories, reading

from lumbargrade.annotation.reading import GivenGrade, current
from lumbargrade.errors import ReadingError
from lumbargrade.grading.finding import Side


@given(histories())
def test_everything_that_was_read_has_one_reading_and_it_is_the_last(
    history: list[GivenGrade],
) -> None:
    latest = {(one.reader, one.round, one.item): one for one in history}
    found = current(history)
    assert sorted(found, key=lambda one: one.id) == sorted(latest.values(), key=lambda one: one.id)
    assert current(found) == found
    assert sorted(current(history[::-1]), key=lambda one: one.id) == sorted(
        found, key=lambda one: one.id
    )


@pytest.mark.parametrize(
    ("history", "message"),
    [
        ([reading(1), reading(1, grade=2)], r"its id is that of reading 1 \(Ann, 1.2.3 LDH\) too"),
        (
            [reading(1), reading(2, supersedes=1), reading(3, supersedes=1)],
            r"reading 3 \(Ann, 1\.2\.3 LDH\): supersedes reading 1, which reading 2 .* supersedes "
            "already: supersede the latest",
        ),
        (
            [reading(1), reading(2, "Bob", supersedes=1)],
            r"supersedes reading 1 \(.*\), which is of another reader or image",
        ),
        ([reading(1), reading(2, image="1.9", supersedes=1)], "is of another reader or image"),
        ([reading(1), reading(2, round=2, supersedes=1)], "is of another reader or image"),
        (
            [reading(1), reading(2, system="LNRC", side=Side.LEFT, supersedes=1)],
            r"reading 2 \(Ann, 1.2.3 LNRC_left\): supersedes reading 1",
        ),
        ([reading(1, supersedes=1)], "supersedes itself, by way of others: its history is broken"),
        (
            [reading(1, supersedes=3), reading(2, supersedes=1), reading(3, supersedes=2)],
            "supersedes itself, by way of others",
        ),
        (
            [reading(1), reading(2, grade=1)],
            r"reading 2 \(Ann, 1.2.3 LDH\): does not supersede reading 1 .* of the same image",
        ),
    ],
)
def test_a_broken_history_is_refused(history: list[GivenGrade], message: str) -> None:
    with pytest.raises(ReadingError, match=message):
        current(history)


def test_a_selection_may_leave_out_what_was_superseded() -> None:
    last = reading(7, supersedes=3)
    assert current([last]) == (last,)


def test_rounds_and_readers_stand_beside_each_other() -> None:
    given = [reading(1), reading(2, "Bob"), reading(3, round=2), reading(4, frame=2)]
    assert current(given) == tuple(given)
    assert str(given[2]) == "reading 3 (Ann, 1.2.3 LDH, round 2)"


def test_what_a_reading_says() -> None:
    assert reading(grade=0).says_something
    assert reading(grade=None, reason="artefact").says_something
    assert not reading(grade=None).says_something


def test_a_thing_knows_its_side() -> None:
    assert reading(system="LNRC", side=Side.LEFT).item.side is Side.LEFT
    assert reading().item.side is None


@pytest.mark.parametrize(
    "wrong", [{"grade": 1, "reason": "artefact"}, {"grade": -1}, {"frame": 0}, {"round": 0}]
)
def test_an_impossible_reading_cannot_be_made(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="reading 1: "):
        reading(**wrong)  # type: ignore[arg-type]
