"""A reader's work by keys alone, and what becomes of it when the server is away."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable

import pytest
from tests.serving.reading_room.browser.conftest import Open
from tests.serving.reading_room.fake_room import FakeRoom

from lumbargrade.grading.system import PUBLIC_SYSTEMS, GradingSystem

ACTIVE = ".output.active .code"


def test_fifteen_slices_by_keyboard_alone(viewer: Open) -> None:
    room = FakeRoom()
    tab = viewer(room)
    for number in range(1, 16):
        assert tab.text("[data-slice]") == f"slice {number} of 15"
        for title in ("LDH", "LCCS", "LNRC left", "LNRC right"):
            assert tab.text(ACTIVE) == title
            assert tab.page.evaluate("document.activeElement.dataset.output") == title.replace(
                " ", "_"
            )
            tab.press(str(number % 4))
    assert tab.text("[data-progress]") == "15 of 15 slices"
    tab.press("Enter")
    tab.page.wait_for_url("**/work")
    assert room.finished
    assert len(room.readings) == 60
    assert {one["grade"] for (n, _, _), one in room.readings.items() if n == 6} == {2}
    assert room.readings[(1, "LNRC", "left")]["side"] == "left"
    assert sum(room.seconds.values()) > 0


def test_the_next_slice_is_there_when_it_is_asked_for(
    viewer: Open, record_property: Callable[[str, object], None]
) -> None:
    """Every slice is fetched ahead; how fast it shows depends on the machine."""
    room = FakeRoom()
    tab = viewer(room)
    tab.page.wait_for_load_state("networkidle")
    asked = len(room.asked)
    tab.page.evaluate("window.shown = []")
    for _ in range(14):
        tab.press("ArrowDown")
        tab.page.wait_for_timeout(30)
    assert len([one for one in room.asked[asked:] if "pixels" in one]) == 0
    shown = tab.page.evaluate("window.shown")
    assert [number for number, _ in shown] == list(range(2, 16))
    times = [duration for _, duration in shown]
    told = f"next slice: median {statistics.median(times):.1f} ms, longest {max(times):.1f} ms"
    record_property("shown", told)
    sys.stdout.write(f"{told}\n")
    assert statistics.median(times) < 200, "under 50 ms on a machine that does nothing else"


def test_a_reader_goes_on_where_they_stopped(viewer: Open) -> None:
    room = FakeRoom()
    tab = viewer(room)
    tab.press(*"00001")
    tab.saved()
    tab.page.reload()
    tab.settled()
    assert tab.text("[data-slice]") == "slice 2 of 15"
    assert tab.text(ACTIVE) == "LCCS"
    assert "up to half-way" in tab.text(".output.done .given")


def test_nothing_is_lost_while_the_server_is_away(viewer: Open) -> None:
    room = FakeRoom(status=503)
    tab = viewer(room)
    tab.allowed = "Failed to load resource"
    tab.page.evaluate(
        """localStorage.setItem("lumbargrade-room:B:000000000000001-000001-x",
           JSON.stringify({path: "/api/work/1/readings", body: {slice: 15}}))"""
    )
    tab.press(*"123")
    tab.page.wait_for_selector(".save.failed")
    assert tab.text(".save span") == "NOT SAVED (3): the server answers 503"
    assert room.readings == {}
    tab.page.on("dialog", lambda dialog: dialog.accept())
    room.status = 200
    tab.page.reload()
    tab.settled()
    assert tab.text(ACTIVE) == "LNRC right", "what was not saved yet is shown all the same"
    tab.saved()
    grades = {key: one["grade"] for key, one in room.readings.items()}
    assert grades == {(1, "LDH", None): 1, (1, "LCCS", None): 2, (1, "LNRC", "left"): 3}
    assert tab.page.evaluate("Object.keys(localStorage).filter((one) => one.includes(':'))") == [
        "lumbargrade-room:B:000000000000001-000001-x"
    ], "what another reader left on this machine is theirs to send"


def test_a_change_is_sent_again_until_it_is_acknowledged(viewer: Open) -> None:
    room = FakeRoom()
    tab = viewer(room)
    tab.allowed = "Failed to load resource"
    room.status = 503
    tab.press("2")
    tab.page.wait_for_selector(".save.failed")
    room.status = 200
    tab.page.click("[data-do=retry]")
    tab.saved()
    assert room.readings[(1, "LDH", None)]["grade"] == 2
    assert len(set(room.changes)) == 1


def test_what_is_refused_for_good_is_said_and_can_be_given_up(viewer: Open) -> None:
    room = FakeRoom()
    tab = viewer(room)
    tab.allowed = "Failed to load resource"
    room.status = 422
    tab.press("2")
    tab.page.wait_for_selector(".save.failed")
    assert tab.text(".save span") == "NOT SAVED (1): made to fail"
    room.status = 200
    tab.press("1")
    tab.page.wait_for_selector(".save.failed:has-text('(1)')")
    tab.page.on("dialog", lambda dialog: dialog.accept())
    tab.page.click("[data-do=discard]")
    tab.saved()
    assert list(room.readings) == [(1, "LCCS", None)]


def test_cannot_be_graded_with_a_reason(viewer: Open) -> None:
    room = FakeRoom()
    tab = viewer(room)
    tab.press("x", "3", "Enter")
    tab.page.wait_for_selector("dialog[open]", state="detached")
    assert tab.text(ACTIVE) == "LCCS"
    tab.press("x", "7")
    tab.page.keyboard.type("0 of the sac seen")
    tab.press("Enter")
    tab.press("x", "Escape")
    tab.saved()
    said = {key[1]: one for key, one in room.readings.items()}
    assert said["LDH"]["reason"] == "metal artefact"
    assert said["LCCS"] == {
        "slice": 1, "system": "LCCS", "side": None, "grade": None, "reason": "0 of the sac seen"
    }  # fmt: skip
    assert set(said) == {"LDH", "LCCS"}


def test_copy_and_undo(viewer: Open) -> None:
    room = FakeRoom()
    tab = viewer(room)
    tab.press(*"1023", "v")
    tab.saved()
    assert tab.text("[data-told]") == "Copied from slice 1."
    assert [room.readings[2, s, e]["grade"] for s, e in _outputs()] == [1, 0, 2, 3]
    tab.press("z")
    tab.saved()
    assert [room.readings[2, s, e]["grade"] for s, e in _outputs()] == [None] * 4
    tab.press("z")
    tab.saved()
    assert tab.text("[data-slice]") == "slice 1 of 15"
    assert tab.text(ACTIVE) == "LNRC right"
    assert room.readings[1, "LNRC", "right"] == {
        "slice": 1, "system": "LNRC", "side": "right", "grade": None, "reason": ""
    }  # fmt: skip
    tab.press("z", "z", "z", "z")
    assert tab.text("[data-told]") == "There is nothing to undo since this page was opened."


def _outputs() -> list[tuple[str, str | None]]:
    return [("LDH", None), ("LCCS", None), ("LNRC", "left"), ("LNRC", "right")]


def test_tab_and_enter_go_on_without_a_grade(viewer: Open) -> None:
    tab = viewer()
    tab.press("Tab")
    assert tab.text(ACTIVE) == "LCCS"
    tab.press("Enter", "Enter", "Enter")
    assert (tab.text("[data-slice]"), tab.text(ACTIVE)) == ("slice 2 of 15", "LDH")
    tab.press("PageDown", "PageDown", "ArrowUp")
    assert tab.text("[data-slice]") == "slice 7 of 15"


def test_a_grade_is_corrected_where_it_stands(viewer: Open) -> None:
    room = FakeRoom()
    tab = viewer(room)
    tab.press(*"0000", "ArrowUp")
    tab.page.click("[data-output=LCCS]")
    tab.press("3")
    assert (tab.text("[data-slice]"), tab.text(ACTIVE)) == ("slice 1 of 15", "LNRC left")
    tab.saved()
    assert room.readings[1, "LCCS", None]["grade"] == 3


@pytest.mark.parametrize(
    "system",
    [PUBLIC_SYSTEMS["RSNAFORAMEN"], PUBLIC_SYSTEMS["SPIDERPFIRRMANN"]],
    ids=lambda one: one.code,
)
def test_any_system_can_be_read(viewer: Open, system: GradingSystem) -> None:
    room = FakeRoom(systems={system.code: system})
    tab = viewer(room)
    last = len(system.grades) - 1
    tab.press("9")
    assert tab.text("[data-told]") == f"{tab.text(ACTIVE)} has grades 0 to {last}."
    tab.press(str(last))
    tab.saved()
    assert [one["grade"] for one in room.readings.values()] == [last]


def test_time_counts_only_while_somebody_reads(viewer: Open) -> None:
    room = FakeRoom()
    tab = viewer(room, wait=False)
    tab.page.clock.install()
    tab.page.reload()
    tab.settled()
    tab.page.clock.fast_forward(20_000)
    tab.press("1")
    tab.page.clock.fast_forward(3_600_000)
    tab.press("1")
    tab.page.clock.run_for(1000)
    tab.saved()
    assert 75 <= room.seconds[1] <= 100, "20 s, and of an hour without a key one minute"


def test_a_finished_reading_is_only_looked_at(viewer: Open) -> None:
    room = FakeRoom(finished=True)
    tab = viewer(room)
    tab.press("1", "ArrowDown")
    assert room.readings == {}
    assert tab.text("[data-slice]") == "slice 2 of 15"
