"""Which of several readers' grades is the reference, and what is said of the others."""

from __future__ import annotations

import pytest

from lumbargrade.cohort.imports.reference import ReferenceRule
from lumbargrade.errors import CohortError
from lumbargrade.readings.read import Reading
from lumbargrade.readings.slice_key import SliceKey


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


def own(grade: int | None, *makers: str) -> Reading:
    return Reading("r row 2", "", SliceKey(sop="1.2"), None, "LDH", None, grade, makers)


def test_a_reference_standard_says_who_made_it() -> None:
    rule = ReferenceRule.of([own(2, "Ann", "Bob"), own(1, "Lee"), own(None)], None)
    assert rule.settle("a", {"LDH": {"": 2}}) == {"LDH": 2}
    assert rule.made_by == {"Ann", "Bob", "Lee"}
    silent = ReferenceRule.of([own(2, "Ann", "Bob"), own(1)], None)
    silent.settle("a", {"LDH": {"": 2}})
    assert silent.made_by == {""}
