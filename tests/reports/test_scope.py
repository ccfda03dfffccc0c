"""Which levels a sentence speaks of, and what it leaves to the next."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lumbargrade.grading.level import Level
from lumbargrade.reports.findings import Said, findings_in
from lumbargrade.reports.levels import LEVELS
from lumbargrade.reports.scope import Levels, Scope, goes_on
from lumbargrade.reports.text import tokens

L3, L4, L5 = Level.L3_L4, Level.L4_L5, Level.L5_S1


def levels_in(sentence: str, scope: Scope | None = None) -> Levels:
    (found,) = (scope or Scope()).levels_of([tokens(sentence)])
    return found


def finding(sentence: str) -> Said:
    return findings_in(tokens(sentence))[0]


@pytest.mark.parametrize(
    ("sentence", "levels"),
    [
        ("Bulge at L4/5", (L4,)),
        ("Bulges at L5/S1 and L3/4", (L3, L5)),
        ("Bulges at all levels", LEVELS),
        ("Bulges of the lower two levels", (L4, L5)),
        ("Bulge", None),
        ("Bulge at T11/12", ()),
    ],
)
def test_levels_that_a_sentence_names(sentence: str, levels: Levels) -> None:
    assert levels_in(sentence) == levels


def test_the_other_levels_are_those_not_named_so_far() -> None:
    scope = Scope(named={L4, L5})
    assert levels_in("Other levels are normal", scope) == LEVELS[:3]


def test_a_region_opens_and_closes_the_lumbar_spine() -> None:
    scope = Scope(heading=(L4,), last=(L4,))
    assert scope.begins_region(tokens("Cervical spine:"))
    assert scope.elsewhere
    assert (scope.heading, scope.last) == (None, ())
    assert scope.inherited(finding("bulge"), goes_on=False, new_line=True) == ()
    assert scope.begins_region(tokens("Lumbar spine:"))
    assert scope.inherited(finding("bulge"), goes_on=False, new_line=True) is None


def test_a_sentence_without_a_region_opens_none() -> None:
    scope = Scope(heading=(L4,))
    assert not scope.begins_region(tokens("Bulge at L4/5:"))
    assert scope.heading == (L4,)


def test_a_heading_holds_until_other_levels_are_named() -> None:
    scope = Scope()
    for sentence in ("L4/5:",):
        words = tokens(sentence)
        scope.remember(words, scope.levels_of([words]))
    assert scope.heading == (L4,)
    assert scope.block
    assert scope.inherited(finding("bulge"), goes_on=False, new_line=True) == (L4,)
    assert levels_in("Bulge at L5/S1", scope) == (L5,)
    assert scope.heading is None


def test_an_example_does_not_leave_the_heading() -> None:
    scope = Scope(heading=(L3, L4), block=True)
    assert levels_in("Bulges, noticeably at L4/5", scope) == (L3, L4)
    assert scope.heading == (L3, L4)


def test_a_denial_at_the_start_of_a_line_is_of_the_whole_spine() -> None:
    scope = Scope(last=(L4,))
    denial = finding("No herniation")
    assert scope.inherited(denial, goes_on=False, new_line=True) == LEVELS
    assert scope.inherited(denial, goes_on=True, new_line=False) == (L4,)
    fracture = finding("No fracture")
    assert scope.inherited(fracture, goes_on=False, new_line=True) is None


def test_a_finding_without_level_takes_the_last_only_if_the_sentence_goes_on() -> None:
    scope = Scope(last=(L5,))
    sac = replace(finding("Stenosis"), negated=False)
    assert scope.inherited(sac, goes_on=True, new_line=False) == (L5,)
    assert scope.inherited(sac, goes_on=False, new_line=False) is None


@pytest.mark.parametrize(
    ("sentence", "continues"),
    [("compressing the thecal sac", True), ("Bulge at L4/5", False), ("", False)],
)
def test_a_sentence_that_continues_the_one_before(sentence: str, continues: bool) -> None:
    assert goes_on(tokens(sentence)) is continues
