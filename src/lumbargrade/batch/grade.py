"""Grade studies into one output folder.

The command line calls it, and so may a server: nothing is printed here, and each study is
reported to the caller as soon as it is done.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from lumbargrade.errors import LumbargradeError, StudyError
from lumbargrade.files.staging import staged
from lumbargrade.grading.finding import StudyGrades
from lumbargrade.inference.engine import Engine
from lumbargrade.inference.predict import PredictOptions, grade_study
from lumbargrade.outputs import csv, measures_csv
from lumbargrade.outputs.page import write as page
from lumbargrade.outputs.write import DEFAULT_FORMATS, write_files
from lumbargrade.study.graded import GradedStudy
from lumbargrade.study.inputs import StudyInput
from lumbargrade.study.model import Study
from lumbargrade.study.read import ReadOptions, read_study


class Watcher(Protocol):
    """Is called for each study as soon as it is done, in order and in the caller's thread."""

    def graded(self, name: str, study: GradedStudy) -> None:
        """Take the grades of a study whose files are written."""

    def failed(self, name: str, error: LumbargradeError) -> None:
        """Take the reason why one of several studies has no grades."""


@dataclass(frozen=True)
class GradeOptions:
    """How all of the studies are read, graded and written (``outputs.write.FORMATS``)."""

    read: ReadOptions = field(default_factory=ReadOptions)
    predict: PredictOptions = field(default_factory=PredictOptions)
    formats: tuple[str, ...] = DEFAULT_FORMATS


@dataclass(frozen=True)
class GradedFolder:
    """What was written: ``overview`` is the page of a single study, the table of several.

    ``failures`` says why studies could not be graded, by name.
    """

    overview: Path
    failures: Mapping[str, str] = field(default_factory=dict)


def grade_studies(
    inputs: Sequence[StudyInput],
    out: Path,
    engine: Callable[[], Engine],
    options: GradeOptions,
    watcher: Watcher,
) -> GradedFolder:
    """Grade one study into ``out``, or several into a folder each and tables of all of them.

    Raises LumbargradeError if the model or the output folder cannot be used, a single study cannot
    be graded, or none of several can.

    Parameters
    ----------
    inputs : at least one.
    out : appears when everything is written; see :func:`lumbargrade.files.staging.staged`.
    engine : gives the engine; a single study is read before it is called, so that an
        engine may be loaded meanwhile.
    """
    with staged(out, (path for one in inputs for path in one.paths)) as staging:
        if len(inputs) == 1:
            study = read_study(inputs[0].paths, options.read)
            watcher.graded(inputs[0].name, _grade(study, engine(), options, staging))
            return GradedFolder(out / page.FILE_NAME)
        failures = _grade_each(inputs, staging, engine(), options, watcher)
        if len(failures) == len(inputs):
            name, reason = next(iter(failures.items()))
            raise StudyError(
                f"none of {len(inputs)} studies could be graded, for example {name}: {reason}"
            )
    return GradedFolder(out / csv.ALL_FILE_NAME, failures)


def _grade_each(
    inputs: Sequence[StudyInput],
    folder: Path,
    engine: Engine,
    options: GradeOptions,
    watcher: Watcher,
) -> dict[str, str]:
    """Grade each study into a folder of its own; return why some failed, by name."""
    failures: dict[str, str] = {}
    done: list[tuple[str, StudyGrades]] = []
    with ThreadPoolExecutor(1) as reader:
        for item, reading in _read_ahead(reader, inputs, options.read):
            try:
                graded = _grade(reading.result(), engine, options, folder / item.name)
            except LumbargradeError as error:
                failures[item.name] = str(error)
                watcher.failed(item.name, error)
            else:
                done.append((item.name, graded.grades))
                watcher.graded(item.name, graded)
                del graded  # its pictures, before those of the next study come
    csv.write_all(done, failures, folder)
    measures_csv.write_all(done, folder)
    return failures


def _grade(study: Study, engine: Engine, options: GradeOptions, folder: Path) -> GradedStudy:
    graded = grade_study(study, engine, options.predict)
    folder.mkdir(exist_ok=True)
    try:
        written = write_files(graded, folder, options.formats)
    except LumbargradeError:
        shutil.rmtree(folder)  # a study is written whole or not at all
        raise
    return written.graded


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
