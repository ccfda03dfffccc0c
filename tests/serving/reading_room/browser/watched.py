"""A page of which every fault is noted."""

from __future__ import annotations

from typing import Any

NOTE = """
  window.shown = [];
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) window.shown.push([one.detail?.number, one.duration]);
  }).observe({ entryTypes: ["measure"] });
"""
"""Note how long each slice took until it was drawn."""


class Watched:
    """One browser tab; ``allowed`` is part of what a console error may say in this test."""

    def __init__(self, browser: Any, url: str, **options: Any) -> None:
        settings = {"viewport": {"width": 1280, "height": 720}, **options}
        self.context = browser.new_context(**settings)
        self.page = self.context.new_page()
        self.page.set_default_timeout(30000)
        self.page.add_init_script(NOTE)
        self.url = url
        self.allowed = ""
        self.errors: list[str] = []
        self.outside: list[str] = []
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", self._asked)

    def _said(self, message: Any) -> None:
        if message.type in {"error", "warning"}:
            self.errors.append(message.text)

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((self.url, "data:")):
            self.outside.append(request.url)

    def open(self, path: str) -> None:
        """Go to a page of the room."""
        self.page.goto(self.url + path)

    def settled(self) -> None:
        """Wait until the viewer has its study and shows a slice."""
        self.page.wait_for_selector(".strip .shown")
        self.page.wait_for_selector(".slices .frame:not(.waiting)")

    def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def text(self, selector: str) -> str:
        """What stands there."""
        return str(self.page.locator(selector).inner_text())

    def saved(self) -> None:
        """Wait until all is saved."""
        self.page.wait_for_selector(".save.saved")

    def close(self) -> None:
        """Leave."""
        self.context.close()

    def check(self) -> None:
        """No fault was noted."""
        faults = [one for one in self.errors if not self.allowed or self.allowed not in one]
        assert (faults, self.outside) == ([], []), f"{faults} {self.outside}"
