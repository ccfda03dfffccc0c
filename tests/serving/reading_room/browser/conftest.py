"""A real browser before a room; every test ends with no console error and no request outside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from tests.serving.reading_room.browser.watched import Watched
from tests.serving.reading_room.fake_room import FakeRoom, Served

if TYPE_CHECKING:
    from playwright.sync_api import Browser

Open = Callable[..., Watched]


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
