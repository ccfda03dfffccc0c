"""Grade studies into one output folder.

The command line calls it, and so may a server: nothing is printed here, and each study is
reported to the caller as soon as its files are in place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

from lumbargrade.batch.frame import Batch, Watcher, batch_in
from lumbargrade.batch.landing import (
    GradeOptions,
    Landed,
    Place,
    land_each,
    places,
    read_input,
    reason_of,
)
from lumbargrade.errors import LumbargradeError, StudyError
from lumbargrade.files.ledger import PRIVATE, read_ledger
from lumbargrade.files.output_folder import opened
from lumbargrade.inference.engine import Engine
from lumbargrade.outputs import csv
from lumbargrade.outputs.all_tables import write_all_tables
from lumbargrade.outputs.page import write as page
from lumbargrade.outputs.study_folder import check_for_grades, study_in
from lumbargrade.study.inputs import StudyInput
from lumbargrade.study.model import Study
from lumbargrade.study.read import read_studies

Found = tuple[Study, ...] | Landed


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

    A folder or zip may hold several studies. What other runs have written into ``out`` stays; the
    same study, graded again, replaces its own results. Each study is in place as soon as it is
    graded, and a batch that was interrupted goes on if it is called in the same way again. Raises
    LumbargradeError if the model or the output folder cannot be used, a single study cannot be
    graded, or none of several can.

    Parameters
    ----------
    inputs : at least one.
    out : see :func:`lumbargrade.files.output_folder.opened`.
    engine : gives the engine; a single study is read before it is called, so that an
        engine may be loaded meanwhile.
    """
    reading = [path for one in inputs for path in one.paths]
    with opened(out, reading, check_for_grades) as folder:
        if len(inputs) > 1:
            return _grade_all(inputs, folder, engine, options, watcher)
        (item,) = inputs
        found = _read_single(item, options)
        if len(found) > 1:
            return _grade_all(inputs, folder, engine, options, watcher, found)
        return _grade_single(item, found[0], folder, (engine(), options), watcher)


def _read_single(item: StudyInput, options: GradeOptions) -> tuple[Study, ...]:
    try:
        return read_studies(item.paths, options.read)
    except LumbargradeError:
        raise
    except Exception as error:
        raise StudyError(f"{item.name}: {reason_of(error)}") from error


def _grade_single(
    item: StudyInput,
    study: Study,
    out: Path,
    how: tuple[Engine, GradeOptions],
    watcher: Watcher,
) -> GradedFolder:
    """Grade a study into the folder itself, or into one beside what other studies have there."""
    alone = study_in(out) != "" or all(one.name == PRIVATE for one in out.iterdir())
    (one,) = land_each(item, (study,), Place(out, flat=alone), *how)
    if one.reason is not None:
        raise StudyError(one.reason)
    if not one.flat or csv.ALL_FILE_NAME in read_ledger(out).files:
        write_all_tables(out, {})
    watcher.expects(1)
    watcher.done(one)
    return GradedFolder((out if one.flat else out / one.name) / page.FILE_NAME)


def _grade_all(
    inputs: Sequence[StudyInput],
    out: Path,
    engine: Callable[[], Engine],
    options: GradeOptions,
    watcher: Watcher,
    only: tuple[Study, ...] | None = None,
) -> GradedFolder:
    """Grade studies into folders of their own, and make the tables of all.

    ``only``: those of the only input, where they are read already.
    """
    place = places(out, inputs)
    loaded = engine()
    with batch_in(out, inputs, (loaded.by, options), watcher) as batch:
        coming = _read_each(batch, options) if only is None else _read_already(batch, only)
        for item, found in coming:
            if isinstance(found, Landed):
                batch.take(item, found)
            else:
                here = replace(place(item), done=batch.done_of(item))
                batch.expect(item, len(found))
                for one in land_each(item, found, here, loaded, options):
                    batch.take(item, one)
            batch.finish(item)
    return GradedFolder(batch.overview, batch.studies, batch.failures)


def _read_already(batch: Batch, only: tuple[Study, ...]) -> Iterator[tuple[StudyInput, Found]]:
    """Yield the only input of a batch, unless it lacked its tables alone."""
    for item in batch.waiting:
        batch.begin(item)
        yield item, only


def _read_each(batch: Batch, options: GradeOptions) -> Iterator[tuple[StudyInput, Found]]:
    """Yield each input with what was read of it, while the next one is already being read."""
    inputs = batch.waiting
    if not inputs:  # an interrupted batch lacked its tables alone
        return
    with ThreadPoolExecutor(1) as reader:
        batch.begin(inputs[0])
        coming = reader.submit(read_input, inputs[0], options.read)
        for item, following in zip(inputs, [*inputs[1:], None], strict=True):
            current = coming
            if following is not None:
                batch.begin(following)
                coming = reader.submit(read_input, following, options.read)
            yield item, current.result()
