"""Each reader's own list: complete, their own, stable; repeats late; arms crossed."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbargrade.annotation.worklist import (
    Assignment,
    ListOptions,
    assisted_studies,
    repeated_studies,
    work_list,
)
from lumbargrade.errors import ReadingError

STUDIES = st.lists(st.text(min_size=1, max_size=6), unique=True, max_size=40)
OPTIONS = st.builds(
    ListOptions,
    st.integers(0, 99),
    st.floats(0, 0.5),
    st.floats(0, 1),
    st.integers(0, 5),
)


def in_round(found: tuple[Assignment, ...], number: int) -> list[str]:
    return [one.patient for one in found if one.round == number]


@given(STUDIES, OPTIONS)
def test_each_study_comes_once_and_a_share_again(studies: list[str], options: ListOptions) -> None:
    found = work_list(studies, "Ann", options)
    assert sorted(in_round(found, 1)) == sorted(studies)
    again = in_round(found, 2)
    assert len(set(again)) == len(again) == round(options.repeat_share * len(studies))
    assert set(again) == set(repeated_studies(studies, "Ann", options))
    assert len(found) == len(studies) + len(again)


@given(STUDIES, OPTIONS)
def test_a_repeat_is_half_a_list_after_the_first(studies: list[str], options: ListOptions) -> None:
    found = work_list(studies, "Ann", options)
    place = {(one.patient, one.round): number for number, one in enumerate(found)}
    for patient in in_round(found, 2):
        assert place[patient, 2] - place[patient, 1] >= len(studies) / 2


@given(STUDIES, OPTIONS)
def test_a_repeat_is_in_the_arm_of_the_first(studies: list[str], options: ListOptions) -> None:
    arms: dict[str, set[bool]] = {}
    for one in work_list(studies, "Ann", options):
        arms.setdefault(one.patient, set()).add(one.assisted)
    assert all(len(some) == 1 for some in arms.values())
    assert {one for one, (arm,) in arms.items() if arm} == assisted_studies(studies, options)


@given(st.data(), STUDIES, OPTIONS)
def test_the_list_hangs_on_nothing_but_names_and_options(
    data: st.DataObject, studies: list[str], options: ListOptions
) -> None:
    mixed = data.draw(st.permutations(studies))
    assert work_list(mixed, "Ann", options) == work_list(studies, "Ann", options)


@given(STUDIES, OPTIONS)
def test_a_study_that_is_added_leaves_the_others_in_order(
    studies: list[str], options: ListOptions
) -> None:
    before = in_round(work_list(studies, "Ann", options), 1)
    after = in_round(work_list([*studies, "one more study"], "Ann", options), 1)
    assert [one for one in after if one != "one more study"] == before


def test_the_list_stays_for_ever() -> None:
    found = work_list([f"P{n}" for n in range(6)], "Ann", ListOptions(3, 0.34, 0.5))
    assert [(one.patient, one.round, one.assisted) for one in found] == FROZEN


FROZEN = [
    ("P2", 1, True),
    ("P3", 1, True),
    ("P5", 1, True),
    ("P0", 1, False),
    ("P4", 1, False),
    ("P5", 2, True),
    ("P3", 2, True),
    ("P1", 1, False),
]


def test_readers_and_seeds_have_lists_of_their_own() -> None:
    studies = [f"P{number:02d}" for number in range(30)]
    lists = {
        tuple(in_round(work_list(studies, reader, ListOptions(seed)), 1))
        for reader in ("Ann", "Bob", "Cy")
        for seed in (0, 1)
    }
    assert len(lists) == 6


def test_order_is_even() -> None:
    """Every study comes first about as often as every other."""
    first = [work_list("ABCD", f"reader {n}", ListOptions())[0].patient for n in range(800)]
    assert all(150 < first.count(one) < 250 for one in "ABCD")


@pytest.mark.parametrize(("share", "readers"), [(0.5, 2), (1 / 3, 3), (0.25, 4)])
def test_the_arms_are_crossed(share: float, readers: int) -> None:
    studies = [f"P{number:02d}" for number in range(24)]
    options = ListOptions(5, assisted_share=share)
    turns = [assisted_studies(studies, replace(options, turn=turn)) for turn in range(readers)]
    assert {len(one) for one in turns} == {round(24 * share)}
    assert not any(one & other for one, other in itertools.combinations(turns, 2))
    assert frozenset().union(*turns) == set(studies)


def test_without_an_assisted_arm_nothing_is_assisted() -> None:
    assert not any(one.assisted for one in work_list("ABCDEF", "Ann", ListOptions(1, 0.5)))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"repeat_share": 0.6}, "share of 0.6 repeats cannot be had: choose 0 to 0.5"),
        ({"repeat_share": float("nan")}, "share of nan repeats cannot be had"),
        ({"assisted_share": -0.1}, "share of -0.1 assisted studies cannot be had: choose 0 to 1"),
        ({"turn": -1}, "a reader's turn is 0, 1, 2, ..., not -1"),
    ],
)
def test_what_cannot_be_had_is_refused(wrong: dict[str, float], message: str) -> None:
    with pytest.raises(ReadingError, match=message):
        ListOptions(**wrong)  # type: ignore[arg-type]


def test_a_study_that_is_named_twice_is_refused() -> None:
    with pytest.raises(ReadingError, match="study P1 is in the list twice: name each once"):
        work_list(["P1", "P2", "P1"], "Ann", ListOptions())
