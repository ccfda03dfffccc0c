"""The expert's boxes, the adjudicator's questions, the arm with proposals."""

from __future__ import annotations

import pytest
from tests.serving.reading_room.browser.conftest import Open
from tests.serving.reading_room.browser.watched import Watched
from tests.serving.reading_room.fake_room import FakeRoom, made_up_view

ACTIVE = ".output.active .code"
PROPOSED = [54.5, 48.5, 75, 75]


def test_an_expert_takes_proposals_with_enter(viewer: Open) -> None:
    room = FakeRoom(made_up_view(4), role="expert")
    tab = viewer(room)
    assert tab.page.locator(".drawn.proposal").count() == 1
    tab.press("Enter", "Enter", "Enter", "Enter")
    assert tab.text("[data-progress]") == "4 of 4 slices"
    tab.press("Enter")
    tab.page.wait_for_url("**/work")
    assert room.finished
    assert room.boxes == dict.fromkeys(range(1, 5), PROPOSED)


def test_a_box_is_moved_and_resized_by_keys(viewer: Open) -> None:
    room = FakeRoom(role="expert")
    tab = viewer(room)
    tab.press("e", "ArrowRight", "ArrowRight", "ArrowUp", "Shift+ArrowDown", "Shift+ArrowLeft")
    tab.press("Escape", "Tab")
    tab.saved()
    assert room.boxes == {1: [56.5, 47.5, 74, 76]}
    assert tab.text("[data-box]") == "74 × 76 mm"
    assert len(room.changes) == 1, "keys that follow each other are one change"
    tab.press("z")
    tab.saved()
    assert room.boxes == {1: None}
    assert tab.text("[data-box]") == "75 × 75 mm, proposed"


def test_a_box_is_drawn_moved_and_resized_by_the_mouse(viewer: Open) -> None:
    room = FakeRoom(role="expert")
    tab = viewer(room)
    mouse = tab.page.mouse

    def drag(start: tuple[float, float], end: tuple[float, float]) -> list[float]:
        before = len(room.changes)
        mouse.move(*_on_screen(tab, *start))
        mouse.down()
        mouse.move(*_on_screen(tab, (start[0] + end[0]) / 2, end[1]))
        mouse.move(*_on_screen(tab, *end))
        mouse.up()
        while len(room.changes) == before:
            tab.page.wait_for_timeout(20)
        box = room.boxes[1]
        assert box is not None
        return box

    assert drag((45, 40), (100, 90)) == pytest.approx([45, 40, 55, 50], abs=0.6)
    assert drag((70, 70), (75, 80)) == pytest.approx([50, 50, 55, 50], abs=0.8)
    assert drag((105, 100), (125, 120)) == pytest.approx([50, 50, 75, 70], abs=1.0)
    assert tab.page.locator(".drawn.proposal").count() == 0


def _on_screen(tab: Watched, x: float, y: float) -> tuple[float, float]:
    found = tab.page.evaluate(
        """([x, y]) => {
          const over = document.querySelector(".slices svg");
          const there = new DOMPoint(x, y).matrixTransform(over.getScreenCTM());
          return [there.x, there.y];
        }""",
        [x, y],
    )
    return found[0], found[1]


def test_boxes_of_a_finished_study_stay(viewer: Open) -> None:
    room = FakeRoom(role="expert", finished=True, boxes={1: PROPOSED})
    tab = viewer(room)
    tab.press("ArrowUp", "e", "Delete", "ArrowRight", "Enter")
    tab.page.wait_for_timeout(700)
    assert room.boxes == {1: PROPOSED}
    assert "can no longer be changed" in tab.text("[data-told]")


def test_an_adjudicator_sees_disagreements_alone(viewer: Open) -> None:
    room = FakeRoom(
        role="adjudicator",
        disagreements=[
            {"slice": 3, "system": "LDH", "side": None, "grades": [1, 2]},
            {"slice": 3, "system": "LNRC", "side": "right", "grades": [0, None]},
            {"slice": 9, "system": "LCCS", "side": None, "grades": [3, 1]},
        ],
    )
    tab = viewer(room)
    assert tab.page.locator(".strip button").all_inner_texts() == ["3", "9"]
    assert tab.page.locator(".output .code").all_inner_texts() == ["LDH", "LNRC right"]
    assert tab.page.locator(".output .others").all_inner_texts() == ["A: 1  B: 2", "A: 0  B: –"]
    tab.press("2", "0", "1", "Enter")
    tab.page.wait_for_url("**/work")
    assert {key: one["grade"] for key, one in room.readings.items()} == {
        (3, "LDH", None): 2,
        (3, "LNRC", "right"): 0,
        (9, "LCCS", None): 1,
    }


def test_a_proposal_is_shown_and_taken_with_enter(viewer: Open) -> None:
    room = FakeRoom(
        proposals=[{"slice": 1, "system": "LDH", "side": None, "grade": 2, "percent": 81}]
    )
    tab = viewer(room)
    assert tab.text(".output.active .others") == "model: 2 (81 %)"
    assert tab.page.locator(".grade.proposed").get_attribute("data-grade") == "2"
    tab.press("Enter")
    assert tab.text(ACTIVE) == "LCCS"
    tab.saved()
    assert room.readings[1, "LDH", None]["grade"] == 2


def test_without_a_proposal_nothing_of_a_model_is_shown(viewer: Open) -> None:
    tab = viewer()
    assert "model:" not in tab.text(".panel")
