"""An open room for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.serving.reading_room.made_up_room import MadeUpRoom


@pytest.fixture
def room(tmp_path: Path) -> Iterator[MadeUpRoom]:
    """A room over three made-up studies of two slices, read in LDH, LCCS and LNRC."""
    made = MadeUpRoom(tmp_path)
    yield made
    made.close()
