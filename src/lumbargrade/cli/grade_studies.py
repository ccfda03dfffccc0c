"""What ``lumbargrade grade`` shows while it grades and when it is done."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Self

from rich.console import Console

from lumbargrade.batch.grade import GradeOptions, grade_studies
from lumbargrade.cli.grade_table import refusal_lines, slice_table, study_line
from lumbargrade.errors import LumbargradeError
from lumbargrade.inference.engine import Engine
from lumbargrade.inference.predict import PredictOptions
from lumbargrade.outputs.write import DEFAULT_FORMATS
from lumbargrade.study.graded import GradedStudy
from lumbargrade.study.inputs import StudyInput
from lumbargrade.study.read import ReadOptions
from lumbargrade.study.sources import shown

if TYPE_CHECKING:
    from rich.progress import Progress

LONGEST_PATH = 4096
"""Characters of a path that are printed."""

PROGRESS_AFTER_S = 2.0
"""A run shorter than this shows no progress bar."""


def options_of(
    box_px: tuple[float, ...] | None, spacing_mm: tuple[float, ...] | None, sr: bool
) -> GradeOptions:
    """Return the options of a box (4 numbers), a pixel spacing (1 or 2), and the report."""
    box = None if box_px is None else (box_px[0], box_px[1], box_px[2], box_px[3])
    spacing = None if spacing_mm is None else (spacing_mm[0], spacing_mm[-1])
    # The report comes first: a study that has none is refused before its page is made.
    formats = ("sr", *DEFAULT_FORMATS) if sr else DEFAULT_FORMATS
    return GradeOptions(ReadOptions(pixel_spacing_mm=spacing), PredictOptions(box), formats)


def grade_and_show(
    inputs: Sequence[StudyInput], out: Path, engine: Future[Engine], options: GradeOptions
) -> int:
    """Grade studies into ``out``, print them, and return how many of several failed.

    Raises
    ------
    LumbargradeError
        If the model or the output folder cannot be used, a single study cannot be
        graded, or none of several can.
    """
    with _Screen(len(inputs)) as screen:
        done = grade_studies(inputs, out, engine.result, options, screen)
    what = "page" if len(inputs) == 1 else "all grades"
    screen.console.print(f"{what}: {shown(str(done.overview), LONGEST_PATH)}", markup=False)
    if done.failures:
        _errors().print(f"{len(done.failures)} of {len(inputs)} studies could not be graded")
    return len(done.failures)


def _errors() -> Console:
    """What went wrong goes where a table that is sent to a file does not hide it."""
    return Console(stderr=True, soft_wrap=True, highlight=False, style="red")


class _Screen:
    """Prints a single study slice by slice, or a line for each of several.

    A bar for several shows once the run has taken a while, and is gone at the end.
    """

    def __init__(self, total: int) -> None:
        self.console = Console(soft_wrap=True, highlight=False)
        self._total = total
        self._done = 0
        self._start = time.monotonic()
        self._bar: Progress | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def graded(self, name: str, study: GradedStudy) -> None:
        """Print what was found."""
        if self._total > 1:
            self.console.print(study_line(name, study.grades, study.systems), markup=False)
            self._advance()
            return
        self.console.print(slice_table(study.grades, study.systems))
        for line in refusal_lines(study.grades):
            self.console.print(line, style="dim", markup=False)
        for warning in study.grades.warnings:
            self.console.print(f"note: {warning}", style="yellow", markup=False)

    def failed(self, name: str, error: LumbargradeError) -> None:
        """Print why one of several studies has no grades."""
        _errors().print(f"{name}: not graded: {error}", markup=False)
        self._advance()

    def _advance(self) -> None:
        self._done += 1
        if self._bar is None and time.monotonic() - self._start >= PROGRESS_AFTER_S:
            # A short run does not pay for the bar that it never shows.
            from rich.progress import MofNCompleteColumn, Progress, TimeRemainingColumn

            self._bar = Progress(
                *Progress.get_default_columns()[:2],
                MofNCompleteColumn(),
                TimeRemainingColumn(),
                console=self.console,
                transient=True,
            )
            self._bar.add_task("Grading", total=self._total)
            self._bar.start()
        if self._bar is not None:
            self._bar.update(self._bar.task_ids[0], completed=self._done)
