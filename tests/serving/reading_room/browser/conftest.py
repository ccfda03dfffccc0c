"""A real browser before a room; every test ends with no console error and no request outside."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from tests.serving.reading_room.browser.watched import Watched
from tests.serving.reading_room.fake_room import FakeRoom, Served

CHROMIUM = "/usr/bin/chromium"

if TYPE_CHECKING:
    from playwright.sync_api import Browser

Open = Callable[..., Watched]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A Chromium without a window."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = CHROMIUM if shutil.which(CHROMIUM) else shutil.which("chromium")
    if path is None:
        pytest.skip("no Chromium: install the package chromium")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def viewer(chromium: Browser) -> Iterator[Open]:
    """Serve a fake room and open its viewer."""
    served: list[Served] = []
    watched: list[Watched] = []

    def opened(room: FakeRoom | None = None, wait: bool = True) -> Watched:
        served.append(Served(room or FakeRoom()))
        one = Watched(chromium, served[-1].url)
        watched.append(one)
        one.open("/work/1")
        if wait:
            one.settled()
        return one

    yield opened
    for one in watched:
        one.close()
    for door in served:
        door.close()
    for one in watched:
        one.check()
