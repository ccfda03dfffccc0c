"""Discs are read on the sagittal planes, beside axial slices or alone."""

from __future__ import annotations

from tests.serving.reading_room.browser.conftest import Open
from tests.serving.reading_room.fake_room import LEVELS, FakeRoom, made_up_view

from lumbargrade.grading.system import GRADING_SYSTEMS, SAGITTAL_SYSTEMS

PFIRRMANN = {"PFIRRMANN": SAGITTAL_SYSTEMS["PFIRRMANN"]}


def discs_alone() -> FakeRoom:
    return FakeRoom(view=made_up_view(0, planes=7), systems=PFIRRMANN)


def test_five_discs_are_graded_by_the_numbers_of_pfirrmann(viewer: Open) -> None:
    room = discs_alone()
    tab = viewer(room)
    assert "The sacrum is not clearly seen." in tab.text("[data-told]")
    for place, level in enumerate(LEVELS):
        assert tab.text("[data-level-told]") == level
        assert tab.text("[data-slice]") == "sagittal slice 4 of 7"
        assert tab.page.locator(".disc.here").count() == 1
        tab.press("0")
        assert "PFIRRMANN has grades 1 to 5" in tab.text("[data-told]")
        tab.press(str(place + 1))
    assert tab.text("[data-progress]") == "5 of 5 discs"
    tab.press("Enter")
    tab.page.wait_for_url("**/work")
    assert room.finished
    assert {n: one["grade"] for (n, _, _), one in room.readings.items()} == {
        1: 0, 2: 1, 3: 2, 4: 3, 5: 4,
    }  # fmt: skip


def test_the_wheel_goes_through_the_planes_and_arrows_through_the_discs(viewer: Open) -> None:
    tab = viewer(discs_alone())
    tab.page.hover(".slices .frame")
    tab.page.mouse.wheel(0, 120)
    assert tab.text("[data-slice]") == "sagittal slice 5 of 7"
    tab.press(*["ArrowRight"] * 4)
    assert tab.text("[data-slice]") == "sagittal slice 7 of 7"
    tab.press("ArrowLeft")
    tab.settled()
    assert tab.text("[data-slice]") == "sagittal slice 6 of 7"
    tab.press("ArrowDown")
    assert tab.text("[data-level-told]") == "L2/L3"
    assert tab.text("[data-slice]") == "sagittal slice 4 of 7"


def test_slices_and_discs_have_each_their_own_systems(viewer: Open) -> None:
    room = FakeRoom(
        view=made_up_view(2, planes=3), systems={"LDH": GRADING_SYSTEMS["LDH"], **PFIRRMANN}
    )
    tab = viewer(room)
    asked = []
    for _ in range(7):
        asked += tab.page.locator(".output .code").all_inner_texts()
        tab.press("3")
    assert tab.text("[data-progress]") == "7 of 7 slices and discs"
    assert asked == ["LDH"] * 2 + ["PFIRRMANN"] * 5
    assert {one["grade"] for (n, _, _), one in room.readings.items() if n <= 2} == {3}
    assert {one["grade"] for (n, _, _), one in room.readings.items() if n > 2} == {2}


def test_pages_stay_with_slices_or_with_discs(viewer: Open) -> None:
    systems = {"LDH": GRADING_SYSTEMS["LDH"], **PFIRRMANN}
    tab = viewer(FakeRoom(view=made_up_view(5, planes=3), systems=systems))
    tab.press("PageDown")
    assert (tab.text("[data-level-told]"), tab.text("[data-slice]")) == ("L2/L3", "slice 2 of 5")
    tab.page.click(".strip button >> text=L2/L3")
    tab.press("PageDown")
    assert tab.text("[data-level-told]") == "L3/L4"
    assert "sagittal" in tab.text("[data-slice]")


def test_an_expert_draws_on_the_slices_only(viewer: Open) -> None:
    room = FakeRoom(view=made_up_view(2, planes=3), systems=PFIRRMANN, role="expert")
    assert viewer(room).page.locator(".strip button").all_inner_texts() == ["1", "2"]


def test_an_adjudicator_sees_grades_as_they_are_written(viewer: Open) -> None:
    room = discs_alone()
    room.role = "adjudicator"
    room.disagreements = [{"slice": 4, "system": "PFIRRMANN", "side": None, "grades": [2, 4]}]
    tab = viewer(room)
    assert tab.page.locator(".strip button").all_inner_texts() == ["L4/L5"]
    assert tab.text(".output .others") == "A: 3  B: 5"
