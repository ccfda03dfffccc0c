"""Checklists: filled from the results, open where only a person knows."""

from __future__ import annotations

import re

import pytest
from tests.evaluation.material import evaluation

from lumbargrade.evaluation.report.checklist import Checklist, checklist_table, checklists, facts


@pytest.fixture(scope="module")
def lists() -> dict[str, Checklist]:
    return {one.name: one for one in checklists(evaluation())}


def test_the_three_lists_are_there_in_order(lists: dict[str, Checklist]) -> None:
    assert list(lists) == ["CLAIM 2024", "TRIPOD+AI", "STARD-AI"]


def test_every_item_says_something_and_no_brace_is_left(lists: dict[str, Checklist]) -> None:
    for one in lists.values():
        for item in one.items:
            assert item.answer or item.person, item.topic
            assert not re.search(r"[{}]", item.answer + item.person), item.topic


def test_claim_has_all_its_44_items_once(lists: dict[str, Checklist]) -> None:
    assert [int(one.number) for one in lists["CLAIM 2024"].items] == list(range(1, 45))


def test_tripod_has_all_its_27_items(lists: dict[str, Checklist]) -> None:
    numbers = {int(re.findall(r"^\d+", one.number)[0]) for one in lists["TRIPOD+AI"].items}
    assert numbers == set(range(1, 28))


def test_the_30_items_of_stard_are_covered(lists: dict[str, Checklist]) -> None:
    covered: set[int] = set()
    for item in lists["STARD-AI"].items:
        if item.number != "AI":
            ends = [int(one) for one in re.findall(r"\d+", item.number)]
            covered |= set(range(ends[0], ends[-1] + 1))
    assert covered == set(range(1, 31))


def test_answers_come_from_the_results(lists: dict[str, Checklist]) -> None:
    items = {one.topic: one for one in lists["CLAIM 2024"].items}
    assert "external test" not in items["Testing on external data"].answer
    assert items["Testing on external data"].answer == "4 patients with 24 images."
    assert "2 patients with 12 images" in items["Assignment to partitions"].answer
    assert "Simulated" in items["Limitations"].answer


def test_without_a_split_and_an_external_set_it_says_so() -> None:
    known = facts(evaluation(internal=4, external=0, learnt=0))
    assert known["split"].startswith("No split was given")
    assert known["external"] == "This run has no external test set."
    assert known["drop"].startswith("only one set,")
    assert "All images share: scanner, field strength, site." in known["subgroups"]


def test_a_person_sees_what_is_left(lists: dict[str, Checklist]) -> None:
    table = checklist_table(lists["TRIPOD+AI"])
    left = [row for row in table.rows if "TO FILL: " in row[2]]
    assert f"{len(left)} to be completed by the authors." in table.note
    assert 0 < len(left) < len(table.rows)
