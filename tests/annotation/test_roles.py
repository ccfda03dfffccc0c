"""Each role has its deeds, and no deed has two roles."""

from __future__ import annotations

from lumbargrade.annotation.roles import DEEDS, Deed, Role, may_do


def test_every_deed_is_of_one_role() -> None:
    assert set(DEEDS) == set(Role)
    for deed in Deed:
        assert sum(may_do(role, deed) for role in Role) == 1


def test_who_manages_grades_nothing() -> None:
    assert {deed for deed in Deed if may_do(Role.COORDINATOR, deed)} == {Deed.MANAGE}
