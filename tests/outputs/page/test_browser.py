"""The page in a real browser: its viewer is the one that the reading room shares."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lumbargrade.outputs.page import write as html
from lumbargrade.study.graded import GradedStudy

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SHOWN = "document.querySelector('article.shown').dataset.number"
PICTURE = "document.querySelector('article.shown .picture')"
BOX = f"{PICTURE}.getAttribute('viewBox').split(' ').map(Number)"
SLOPE = "document.querySelector('#window feFuncR').getAttribute('slope')"


def test_keys_wheel_and_sliders_still_do_what_they_did(
    chromium: Browser,
    graded: GradedStudy,
    tmp_path: Path,
) -> None:
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.extend([said.text] * (said.type == "error")))
    page.goto(html.write(graded, tmp_path).as_uri())
    page.locator(".stack").scroll_into_view_if_needed()
    first = int(page.evaluate(SHOWN))
    page.locator("article.shown .frame").hover()
    up, down = ("ArrowUp", "ArrowDown") if first > 1 else ("ArrowDown", "ArrowUp")
    page.keyboard.press(down)
    below = int(page.evaluate(SHOWN))
    assert abs(below - first) == 1
    page.keyboard.press(up)
    assert int(page.evaluate(SHOWN)) == first
    wide = page.evaluate(BOX)[2]
    page.keyboard.press("+")
    assert page.evaluate(BOX)[2] < wide
    page.keyboard.press("c")
    assert page.evaluate(SLOPE) == "1.1"
    page.keyboard.press("Shift+C")
    page.keyboard.press("Shift+C")
    assert page.evaluate(SLOPE) == "0.9"
    page.keyboard.press("0")
    assert page.evaluate(SLOPE) == "1"
    assert page.evaluate(BOX)[2] == wide
    page.locator("article.shown .frame").hover()
    page.mouse.wheel(0, -120 if down == "ArrowUp" else 120)
    page.wait_for_selector(f"article.shown[data-number='{below}']")
    page.close()
    assert errors == []
