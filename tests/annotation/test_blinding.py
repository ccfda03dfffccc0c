"""Who sees what: the table, row by row."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbargrade.annotation.blinding import SEEN, Thing, masked_order, may_see
from lumbargrade.annotation.roles import Deed, Role, may_do

TABLE = """
                 expert reader adjudicator coordinator
pictures         x      x      x           .
own_readings     .      x      x           .
others_readings  .      .      .           x
disagreements    .      .      x           x
boxes            x      x      x           x
model_grades     .      .      .           .
progress         .      .      .           x
agreement        .      .      .           x
people           .      .      .           x
exports          .      .      .           x
"""


def test_the_table() -> None:
    heading, *rows = (line.split() for line in TABLE.strip().splitlines())
    assert heading == [role.value for role in Role]
    assert [row[0] for row in rows] == [thing.value for thing in Thing]
    for name, *cells in rows:
        seen = [may_see(role, Thing(name)) for role in Role]
        assert seen == [cell == "x" for cell in cells], name
    assert set(SEEN) == set(Role)


@pytest.mark.parametrize("role", Role)
def test_the_arm_with_the_model_shows_its_grades_to_readers_and_changes_nothing_else(
    role: Role,
) -> None:
    for thing in Thing:
        differs = may_see(role, thing, assisted=True) != may_see(role, thing)
        assert differs == (thing is Thing.MODEL_GRADES and role is Role.READER)


def test_whoever_grades_sees_nobody_elses_readings() -> None:
    grading = {role for role in Role if may_do(role, Deed.GRADE) or may_do(role, Deed.ADJUDICATE)}
    hidden = {Thing.OTHERS_READINGS, Thing.AGREEMENT, Thing.EXPORTS, Thing.PROGRESS}
    assert not any(may_see(role, thing, True) for role in grading for thing in hidden)


@given(st.text(max_size=8), st.text(max_size=8))
def test_masks_hide_a_permutation(patient: str, image: str) -> None:
    order = masked_order(["Ann", "Bob", "Cy"], patient, image)
    assert sorted(order) == ["Ann", "Bob", "Cy"]
    assert order == masked_order(["Cy", "Bob", "Ann"], patient, image)


def test_masks_change_from_image_to_image() -> None:
    first = [masked_order(["Ann", "Bob"], "P1", str(image))[0] for image in range(400)]
    assert 150 < first.count("Ann") < 250
