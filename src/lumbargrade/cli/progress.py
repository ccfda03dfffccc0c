"""The console and the progress bar of every command that can take a while."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Timer
from typing import Any, Protocol

from rich.console import Console

from lumbargrade.cli.screen import Screen

SHOWN_AFTER_S = 2.0
"""A run shorter than this shows no bar."""
_PACE_OF_LAST_S, _SLOW_PACE_OF_LAST_S = 30.0, 300.0
"""The time left is reckoned from so long a time; the latter where the pace is by the minute."""


class LastingConsole(Screen):
    """A console whose reader may go away (``| head``): then it falls silent, and the work goes on.

    A full disk behind it is no reason to stop either; signs that its encoding lacks are escaped.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        if isinstance(self.file, io.TextIOWrapper):
            self.file.reconfigure(errors="backslashreplace")

    def print(self, *objects: Any, **options: Any) -> None:
        """As ``rich.console.Console.print``, but raises nothing that the system answers."""
        try:
            super().print(*objects, **options)
        except OSError:
            self.on_broken_pipe()

    def on_broken_pipe(self) -> None:
        """Print no more, and leave nothing to be flushed at the end, which would fail."""
        self.quiet = True
        with suppress(OSError, ValueError):  # not every file is one of the system
            nothing = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nothing, self.file.fileno())
            os.close(nothing)


class Advance(Protocol):
    """Moves a bar: so much is done, of so much; a new label starts the bar anew."""

    def __call__(self, done: int, total: int | None = None, label: str | None = None) -> None:
        """Show it; a total or a label of None stays as it was."""


@contextmanager
def progress(
    total: int | None, label: str, console: Console, a_minute: bool = False
) -> Iterator[Advance]:
    """Yield what moves a bar: label, M of N, time left.

    The bar appears once the block has taken a while and disappears at its end; output that goes
    into a file has none. Lines may be printed to ``console`` meanwhile. ``total`` is None where it
    is not known yet. With ``a_minute`` it also says how many are done in a minute.
    """
    from rich.progress import MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        *Progress.get_default_columns()[:2],
        MofNCompleteColumn(),
        TextColumn("{task.fields[pace]}"),
        TimeRemainingColumn(),
    )
    period_s = _SLOW_PACE_OF_LAST_S if a_minute else _PACE_OF_LAST_S
    bars = Progress(*columns, console=console, transient=True, speed_estimate_period=period_s)
    bar = bars.add_task(label, total=total, pace="")

    def advance(done: int, total: int | None = None, label: str | None = None) -> None:
        if label not in (None, bars.tasks[0].description):
            # The time left is reckoned from the speed of this stage alone.
            bars.reset(bar, description=label)
        speed = bars.tasks[0].speed if a_minute else None
        pace = "" if speed is None else f"{60 * speed:.1f} a minute"
        bars.update(bar, completed=done, total=total, pace=pace)

    timer = Timer(SHOWN_AFTER_S, bars.start)
    timer.daemon = True
    if console.is_terminal:
        timer.start()
    try:
        yield advance
    finally:
        timer.cancel()
        if console.is_terminal:
            timer.join()
        if bars.live.is_started:
            bars.stop()
