"""The bar appears when a run takes a while, moves, and leaves no trace in a file."""

from __future__ import annotations

import io
import time

import pytest
from rich.console import Console

from lumbargrade.cli import progress as module
from lumbargrade.cli.progress import LastingConsole, progress


def _terminal() -> tuple[Console, io.StringIO]:
    file = io.StringIO()
    return Console(file=file, force_terminal=True, width=100, color_system=None), file


def _wait_for(file: io.StringIO, text: str) -> None:
    """The bar is drawn by a thread of its own."""
    for _ in range(3000):
        if text in file.getvalue():
            return
        time.sleep(0.01)
    raise AssertionError(f"{text!r} never came: {file.getvalue()!r}")


def test_label_count_and_time_left_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SHOWN_AFTER_S", 0.0)
    console, file = _terminal()
    with progress(3, "Grading", console) as advance:
        advance(1)
        _wait_for(file, "1/3")
        console.print("a line")
        advance(2)
        _wait_for(file, "2/3")
    assert "Grading" in file.getvalue()
    assert "-:--:--" in file.getvalue()
    assert "a line\n" in file.getvalue()


def test_a_total_that_is_learnt_later_and_a_second_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SHOWN_AFTER_S", 0.0)
    console, file = _terminal()
    with progress(None, "reading", console) as advance:
        _wait_for(file, "0/?")
        advance(4, 8)
        _wait_for(file, "4/8")
        advance(5)
        _wait_for(file, "5/8")
        advance(1, 9, "comparing")
        _wait_for(file, "1/9")
    assert "comparing" in file.getvalue()


def test_a_short_run_shows_nothing() -> None:
    console, file = _terminal()
    with progress(2, "Grading", console) as advance:
        advance(1)
        advance(2)
    assert file.getvalue() == ""


def test_a_file_gets_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SHOWN_AFTER_S", 0.0)
    file = io.StringIO()
    with progress(2, "Grading", Console(file=file)) as advance:
        advance(1)
    assert file.getvalue() == ""


def test_an_error_takes_the_bar_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SHOWN_AFTER_S", 0.0)
    console, file = _terminal()

    def work() -> None:
        with progress(2, "Grading", console):
            _wait_for(file, "0/2")
            raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        work()
    assert file.getvalue().endswith("\x1b[2K")  # its line is wiped
    assert "\x1b[?25h" in file.getvalue()  # and the cursor is back


class _Closed(io.StringIO):
    """A pipe whose reader has gone, or a disk that is full."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error, self.tried = error, 0

    def write(self, text: str) -> int:
        self.tried += 1
        raise self.error


@pytest.mark.parametrize(
    "error", [BrokenPipeError(32, "Broken pipe"), OSError(28, "No space"), BlockingIOError(11, "x")]
)
def test_a_console_whose_reader_has_gone_falls_silent(error: OSError) -> None:
    file = _Closed(error)
    console = LastingConsole(file=file)
    for _ in range(3):
        console.print("a line")
    assert file.tried == 1


def test_signs_that_the_encoding_lacks_are_escaped() -> None:
    raw = io.BytesIO()
    console = LastingConsole(file=io.TextIOWrapper(raw, encoding="ascii", write_through=True))
    console.print("\u00e9")
    assert raw.getvalue() == b"\\xe9\n"
