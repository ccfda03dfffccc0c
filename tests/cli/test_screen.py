"""What is printed steers no terminal."""

from __future__ import annotations

import io

from lumbargrade.cli.screen import Screen


def test_texts_are_cleaned_and_styles_stay() -> None:
    stream = io.StringIO()
    screen = Screen(file=stream, force_terminal=True, color_system="standard", highlight=False)
    screen.print("a\x1b]0;title\x07b \u202ec \ud800", markup=False, style="red")
    assert stream.getvalue() == "\x1b[31ma?]0;title?b ?c ?\x1b[0m\n"
