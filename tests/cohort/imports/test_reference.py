"""Which of several readers' grades is the reference, and what is said of the others."""

from __future__ import annotations

import pytest

from lumbargrade.cohort.imports.reference import ReferenceRule
from lumbargrade.errors import CohortError


def test_readers_must_agree() -> None:
    rule = ReferenceRule(("Ann", "Bob"))
    found = rule.settle("a.dcm", {"LDH": {"Ann": 2, "Bob": 1}, "LCCS": {"Ann": 1, "Bob": 1}})
    assert found == {"LDH": None, "LCCS": 1}
    assert rule.settle("b.dcm", {"LDH": {"Ann": 2, "Bob": None}}) == {"LDH": None}
    assert rule.notes() == [
        "1 grades are not imported, as the readers disagree (--reader NAME takes those of one):\n"
        "  a.dcm: LDH: readers disagree: Ann 2, Bob 1",
        "1 grades are not imported, as only one of Ann, Bob read the slice (--reader NAME takes "
        "those of one)",
    ]


def test_a_named_reader_and_an_unnamed_column_decide() -> None:
    given = {"LDH": {"Ann": 2, "Bob": 1, "": 3}}
    assert ReferenceRule(("Ann", "Bob"), "Bob").settle("a", given) == {"LDH": 1}
    assert ReferenceRule(("Ann", "Bob")).settle("a", given) == {"LDH": 3}


def test_an_unknown_reader_is_refused() -> None:
    with pytest.raises(CohortError, match="--reader Cy: is no reader of the grades: its table"):
        ReferenceRule.of([], "Cy")


def test_who_made_the_reference_is_kept() -> None:
    agreed = ReferenceRule(("Ann", "Bob", "Cy"))
    agreed.settle("a", {"LDH": {"Ann": 2, "Bob": 2}, "LCCS": {"Ann": 1, "Cy": 2}})
    assert agreed.made_by == {"Ann", "Bob"}  # Cy's reading became no reference
    named = ReferenceRule(("Ann", "Bob"), "Bob")
    named.settle("a", {"LDH": {"Ann": 2, "Bob": 1}})
    assert named.made_by == {"Bob"}
    own = ReferenceRule(("Ann", "Bob"))
    own.settle("a", {"LDH": {"Ann": 2, "": 1}, "LCCS": {"Ann": 0, "Bob": 0}})
    assert own.made_by == {"", "Ann", "Bob"}
    alone = ReferenceRule(("Ann",))
    alone.settle("a", {"LDH": {"Ann": 2}})
    assert alone.made_by == {"Ann"}
