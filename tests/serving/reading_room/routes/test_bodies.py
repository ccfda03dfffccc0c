"""What a text may hold."""

from __future__ import annotations

import pytest

from lumbargrade.serving.reading_room.routes.bodies import plain


def test_a_text_loses_the_white_space_around_it() -> None:
    assert plain("  an artefact, Ä ") == "an artefact, Ä"


@pytest.mark.parametrize("text", ["a\x00", "\x1b[31m", "\ud800"])
def test_control_characters_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="holds control characters"):
        plain(text)
