"""What is drawn by hash: the same everywhere, and even."""

from __future__ import annotations

import collections

from hypothesis import given
from hypothesis import strategies as st

from lumbargrade.annotation.draw import drawn_number, shuffled


def test_the_number_stays_for_ever() -> None:
    assert drawn_number("order", 0, "Ann", "P1") == 16178755907613661522


def test_parts_do_not_run_into_each_other() -> None:
    assert drawn_number("a", "bc") != drawn_number("ab", "c")


def test_every_order_comes_up() -> None:
    orders = collections.Counter("".join(shuffled("ABC", salt)) for salt in range(600))
    assert len(orders) == 6
    assert min(orders.values()) > 60


@given(st.sets(st.text()), st.text())
def test_names_are_shuffled_whatever_their_order_and_who_else_is_there(
    names: set[str], salt: str
) -> None:
    found = shuffled(names, salt)
    assert sorted(found) == sorted(names)
    assert shuffled(sorted(names), salt) == found
    fewer = set(found[::2])
    assert shuffled(fewer, salt) == [one for one in found if one in fewer]
