"""What the canvas shows: left and right, the window on 16 bits, zoom, the lines beside it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from tests.serving.reading_room.browser.conftest import Open
from tests.serving.reading_room.browser.watched import Watched
from tests.serving.reading_room.fake_room import SIZE, FakeRoom, made_up_view

from lumbargrade.serving.reading_room.viewing.views import StudyView

GREY = """([x, y]) => {
  const canvas = document.querySelector(".slices canvas");
  return canvas.getContext("2d").getImageData(x * canvas.width, y * canvas.height, 1, 1).data[0];
}"""


def _view() -> StudyView:
    """Bright on the right half of the picture, which is the patient's left."""
    made = made_up_view(3)
    pixels = np.full((SIZE, SIZE), 1000, "<u2")
    pixels[:, SIZE // 2 :] = 3000
    slices = tuple(replace(one, pixels=pixels.tobytes()) for one in made.slices)
    return replace(made, slices=slices)


def _grey(tab: Watched, x: float, y: float = 0.5) -> int:
    return int(tab.page.evaluate(GREY, [x, y]))


def test_left_is_left_and_the_window_is_of_sixteen_bits(viewer: Open) -> None:
    tab = viewer(FakeRoom(_view()))
    tab.allowed = "willReadFrequently"  # the test reads the canvas, the viewer never does
    assert _grey(tab, 0.1) == 1000 * 255 // 3500
    assert _grey(tab, 0.9) == 3000 * 255 // 3500
    assert tab.text(".slices .letter.right") == "L"
    assert tab.text(".slices .letter.left") == "R"
    assert tab.text("[data-window-told]") == "L 1750  W 3500"
    tab.press(*["c"] * 6)
    assert _grey(tab, 0.1) < 1000 * 255 // 3500
    bright = _grey(tab, 0.1)
    tab.press("Shift+B")
    assert _grey(tab, 0.1) < bright
    tab.press("Home")
    assert tab.text("[data-window-told]") == "L 1750  W 3500"


def test_zoom_and_pan_hold_for_all_slices(viewer: Open) -> None:
    tab = viewer(FakeRoom(_view()))
    box = "document.querySelector('.slices svg').getAttribute('viewBox').split(' ').map(Number)"
    before = tab.page.evaluate(box)
    tab.press("+", "+")
    near = tab.page.evaluate(box)
    assert near[2] < before[2]
    tab.press("ArrowDown")
    assert tab.page.evaluate(box) == near
    tab.press("r")
    assert abs(tab.page.evaluate(box)[2] - 75) < 0.5
    tab.page.mouse.move(600, 300)
    tab.page.mouse.down()
    tab.page.mouse.move(500, 300)
    tab.page.mouse.up()
    assert tab.page.evaluate(box)[0] > 92 - 37.5 + 5


def test_the_wheel_steps_through_the_slices_and_the_line_follows(viewer: Open) -> None:
    tab = viewer(FakeRoom(made_up_view(5)))
    tab.page.mouse.move(600, 300)
    tab.page.mouse.wheel(0, 120)
    tab.page.wait_for_selector("[data-slice]:has-text('slice 2')")
    assert tab.page.locator(".cut.here").get_attribute("data-number") == "2"
    assert tab.page.locator(".tag").all_inner_texts() == [
        "L1/L2", "L2/L3", "L3/L4", "L4/L5", "L5/S1",
    ]  # fmt: skip
    tab.page.locator(".cut[data-number='5'] .hit").dispatch_event("click")
    assert tab.text("[data-slice]") == "slice 5 of 5"


def test_the_picture_never_scrolls_away_and_nothing_moves(viewer: Open) -> None:
    tab = viewer()
    for width, height in ((1280, 720), (1920, 1080), (1366, 650)):
        tab.page.set_viewport_size({"width": width, "height": height})
        tab.press("1", "ArrowDown")
        size = "[document.documentElement.scrollHeight, document.documentElement.scrollWidth]"
        assert tab.page.evaluate(size) == [height, width]
        frame = tab.page.locator(".slices .frame").bounding_box()
        tab.press("2", "x", "Escape", "ArrowUp")
        assert tab.page.locator(".slices .frame").bounding_box() == frame


def test_a_study_without_a_sagittal_picture(viewer: Open) -> None:
    tab = viewer(FakeRoom(replace(made_up_view(2), sagittal=None)))
    assert tab.page.locator(".sagittal").is_hidden()
    tab.press("3")
    tab.saved()
