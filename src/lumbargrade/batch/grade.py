"""Grade studies into one output folder.

The command line calls it, and so may a server: nothing is printed here, and each study is
reported to the caller as soon as it is done.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
from lumbargrade.study.inputs import StudyInput, numbered
from lumbargrade.study.intake.divide import date_of
from lumbargrade.study.model import Study
from lumbargrade.study.read import ReadOptions, read_studies


class Watcher(Protocol):
    """Is called for each study as soon as it is done, in order and in the caller's thread.

    Several studies of one folder come as ``NAME-1 (study of DATE)``.
    """

    def expects(self, studies: int) -> None:
        """Take how many studies there are; called again where a folder holds several."""

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

    ``studies`` is how many were found; ``failures`` says why some could not be graded, by name.
    """

    overview: Path
    studies: int = 1
    failures: Mapping[str, str] = field(default_factory=dict)


def grade_studies(
    inputs: Sequence[StudyInput],
    out: Path,
    engine: Callable[[], Engine],
    options: GradeOptions,
    watcher: Watcher,
) -> GradedFolder:
    """Grade one study into ``out``, or several into a folder each and tables of all of them.

    A folder or zip may hold several studies. Raises LumbargradeError if the model or the output
    folder cannot be used, a single study cannot be graded, or none of several can.

    Parameters
    ----------
    inputs : at least one.
    out : appears when everything is written; see :func:`lumbargrade.files.staging.staged`.
    engine : gives the engine; a single study is read before it is called, so that an
        engine may be loaded meanwhile.
    """
    with staged(out, (path for one in inputs for path in one.paths)) as staging:
        batch = _Batch(staging, options, watcher)
        if len(inputs) == 1:
            found = read_studies(inputs[0].paths, options.read)
            watcher.expects(len(found))
            if len(found) == 1:
                watcher.graded(inputs[0].name, _grade(found[0], engine(), options, staging))
                return GradedFolder(out / page.FILE_NAME)
            batch.grade(_named(inputs[0].name, found, set()), engine())
        else:
            watcher.expects(len(inputs))
            batch.grade(_read_each(inputs, options.read, watcher), engine())
        if len(batch.failures) == batch.studies:
            name, reason = next(iter(batch.failures.items()))
            raise StudyError(
                f"none of {batch.studies} studies could be graded, for example {name}: {reason}"
            )
    return GradedFolder(out / csv.ALL_FILE_NAME, batch.studies, batch.failures)


@dataclass(frozen=True)
class _Named:
    """A study that was read, or why it could not be; ``told`` is its name for people."""

    name: str
    told: str
    study: Study | LumbargradeError


@dataclass
class _Batch:
    """Grades studies into folders of their own, and the tables of all of them."""

    folder: Path
    options: GradeOptions
    watcher: Watcher
    studies: int = 0
    failures: dict[str, str] = field(default_factory=dict)

    def grade(self, coming: Iterable[_Named], engine: Engine) -> None:
        """Grade each study; one that fails does not stop the others."""
        done: list[tuple[str, StudyGrades]] = []
        for one in coming:
            self.studies += 1
            try:
                if isinstance(one.study, LumbargradeError):
                    raise one.study
                graded = _grade(one.study, engine, self.options, self.folder / one.name)
            except LumbargradeError as error:
                self.failures[one.name] = str(error)
                self.watcher.failed(one.told, error)
            else:
                done.append((one.name, graded.grades))
                self.watcher.graded(one.told, graded)
                del graded  # its pictures, before those of the next study come
        csv.write_all(done, self.failures, self.folder)
        measures_csv.write_all(done, self.folder)


def _grade(study: Study, engine: Engine, options: GradeOptions, folder: Path) -> GradedStudy:
    graded = grade_study(study, engine, options.predict)
    folder.mkdir(exist_ok=True)
    try:
        written = write_files(graded, folder, options.formats)
    except LumbargradeError:
        shutil.rmtree(folder)  # a study is written whole or not at all
        raise
    return written.graded


def _named(name: str, found: Sequence[Study], taken: set[str]) -> Iterator[_Named]:
    """Yield the studies of one input under the names of their folders."""
    for own, study in zip(numbered(name, len(found), taken), found, strict=True):
        date = date_of(study.study_date)
        told = f"{own} (study of {date or 'no date'})" if len(found) > 1 else own
        yield _Named(own, told, study)


def _read_each(
    inputs: Sequence[StudyInput], options: ReadOptions, watcher: Watcher
) -> Iterator[_Named]:
    """Yield each study, while the next input is already being read."""
    taken, count = {one.name for one in inputs}, len(inputs)
    with ThreadPoolExecutor(1) as reader:
        for item, reading in _read_ahead(reader, inputs, options):
            try:
                found = reading.result()
            except LumbargradeError as error:
                yield _Named(item.name, item.name, error)
                continue
            if len(found) > 1:
                count += len(found) - 1
                watcher.expects(count)
            yield from _named(item.name, found, taken)


def _read_ahead(
    reader: ThreadPoolExecutor, inputs: Sequence[StudyInput], options: ReadOptions
) -> Iterator[tuple[StudyInput, Future[tuple[Study, ...]]]]:
    """Yield each input with its reading, while the next one is already being read."""
    coming = reader.submit(read_studies, inputs[0].paths, options)
    for item, following in zip(inputs, [*inputs[1:], None], strict=True):
        current = coming
        if following is not None:
            coming = reader.submit(read_studies, following.paths, options)
        yield item, current
