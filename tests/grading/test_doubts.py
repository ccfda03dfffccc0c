"""Why a reader should look at a grade, in sentences and as marks."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbargrade.grading.doubts import Marks, marks_of, set_doubt, with_doubts
from lumbargrade.grading.finding import Finding, Measure
from lumbargrade.grading.sets import needs_reader
from lumbargrade.grading.system import GRADING_SYSTEMS

LDH = GRADING_SYSTEMS["LDH"]
SMALL = (Measure("disc_displacement_mm", None, 0.2), Measure("displacement_ratio", None, 0.02))


@pytest.mark.parametrize(
    ("code", "grade_set", "said"),
    [
        ("LCCS", (1, 2), "1 or 2: mild and moderate cannot be told apart"),
        ("LNRC", (1, 2, 3), "1 to 3: contact, deviation and compression cannot be told apart"),
        (
            "LDH",
            (0, 1, 2),
            "0 to 2: no herniation, up to half-way and more than half-way",
        ),
        ("LDH", (0, 1), ""),
        ("LDH", (2, 3), ""),
        ("LDH", (), ""),
    ],
)
def test_a_set_is_said_in_the_words_of_its_system(
    code: str, grade_set: tuple[int, ...], said: str
) -> None:
    found = set_doubt(grade_set, GRADING_SYSTEMS[code])
    assert found.startswith(said)
    assert bool(found) == bool(said)


@given(st.integers(0, 3), st.integers(0, 3))
def test_a_set_is_doubted_exactly_where_it_needs_a_reader(low: int, size: int) -> None:
    grade_set = tuple(range(low, min(low + size, 4)))
    assert bool(set_doubt(grade_set, LDH)) == needs_reader(grade_set)


def test_what_the_outlines_and_the_slice_say_follows_what_the_grade_says() -> None:
    graded = Finding("LDH", None, 2, doubts=("first",))
    withheld = Finding("LNRC", None, None, reason="no disc")
    other = Finding("LCCS", None, 0)
    found = with_doubts([graded, withheld, other], SMALL, ["the region is cut off"])
    assert found[0].doubts == (
        "first",
        "by its outline the disc is displaced by 0.2 mm, 0.02 of the way to the intra-facet line, "
        "which is grade 0, not 2",
        "the region is cut off",
    )
    assert found[1] == withheld  # nothing to doubt
    assert found[2].doubts == ("the region is cut off",)


def test_marks_tell_a_review_from_another_doubt() -> None:
    plain = Finding("LDH", None, 2, grade_set=(2,))
    assert marks_of(plain, ()) == Marks(wide=False, contradicted=False, doubt=False)
    wide = replace(plain, grade_set=(1, 2), doubts=(set_doubt((1, 2), LDH),))
    assert marks_of(wide, ()) == Marks(wide=True, contradicted=False, doubt=False)
    (against,) = with_doubts([plain], SMALL, [])
    assert marks_of(against, SMALL) == Marks(wide=False, contradicted=True, doubt=False)
    (all_of_it,) = with_doubts([wide], SMALL, ["the region is cut off"])
    assert marks_of(all_of_it, SMALL) == Marks(wide=True, contradicted=True, doubt=True)
    assert [marks_of(one, ()).review for one in (plain, wide)] == [False, True]
