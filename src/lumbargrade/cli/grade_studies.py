"""The work of ``lumbargrade grade``, once its options are understood."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from rich.console import Console

from lumbargrade.cli.grade_table import refusal_lines, slice_table, study_line
from lumbargrade.errors import LumbargradeError, StudyError
from lumbargrade.files.staging import staged
from lumbargrade.grading.finding import StudyGrades
from lumbargrade.grading.system import GradingSystem
from lumbargrade.inference.engine import Engine
from lumbargrade.inference.predict import PredictOptions, grade_study
from lumbargrade.outputs import csv
from lumbargrade.outputs.page import write as html
from lumbargrade.outputs.write import write_files
from lumbargrade.study.inputs import StudyInput
from lumbargrade.study.model import Study
from lumbargrade.study.read import ReadOptions, read_study
from lumbargrade.study.sources import shown

if TYPE_CHECKING:
    from pydicom.dataset import Dataset
    from rich.progress import Progress, TaskID

LONGEST_PATH = 4096
"""Characters of a path that are printed."""

REPORT_FILE = "grades.dcm"

PROGRESS_AFTER_S = 2.0
"""A run shorter than this shows no progress bar."""


@dataclass(frozen=True)
class Settings:
    """Options that apply to all studies."""

    read: ReadOptions
    predict: PredictOptions
    sr: bool = False

    @classmethod
    def of(
        cls,
        box_px: tuple[float, ...] | None,
        spacing_mm: tuple[float, ...] | None,
        sr: bool = False,
    ) -> Settings:
        """Return the settings of a box (4 numbers), a pixel spacing (1 or 2), and the report."""
        box = None if box_px is None else (box_px[0], box_px[1], box_px[2], box_px[3])
        spacing = None if spacing_mm is None else (spacing_mm[0], spacing_mm[-1])
        return cls(ReadOptions(pixel_spacing_mm=spacing), PredictOptions(box_px=box), sr)


def grade_studies(
    inputs: Sequence[StudyInput], out: Path, engine: Future[Engine], settings: Settings
) -> int:
    """Grade studies into ``out``, print them, and return how many of several failed.

    Raises
    ------
    LumbargradeError
        If the model or the output folder cannot be used, a single study cannot be
        graded, or none of several can.
    """
    console = Console(soft_wrap=True, highlight=False)
    with staged(out) as staging:
        if len(inputs) == 1:
            failures = {}
            _grade_one(inputs[0], engine, settings, staging, console)
        else:
            failures = _grade_many(inputs, engine.result(), settings, staging, console)
            _check_any_graded(failures, len(inputs))
    page = out / html.FILE_NAME if len(inputs) == 1 else out / csv.ALL_FILE_NAME
    told = shown(str(page), LONGEST_PATH)
    console.print(f"{'page' if len(inputs) == 1 else 'all grades'}: {told}", markup=False)
    if failures:
        _errors().print(f"{len(failures)} of {len(inputs)} studies could not be graded")
    return len(failures)


def _errors() -> Console:
    """What went wrong goes where a table that is sent to a file does not hide it."""
    return Console(stderr=True, soft_wrap=True, highlight=False, style="red")


def _check_any_graded(failures: Mapping[str, str], count: int) -> None:
    if len(failures) == count:
        name, reason = next(iter(failures.items()))
        raise StudyError(f"none of {count} studies could be graded, for example {name}: {reason}")


def _grade_one(
    item: StudyInput, engine: Future[Engine], settings: Settings, folder: Path, console: Console
) -> None:
    study = read_study(item.paths, settings.read)
    grades = _grade(item, study, engine.result(), settings, folder)
    console.print(slice_table(grades, engine.result().bundle.grading_systems))
    for line in refusal_lines(grades):
        console.print(line, style="dim", markup=False)
    for warning in grades.warnings:
        console.print(f"note: {warning}", style="yellow", markup=False)


def _grade_many(
    inputs: Sequence[StudyInput],
    engine: Engine,
    settings: Settings,
    folder: Path,
    console: Console,
) -> dict[str, str]:
    """Grade each study into a folder of its own; return why some failed, by name."""
    failures: dict[str, str] = {}
    done: list[tuple[str, StudyGrades]] = []
    with _progress(len(inputs), console) as progress, ThreadPoolExecutor(1) as reader:
        for item, reading in _read_ahead(reader, inputs, settings.read):
            try:
                target = folder / item.name
                grades = _grade(item, reading.result(), engine, settings, target)
            except LumbargradeError as error:
                failures[item.name] = str(error)
                _errors().print(f"{item.name}: not graded: {error}", markup=False)
            else:
                done.append((item.name, grades))
                line = study_line(item.name, grades, engine.bundle.grading_systems)
                console.print(line, markup=False)
            progress(len(done) + len(failures))
    csv.write_all(done, failures, folder)
    return failures


def _grade(
    item: StudyInput, study: Study, engine: Engine, settings: Settings, folder: Path
) -> StudyGrades:
    graded = grade_study(study, engine, settings.predict)
    systems = engine.bundle.grading_systems
    report = _report(item, graded.grades, systems, settings)
    folder.mkdir(exist_ok=True)
    if report is not None:
        report.save_as(folder / REPORT_FILE, enforce_file_format=True)
    write_files(graded.grades, folder, pictures=graded.pictures, systems=systems)
    return graded.grades


def _report(
    item: StudyInput,
    grades: StudyGrades,
    systems: Mapping[str, GradingSystem],
    settings: Settings,
) -> Dataset | None:
    """Return the structured report, if it is wanted; it needs the headers once more."""
    if not settings.sr:
        return None
    from lumbargrade.outputs.dicom import sr as dicom_sr
    from lumbargrade.study.dicom.references import read_references

    return dicom_sr.report_of(grades, read_references(item.paths, settings.read), systems)


def _read_ahead(
    reader: ThreadPoolExecutor, inputs: Sequence[StudyInput], options: ReadOptions
) -> Iterator[tuple[StudyInput, Future[Study]]]:
    """Yield each study with its reading, while the next one is already being read."""
    coming = reader.submit(read_study, inputs[0].paths, options)
    for item, following in zip(inputs, [*inputs[1:], None], strict=True):
        current = coming
        if following is not None:
            coming = reader.submit(read_study, following.paths, options)
        yield item, current


class _Advance(Protocol):
    def __call__(self, done: int) -> None: ...


@contextmanager
def _progress(total: int, console: Console) -> Iterator[_Advance]:
    """Yield a callback that shows a bar once the run has taken a while."""
    start = time.monotonic()
    bars: list[tuple[Progress, TaskID]] = []

    def advance(done: int) -> None:
        if not bars:
            if time.monotonic() - start < PROGRESS_AFTER_S:
                return
            # A short run does not pay for the bar that it never shows.
            from rich.progress import MofNCompleteColumn, Progress, TimeRemainingColumn

            bar = Progress(
                *Progress.get_default_columns()[:2],
                MofNCompleteColumn(),
                TimeRemainingColumn(),
                console=console,
                transient=True,
            )
            bar.start()
            bars.append((bar, bar.add_task("Grading", total=total)))
        bar, task = bars[0]
        bar.update(task, completed=done)

    try:
        yield advance
    finally:
        for bar, _ in bars:
            bar.stop()
